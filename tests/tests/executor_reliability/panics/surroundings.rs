//! Panics of what lies around tasks: wakers, timers, values, callbacks, factories, hooks, roots, the end.

use super::{Charge, Told, Valuable, table};
use asynkit::{ContextVar, Executor, TaskError, call_soon, executor::Sleep, sleep, spawn, yield_now};
use asynkit_tests::OnDrop;
use futures::FutureExt as _;
use std::{
    cell::Cell,
    future::{Future as _, pending, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::{Pin, pin},
    rc::Rc,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

/// Lets the others run, a few times.
async fn rest() {
    for _ in 0..4 {
        yield_now().await;
    }
}

/// A closure that panics when it is called for the first time.
fn once(charge: Charge) -> impl Fn() {
    let charge = Cell::new(Some(charge));
    move || {
        if let Some(charge) = charge.take() {
            charge.strike();
        }
    }
}

/// Waits until it has fired; if it never does, the table says so.
async fn until(fired: &AtomicU32) {
    for _ in 0..10_000 {
        if fired.load(Ordering::Relaxed) > 0 {
            return;
        }
        sleep(Duration::from_millis(1)).await;
    }
}

/// A sleep that wakes this waker, and how long it is: longer where the machine is so slow that it is over at once.
fn waits(waker: &Waker, ms: u64) -> (Pin<Box<Sleep>>, Duration) {
    for factor in [1, 10, 100, 1000] {
        let time = Duration::from_millis(ms * factor);
        let mut early = Box::pin(sleep(time));
        if early.as_mut().poll(&mut Context::from_waker(waker)).is_pending() {
            return (early, time);
        }
    }
    panic!("a sleep of {ms} s was over before it was polled");
}

#[test]
fn a_panic_of_what_is_woken_or_dropped_at_a_tasks_end_goes_to_the_hook() {
    table(&[
        ("the waker of who awaits a task", Told::Hook, |charge| {
            async {
                let mut task = spawn(yield_now());
                let waker = charge.waker();
                assert!(Pin::new(&mut task).poll(&mut Context::from_waker(&waker)).is_pending());
                drop(waker);
                rest().await;
                task.await.unwrap();
            }
            .boxed_local()
        }),
        ("the waker of a deadline", Told::Hook, |charge| {
            async {
                let fired = Arc::clone(&charge.fired);
                let (_early, _time) = waits(&charge.waker(), 100);
                until(&fired).await;
            }
            .boxed_local()
        }),
        ("the waker of a deadline beside another that is as due", Told::Hook, |charge| {
            async {
                let fired = Arc::clone(&charge.fired);
                let (_early, time) = waits(&charge.waker(), 5);
                let late = spawn(sleep(time));
                yield_now().await;
                std::thread::sleep(time * 4);
                late.await.unwrap();
                until(&fired).await;
            }
            .boxed_local()
        }),
        ("the value that nobody awaits", Told::Hook, |charge| {
            async {
                drop(spawn(async { charge.value() }));
                rest().await;
            }
            .boxed_local()
        }),
        ("the value that nobody takes", Told::Awaiter, |charge| {
            async {
                let task = spawn(async { charge.value() });
                rest().await;
                drop(task);
            }
            .boxed_local()
        }),
        ("the value of a variable", Told::Hook, |charge| {
            static VAR: ContextVar<Arc<Mutex<Valuable>>> = ContextVar::new();
            async {
                let value = Arc::new(Mutex::new(charge.value()));
                drop(spawn(async move {
                    let _token = VAR.set(value);
                    yield_now().await;
                }));
                rest().await;
            }
            .boxed_local()
        }),
        ("a callback", Told::Hook, |charge| {
            async {
                call_soon(|| charge.strike());
                rest().await;
            }
            .boxed_local()
        }),
        ("what a callback holds that is not called", Told::Place, |charge| {
            async {
                let inner = quiet();
                let value = charge.value();
                inner
                    .run_until(async {
                        call_soon(move || drop(value));
                    })
                    .await;
                drop(inner);
            }
            .boxed_local()
        }),
    ]);
}

/// An executor inside of the other one, whose panics are not printed.
fn quiet() -> Executor {
    Executor::builder().panic_hook(|_, _| {}).build()
}

#[test]
fn a_panic_of_what_an_executor_is_made_of_leaves_it_usable() {
    table(&[
        ("the factory", Told::Awaiter, |charge| {
            async {
                let strikes = once(charge);
                let factory = move |spec| {
                    strikes();
                    spec
                };
                let inner = Executor::builder().task_factory(factory).build();
                let spawned = catch_unwind(AssertUnwindSafe(|| inner.spawn(async {})));
                inner.run_until(async { spawn(async {}).await.unwrap() }).await;
                spawned.unwrap_or_else(|panic| resume_unwind(panic)).await.unwrap();
            }
            .boxed_local()
        }),
        ("the hook", Told::Place, |charge| {
            async {
                let strikes = once(charge);
                let inner = Executor::builder().panic_hook(move |_, _| strikes()).build();
                drop(inner.spawn(async { resume_unwind(Box::new("first")) }));
                inner.run_until(rest()).await;
                inner.run_until(async { spawn(async {}).await.unwrap() }).await;
            }
            .boxed_local()
        }),
        ("a root that is left where it waits", Told::Awaiter, |charge| {
            async {
                let inner = Executor::new();
                let value = charge.value();
                let mut run = Box::pin(inner.run_until(async {
                    let _value = value;
                    pending::<()>().await;
                }));
                poll_fn(|cx| Poll::Ready(run.as_mut().poll(cx).is_pending())).await;
                let left = catch_unwind(AssertUnwindSafe(|| drop(run)));
                inner.run_until(async { spawn(async {}).await.unwrap() }).await;
                left.unwrap_or_else(|panic| resume_unwind(panic));
            }
            .boxed_local()
        }),
        ("a root", Told::Awaiter, |charge| {
            async {
                let inner = Executor::new();
                let works = AssertUnwindSafe(inner.run_until(charge.leaf())).catch_unwind().await;
                inner.run_until(async { spawn(async {}).await.unwrap() }).await;
                works.unwrap_or_else(|panic| resume_unwind(panic));
            }
            .boxed_local()
        }),
        ("the driver's waker", Told::Awaiter, |charge| {
            async {
                let inner = Executor::new();
                let waker = charge.waker();
                let mut run = pin!(inner.run_until(pending::<()>()));
                assert!(run.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
                drop(waker);
                let woken = catch_unwind(AssertUnwindSafe(|| inner.spawn(async { 1 })));
                assert!(run.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
                woken.map_or_else(|panic| resume_unwind(panic), drop);
            }
            .boxed_local()
        }),
    ]);
}

#[test]
fn a_panic_of_what_is_dropped_with_an_executor_leaves_the_rest_usable() {
    table(&[
        ("a task that is dropped with its executor", Told::Place, |charge| {
            async {
                let told = Rc::new(Cell::new(0));
                let counted = Rc::clone(&told);
                let inner =
                    Executor::builder().panic_hook(move |_, _| counted.set(counted.get() + 1)).build();
                let value = charge.value();
                drop(inner.spawn(async {
                    let _value = value;
                    pending::<()>().await;
                }));
                let other = inner.spawn(pending::<()>());
                inner.run_until(yield_now()).await;
                drop(inner);
                assert_eq!(told.get(), 1);
                assert!(matches!(other.await, Err(TaskError::Cancelled)));
            }
            .boxed_local()
        }),
        ("what a task that was sent holds when its executor ends", Told::Place, |charge| {
            async {
                let inner = quiet();
                let value = Mutex::new(charge.value());
                let task = inner
                    .remote()
                    .spawn(move || async move {
                        drop(value);
                    })
                    .unwrap();
                drop(inner);
                assert!(matches!(task.await, Err(TaskError::Cancelled)));
            }
            .boxed_local()
        }),
        ("a waker of who awaits, on a task that is dropped with its executor", Told::Place, |charge| {
            async {
                let inner = quiet();
                let mut task = inner.spawn(async {
                    let _held = OnDrop(|| ());
                    pending::<()>().await;
                });
                let waker = charge.waker();
                assert!(Pin::new(&mut task).poll(&mut Context::from_waker(&waker)).is_pending());
                drop(waker);
                drop(inner);
                assert!(matches!(task.await, Err(TaskError::Cancelled)));
            }
            .boxed_local()
        }),
    ]);
}
