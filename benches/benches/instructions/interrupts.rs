//! Errors on their way into tasks, clean-up, and timeouts.

use std::{
    error::Error,
    fmt,
    future::{Future, pending, ready},
    hint::black_box,
    pin::{Pin, pin},
    time::Duration,
};

use asynkit::{
    Executor, InterruptExt as _, InterruptKind, spawn, task_interrupt, task_throw, task_timeout, throw_when,
    yield_now,
};
use asynkit_benches::Row;

use crate::util::{After, NEVER, boxed, context};

/// A message, as a program would throw it.
#[derive(Debug)]
struct Reload(u64);

impl fmt::Display for Reload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "reload {}", self.0)
    }
}

impl Error for Reload {}

/// A message that says all by its type, so that its box is no allocation.
#[derive(Debug)]
struct Flush;

impl fmt::Display for Flush {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("flush")
    }
}

impl Error for Flush {}

const LONG: Duration = Duration::from_secs(3600);

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("throw into a task and switch to it, there and back")
            .ours(|n| {
                told(|worker| async move {
                    for i in 0..n {
                        task_interrupt(&worker, Reload(i.into())).await.expect("it waits");
                    }
                });
            })
            .at_most_hoped(1000.0, 820.0)
            .by("task_throw and yield_now", |n| {
                told(|worker| async move {
                    for i in 0..n {
                        task_throw(&worker, Reload(i.into())).expect("it waits");
                        yield_now().await;
                    }
                });
            }),
        throw_of_no_bytes(),
        Row::new("clean-up: poll in a scope that is being stopped")
            .ours(|n| {
                let body = boxed(async {
                    let _stop = pending::<()>().interruptible().await;
                    NEVER.await
                });
                poll(n, pin!(throw_when(ready(()), InterruptKind::Cancel, body)));
            })
            .at_most(100.0),
        Row::new("clean-up: turn of a task that was cancelled")
            .ours(|n| {
                Executor::run(async move {
                    let task = spawn(async move {
                        let _stop = pending::<()>().interruptible().await;
                        for _ in 0..n {
                            yield_now().await;
                        }
                    });
                    yield_now().await;
                    task.cancel();
                    task.await.expect("it returns");
                });
            })
            .by("not cancelled", |n| {
                Executor::run(async move {
                    let task = spawn(async move {
                        for _ in 0..n {
                            yield_now().await;
                        }
                    });
                    task.await.expect("it returns");
                });
            }),
        Row::new("timeout: a ready body")
            .ours(|n| {
                Executor::run(async move {
                    for _ in 0..n {
                        let _ = black_box(task_timeout(black_box(LONG), After(black_box(0))).await);
                    }
                });
            })
            .times("tokio timeout", 1.2)
            .by("tokio timeout", |n| {
                tokio_runtime().block_on(async move {
                    for _ in 0..n {
                        let body = After(black_box(0));
                        let _ = black_box(tokio::time::timeout(black_box(LONG), body).await);
                    }
                });
            }),
        Row::new("timeout: a body that yields once")
            .ours(|n| {
                Executor::run(async move {
                    for _ in 0..n {
                        let _ = black_box(task_timeout(black_box(LONG), yield_now()).await);
                    }
                });
            })
            .by("tokio timeout", |n| {
                tokio_runtime().block_on(async move {
                    for _ in 0..n {
                        let _ = black_box(tokio::time::timeout(black_box(LONG), yield_now()).await);
                    }
                });
            }),
        Row::new("timeout: poll of a pending body")
            .ours(|n| {
                Executor::run(async move { poll(n, pin!(task_timeout(LONG, boxed(NEVER)))) });
            })
            .by("tokio timeout", |n| {
                tokio_runtime().block_on(async move {
                    poll(n, pin!(tokio::time::timeout(LONG, boxed(NEVER))));
                });
            }),
    ]
}

fn throw_of_no_bytes() -> Row {
    Row::new("throw into a task and switch to it, an error of no bytes")
        .ours(|n| {
            told(|worker| async move {
                for _ in 0..n {
                    task_interrupt(&worker, Flush).await.expect("it waits");
                }
            });
        })
        .by("task_throw and yield_now", |n| {
            told(|worker| async move {
                for _ in 0..n {
                    task_throw(&worker, Flush).expect("it waits");
                    yield_now().await;
                }
            });
        })
}

/// Runs `throws` with a task that answers each error by waiting for the next.
fn told<F: Future<Output = ()> + 'static>(throws: impl FnOnce(asynkit::TaskRef) -> F) {
    Executor::run(async move {
        let worker = spawn(async {
            let mut told = 0_u64;
            while let Err(error) = pending::<()>().interruptible().await {
                told += error.downcast_ref().map_or(0, |&Reload(n)| n);
                black_box(told);
            }
        });
        yield_now().await;
        spawn(throws(*worker)).await.expect("it does not panic");
    });
}

fn tokio_runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime with a clock")
}

fn poll<F: Future + ?Sized>(n: u32, mut future: Pin<&mut F>) {
    let mut cx = context();
    let mut pending = 0_u32;
    for _ in 0..n {
        pending += u32::from(future.as_mut().poll(&mut cx).is_pending());
    }
    black_box(pending);
}
