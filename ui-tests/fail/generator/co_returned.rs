use asynkit::{Co, generator};

fn f() {
    let _generator = generator(async |co: Co<'_, u64>| co);
}

fn main() {}
