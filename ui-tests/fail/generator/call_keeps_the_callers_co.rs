use asynkit::{Co, generator};

fn f() {
    let _generator = generator(async |mut outer: Co<'_, u64>| {
        let call = outer.call(async |mut co: Co<'_, u64>| co.ayield(1).await);
        outer.ayield(2).await;
        call.await;
    });
}

fn main() {}
