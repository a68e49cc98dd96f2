//! The context is left on every way out.

use asynkit::{ContextVar, copy_context};
use futures::{executor::block_on, poll};
use smol::future::yield_now;
use std::panic::{AssertUnwindSafe, catch_unwind};

static VAR: ContextVar<u32> = ContextVar::new();

fn panics(f: impl FnOnce()) {
    assert!(catch_unwind(AssertUnwindSafe(f)).is_err());
}

#[test]
fn a_panic_in_run_leaves_the_context() {
    VAR.set(1);
    let mut context = copy_context();
    panics(|| {
        context.run(|| {
            VAR.set(2);
            panic!("in run");
        });
    });
    assert_eq!(VAR.get(), Some(1));
    assert_eq!(context.run(|| VAR.get()), Some(2), "and the context is as the panic left it");
}

#[test]
fn a_panic_in_a_poll_leaves_the_context() {
    VAR.set(1);
    let mut context = copy_context();
    panics(|| {
        block_on(context.scope(async {
            VAR.set(2);
            yield_now().await;
            panic!("in a poll");
        }));
    });
    assert_eq!(VAR.get(), Some(1));
    assert_eq!(context.run(|| VAR.get()), Some(2));
}

#[test]
fn a_panic_in_the_futures_drop_leaves_the_context() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            VAR.set(3);
            panic!("in drop");
        }
    }
    VAR.set(1);
    let mut context = copy_context();
    let mut scope = Box::pin(context.scope(async {
        let _bomb = Bomb;
        VAR.set(2);
        yield_now().await;
    }));
    assert!(block_on(async { poll!(&mut scope) }).is_pending());
    panics(|| drop(scope));
    assert_eq!(VAR.get(), Some(1));
    assert_eq!(context.run(|| VAR.get()), Some(3));
}

#[test]
fn a_panic_in_with_or_in_a_default_changes_nothing() {
    static BROKEN: ContextVar<u32> = ContextVar::new().with_default(|| panic!("no default"));
    VAR.set(1);
    panics(|| VAR.with(|_| panic!("in with")));
    panics(|| assert_eq!(BROKEN.get(), None));
    assert_eq!(VAR.get(), Some(1));
    BROKEN.set(1);
    assert_eq!(BROKEN.get(), Some(1));
}
