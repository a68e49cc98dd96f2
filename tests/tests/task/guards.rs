//! Guards that cancel.

use asynkit::{Cancellable, Executor, cancelling, eager_ctx, spawn, yield_now};
use asynkit_tests::point;
use std::{
    cell::Cell,
    future::pending,
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
};

#[test]
fn the_target_is_cancelled_however_the_scope_ends() {
    Executor::run(async {
        let told = Rc::new(Cell::new(0));
        let task = || {
            let told = Rc::clone(&told);
            spawn(async move {
                if point().await.is_err() {
                    told.set(told.get() + 1);
                }
            })
        };
        let (returned, unwound, awaited) = (task(), task(), task());
        let references = [*returned, *unwound, *awaited];
        yield_now().await;
        {
            let _guard = cancelling(returned);
        }
        let caught = catch_unwind(AssertUnwindSafe(|| {
            let _guard = cancelling(unwound);
            panic!("out of the scope");
        }));
        assert!(caught.is_err());
        async {
            let _guard = cancelling(awaited);
            yield_now().await;
        }
        .await;
        yield_now().await;
        assert!(references.iter().all(asynkit::TaskRef::is_finished));
        assert_eq!(told.get(), 3);
    });
}

#[test]
fn a_guard_awaits_and_derefs_to_its_target() {
    Executor::run(async {
        let mut guard = cancelling(spawn(async { 1 }));
        assert!(!guard.is_finished());
        assert_eq!((&mut guard).await.unwrap(), 1);
        assert_eq!(eager_ctx(async { 3 }).await, 3);
    });
}

struct Flag(Rc<Cell<bool>>);

impl Cancellable for Flag {
    fn cancel(&self) -> bool {
        !self.0.replace(true)
    }
}

#[test]
fn anything_can_be_cancelled() {
    let flag = Rc::new(Cell::new(false));
    drop(cancelling(Flag(Rc::clone(&flag))));
    assert!(flag.get());
    assert!(!Flag(flag).is_finished(), "not known");
}

#[test]
fn a_finished_target_stays_as_it_is() {
    Executor::run(async {
        let mut task = spawn(async { 1 });
        yield_now().await;
        {
            let guard = cancelling(spawn(pending::<()>()));
            assert!(!guard.is_finished());
        }
        assert_eq!((&mut task).await.unwrap(), 1);
        drop(cancelling(task));
    });
}
