use asynkit::{Co, generator};

fn f() {
    let mut kept = None;
    let _generator = generator(async |co: Co<'_, u64>| {
        kept = Some(co);
    });
}

fn main() {}
