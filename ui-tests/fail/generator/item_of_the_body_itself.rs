use asynkit::{Co, generator};

fn f() {
    let _generator = generator(async |mut co: Co<'_, &String>| {
        let word = String::new();
        co.ayield(&word).await;
    });
}

fn main() {}
