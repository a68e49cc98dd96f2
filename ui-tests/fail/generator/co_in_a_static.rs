use asynkit::{Co, generator};
use std::cell::Cell;

thread_local! {
    static KEPT: Cell<Option<Co<'static, u64>>> = const { Cell::new(None) };
}

fn f() {
    let _generator = generator(async |co: Co<'_, u64>| {
        KEPT.set(Some(co));
    });
}

fn main() {}
