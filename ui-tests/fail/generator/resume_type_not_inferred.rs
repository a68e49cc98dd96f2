use asynkit::{Co, generator};

fn f() {
    let _generator = generator(async |mut co: Co<'_, _, _>| {
        co.ayield(1u8).await;
    });
}

fn main() {}
