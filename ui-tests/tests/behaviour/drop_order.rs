//! Arguments and locals are dropped in the order of a native `async fn`.

#![allow(clippy::unused_async, reason = "what is tested is the signature")]
#![allow(clippy::toplevel_ref_arg, reason = "it is one of the patterns")]

use asynkit::{Executor, await_sync, eager, spawner::TokioLocal, syncfunction};
use std::cell::RefCell;

thread_local! {
    static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

struct D(&'static str);

impl Drop for D {
    fn drop(&mut self) {
        LOG.with_borrow_mut(|log| log.push(self.0));
    }
}

fn log_of<T>(action: impl FnOnce() -> T) -> Vec<&'static str> {
    LOG.take();
    drop(action());
    LOG.take()
}

/// The same function three times; `$($extra)*` is the attribute.
macro_rules! functions {
    ($(#[$extra:meta])* $name:ident $method:ident $owner:ident) => {
        struct $owner {
            used: D,
            _unused: D,
        }

        $(#[$extra])*
        async fn $name(used: D, _: D, _unused: D, (first, _): (D, D), mut changed: D, ref by_ref: D, early: bool) {
            let _local = D("local");
            drop(used);
            if early {
                return;
            }
            changed.0 = "changed";
            LOG.with_borrow_mut(|log| log.push("body"));
            assert_ne!(first.0, by_ref.0);
        }

        impl $owner {
            fn new() -> Self {
                $owner { used: D("self.used"), _unused: D("self.unused") }
            }

            $(#[$extra])*
            async fn $method(self, _: D, argument: D) {
                let _local = D("local");
                LOG.with_borrow_mut(|log| log.push(self.used.0));
                drop(argument);
            }
        }
    };
}

functions!(native native_method Native);
functions!(#[syncfunction] in_place in_place_method InPlace);
functions!(#[syncfunction(twin)] original original_method Original);
functions!(#[eager] eager_task eager_task_method EagerTask);
functions!(#[eager(scoped)] eager_scoped eager_scoped_method EagerScoped);
functions!(#[eager(spawn = TokioLocal)] eager_spawned eager_spawned_method EagerSpawned);

macro_rules! call {
    ($function:path, $early:expr) => {
        $function(
            D("used"),
            D("discarded"),
            D("unused"),
            (D("first"), D("second")),
            D("original"),
            D("by_ref"),
            $early,
        )
    };
}

#[test]
fn arguments_used_or_not_are_dropped_as_in_an_async_fn() {
    for early in [false, true] {
        let native = log_of(|| await_sync(call!(native, early)).unwrap());
        assert_eq!(log_of(|| call!(in_place, early).unwrap()), native);
        assert_eq!(log_of(|| call!(original_sync, early).unwrap()), native);
        Executor::run(async { assert_eq!(log_of(|| call!(eager_task, early)), native) });
        assert_eq!(log_of(|| call!(eager_scoped, early)), native);
        on_tokio(async { assert_eq!(log_of(|| call!(eager_spawned, early)), native) });
        assert_eq!(native.len(), if early { 8 } else { 9 }, "each once: {native:?}");
    }
}

#[test]
fn self_is_owned_whole_and_dropped_last() {
    let native = log_of(|| await_sync(Native::new().native_method(D("discarded"), D("argument"))).unwrap());
    assert_eq!(log_of(|| InPlace::new().in_place_method(D("discarded"), D("argument")).unwrap()), native);
    assert_eq!(
        log_of(|| Original::new().original_method_sync(D("discarded"), D("argument")).unwrap()),
        native
    );
    let arguments = || (D("discarded"), D("argument"));
    Executor::run(async {
        let (discarded, argument) = arguments();
        assert_eq!(log_of(|| EagerTask::new().eager_task_method(discarded, argument)), native);
    });
    let (discarded, argument) = arguments();
    assert_eq!(log_of(|| EagerScoped::new().eager_scoped_method(discarded, argument)), native);
    on_tokio(async {
        let (discarded, argument) = arguments();
        assert_eq!(log_of(|| EagerSpawned::new().eager_spawned_method(discarded, argument)), native);
    });
    assert_eq!(native, ["self.used", "argument", "local", "discarded", "self.used", "self.unused"]);
}

fn on_tokio(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    tokio::task::LocalSet::new().block_on(&runtime, future);
}

/// Waits with everything alive: the drive drops it all.
macro_rules! waiting {
    ($(#[$extra:meta])* $name:ident) => {
        $(#[$extra])*
        async fn $name(_: D, held: D) {
            let _local = D("local");
            std::future::pending::<()>().await;
            drop(held);
        }
    };
}

waiting!(native_waiting);
waiting!(
    #[syncfunction]
    sync_waiting
);

#[test]
fn a_drive_that_has_to_wait_drops_in_the_same_order() {
    let native = log_of(|| await_sync(native_waiting(D("discarded"), D("held"))).unwrap_err());
    assert_eq!(log_of(|| sync_waiting(D("discarded"), D("held")).unwrap_err()), native);
    assert_eq!(native, ["local", "held", "discarded"]);
}

waiting!(
    #[eager]
    eager_waiting
);
waiting!(
    #[eager(scoped)]
    scoped_waiting
);
waiting!(
    #[eager(spawn = TokioLocal)]
    spawned_waiting
);

#[test]
#[allow(clippy::async_yields_async, reason = "the tasks are looked at, not awaited")]
fn what_is_dropped_at_a_suspension_is_dropped_in_the_same_order() {
    let native = log_of(|| await_sync(native_waiting(D("discarded"), D("held"))).unwrap_err());
    assert_eq!(log_of(|| scoped_waiting(D("discarded"), D("held"))), native);
    let executor = Executor::new();
    let task = executor.block_on(async { eager_waiting(D("discarded"), D("held")) });
    assert_eq!(log_of(|| executor), native, "with its executor");
    drop(task);
    LOG.take();
    on_tokio(async {
        let task = spawned_waiting(D("discarded"), D("held"));
        assert!(asynkit::Cancellable::cancel(&task));
        LOG.take();
        assert!(task.join().await.is_err());
        assert_eq!(LOG.take(), native, "by a cancel");
    });
}
