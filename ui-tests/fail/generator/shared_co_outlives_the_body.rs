use asynkit::{Co, generator, generator::SharedCo};
use std::cell::RefCell;

fn f() {
    let kept = RefCell::new(None::<SharedCo<'_, u64>>);
    let _generator = generator(async |mut co: Co<'_, u64>| {
        *kept.borrow_mut() = Some(co.share());
    });
}

fn main() {}
