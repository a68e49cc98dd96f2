use asynkit::{Co, generator};

fn f() {
    let _outer = generator(async |mut outer: Co<'_, u64>| {
        let inner = generator(async |mut inner: Co<'_, u64>| {
            std::mem::swap(&mut outer, &mut inner);
        });
        drop(inner);
    });
}

fn main() {}
