use asynkit::{Co, generator};

fn f() {
    let _generator = generator(async |mut co: Co<'_, u64>| {
        futures::join!(async { co.ayield(1).await }, async { co.ayield(2).await });
    });
}

fn main() {}
