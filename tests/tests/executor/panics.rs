//! Where a panic goes: to whoever awaits, to the hook, and to nobody else.

use asynkit::{Executor, TaskError, eager, spawn, yield_now};
use asynkit_tests::{OnDrop, Trace, panic_text};
use std::{
    cell::Cell,
    future::{Future, pending, poll_fn, ready},
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
};

/// An executor whose hook writes down what it is told.
fn hooked() -> (Executor, Trace) {
    let log = Trace::new();
    let inside = log.clone();
    let hook = move |_: asynkit::TaskRef, payload: &asynkit::PanicPayload| {
        inside.log(payload.message().unwrap_or("no text"));
    };
    (Executor::builder().panic_hook(hook).build(), log)
}

#[test]
fn a_panic_that_nobody_awaits_goes_to_the_hook() {
    let (executor, log) = hooked();
    executor.block_on(async {
        drop(spawn(async { panic!("detached") }));
        let late = spawn(async { panic!("dropped after the end") });
        let seen = spawn(async { panic!("awaited") });
        drop(eager(async { panic!("eager") }));
        let waits = eager(async {
            yield_now().await;
            panic!("eager, later")
        });
        drop(waits);
        yield_now().await;
        yield_now().await;
        drop(late);
        assert!(seen.await.is_err());
    });
    assert_eq!(log.take(), "eager\ndetached\neager, later\ndropped after the end\n");
}

/// Panics when it is dropped.
struct Bad(&'static str);

impl Drop for Bad {
    fn drop(&mut self) {
        panic!("{}", self.0);
    }
}

impl Future for Bad {
    type Output = u8;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u8> {
        Poll::Ready(1)
    }
}

#[test]
fn a_future_that_panics_in_its_drop_is_its_tasks_panic() {
    Executor::run(async {
        for _ in 0..2 {
            let Err(TaskError::Panicked(payload)) = spawn(Bad("in its drop")).await else { panic!() };
            assert_eq!(payload.message(), Some("in its drop"));
        }
        let cancelled = spawn(async {
            let _on_drop = OnDrop(|| panic!("when cancelled"));
            pending::<()>().await;
        });
        yield_now().await;
        cancelled.cancel();
        let Err(TaskError::Panicked(payload)) = cancelled.await else { panic!() };
        assert_eq!(payload.message(), Some("when cancelled"));
        assert_eq!(spawn(async { 1 }).await.unwrap(), 1);
    });
}

#[test]
fn a_value_that_panics_in_its_drop_with_nobody_awaiting_goes_to_the_hook() {
    let (executor, log) = hooked();
    executor.block_on(async {
        drop(spawn(ready(Bad("nobody wants it"))));
        yield_now().await;
        assert_eq!(spawn(async { 1 }).await.unwrap(), 1);
    });
    assert_eq!(log.take(), "nobody wants it\n");
}

struct BadWaker;

impl Wake for BadWaker {
    fn wake(self: Arc<Self>) {
        panic!("a waker");
    }
}

#[test]
fn a_waker_that_panics_at_a_tasks_end_loses_nobody_else() {
    let (executor, log) = hooked();
    executor.block_on(async {
        let mut task = spawn(yield_now());
        poll_fn(|_| {
            let waker = Waker::from(Arc::new(BadWaker));
            assert!(Pin::new(&mut task).poll(&mut Context::from_waker(&waker)).is_pending());
            Poll::Ready(())
        })
        .await;
        for _ in 0..3 {
            yield_now().await;
        }
        task.await.unwrap();
    });
    assert_eq!(log.take(), "a waker\n");
}

#[test]
fn a_hook_that_panics_is_survived() {
    let executor = Executor::builder().panic_hook(|_, _| panic!("the hook")).build();
    executor.block_on(async {
        drop(spawn(async { panic!("detached") }));
        yield_now().await;
        assert_eq!(spawn(async { 1 }).await.unwrap(), 1);
    });
}

#[test]
fn a_factory_that_panics_panics_in_the_caller() {
    let executor = Executor::builder().task_factory(|_| panic!("the factory")).build();
    executor.block_on(async {
        assert_eq!(panic_text(|| spawn(async {})), "the factory");
    });
}

#[test]
fn a_panic_in_an_eager_part_leaves_the_parent_where_it_was() {
    Executor::run(async {
        let me = asynkit::current_task();
        let dropped = Rc::new(Cell::new(0));
        let held = Rc::clone(&dropped);
        let child = eager(async move {
            let _on_drop = OnDrop(move || held.set(held.get() + 1));
            panic!("early");
        });
        assert_eq!((asynkit::current_task(), dropped.get()), (me, 1));
        let Err(TaskError::Panicked(payload)) = child.join().await else { panic!() };
        assert_eq!(payload.message(), Some("early"));
    });
}

#[test]
fn an_eager_panic_goes_on_in_the_awaiter() {
    let text = panic_text(|| {
        Executor::run(async {
            eager(async {
                yield_now().await;
                panic!("later")
            })
            .await;
        });
    });
    assert_eq!(text, "later");
}
