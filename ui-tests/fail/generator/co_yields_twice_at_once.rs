use asynkit::{Co, generator};

fn f() {
    let _generator = generator(async |mut co: Co<'_, u64>| {
        futures::join!(co.ayield(1), co.ayield(2));
    });
}

fn main() {}
