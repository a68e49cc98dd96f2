//! A panic at each place around a task: it is its task's alone, what the task holds is dropped once, the others go on.

use asynkit::{ContextVar, Executor, Remote, TaskRef, eager, spawn, yield_now};
use asynkit_tests::OnDrop;
use std::{
    cell::Cell,
    future::{Future, pending},
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
    sync::Arc,
    task::{Context, Wake, Waker},
};

struct PanicsOnWake;

impl Wake for PanicsOnWake {
    fn wake(self: Arc<Self>) {
        panic!("planted: the waker");
    }
}

/// What the task that panics holds; it is to be dropped with it.
type Held = OnDrop<Box<dyn FnMut()>>;

/// Has a task panic there.
type Place = fn(Held);

/// A value that panics where it is dropped.
type Panics = OnDrop<fn()>;

const PLACES: [(&str, Place); 9] = [
    ("first poll", |held| {
        drop(spawn(async move {
            let _held = held;
            panic!("planted");
        }));
    }),
    ("later poll", |held| {
        drop(spawn(async move {
            let _held = held;
            yield_now().await;
            panic!("planted");
        }));
    }),
    ("drop after the end", |held| {
        drop(spawn(async move {
            let _held = held;
            let _panics = OnDrop(|| panic!("planted"));
        }));
    }),
    ("drop by a cancel", |held| {
        let task = spawn(async move {
            let _held = held;
            let _panics = OnDrop(|| panic!("planted"));
            pending::<()>().await;
        });
        task.cancel();
    }),
    ("drop of the value", |held| {
        drop(spawn(async move {
            let _held = held;
            OnDrop(|| panic!("planted"))
        }));
    }),
    ("waker of who awaits", |held| {
        let mut task = Box::pin(spawn(async move {
            let _held = held;
            yield_now().await;
        }));
        let waker = Waker::from(Arc::new(PanicsOnWake));
        assert!(task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        drop(spawn(async move {
            yield_now().await;
            yield_now().await;
            drop(task);
        }));
    }),
    ("value of a context", |held| {
        static VAR: ContextVar<Arc<Panics>> = ContextVar::new();
        drop(spawn(async move {
            let _held = held;
            let _token = VAR.set(Arc::new(OnDrop(|| panic!("planted"))));
            yield_now().await;
        }));
    }),
    ("eager part", |held| {
        drop(eager(async move {
            let _held = held;
            panic!("planted");
        }));
    }),
    ("closure of a remote", |held| {
        let task = Remote::current().unwrap().spawn(|| -> std::future::Ready<()> { panic!("planted") });
        drop(spawn(async move {
            let _held = held;
            assert!(task.unwrap().await.is_err());
        }));
    }),
];

#[test]
fn a_panic_at_any_place_is_its_tasks_alone() {
    for hook_panics in [false, true] {
        for (name, place) in PLACES {
            let drops = Rc::new(Cell::new(0));
            let counted = Rc::clone(&drops);
            let executor = Executor::builder()
                .panic_hook(move |_: TaskRef, _: &asynkit::PanicPayload| {
                    assert!(!hook_panics, "planted: the hook");
                })
                .build();
            let held: Held = OnDrop(Box::new(move || counted.set(counted.get() + 1)));
            let others = executor.block_on(async move {
                let other = spawn(async {
                    for _ in 0..10 {
                        yield_now().await;
                    }
                    7
                });
                place(held);
                other.await.unwrap()
            });
            assert_eq!((others, drops.get()), (7, 1), "{name}, the hook panics: {hook_panics}");
            assert_eq!(executor.block_on(async { spawn(async { 8 }).await.unwrap() }), 8, "{name}");
            let ended = catch_unwind(AssertUnwindSafe(|| drop(executor)));
            assert!(ended.is_ok(), "{name}: the end of the executor is quiet");
        }
    }
}
