use asynkit::{Co, generator};

fn f() {
    let _generator = generator(async |mut co: Co<'_, u64>| co.ayield(1));
}

fn main() {}
