use asynkit::{Co, generator};

fn f() {
    let _generator = generator(async |mut co: Co<'_, u64>| {
        let items = vec![1, 2];
        co.call(async |mut co: Co<'_, u64>| {
            for item in &items {
                co.ayield(*item).await;
            }
        })
        .await;
    });
}

fn main() {}
