//! Locks: taken and given back, handed from task to task; beside the mutex of `async-lock` on the same executor.

use std::{future::Future, hint::black_box, rc::Rc};

use asynkit::{Executor, Priority, PriorityCondition, PriorityLock, TaskBuilder, spawn, yield_now};
use asynkit_benches::Row;
use smol::lock::Mutex;

pub(crate) fn rows() -> Vec<Row> {
    vec![alone(), handed_over(), lent(), notified()]
}

/// Runs the body in a task.
fn in_task<F: Future<Output = ()> + 'static>(body: F) {
    Executor::run(async { spawn(body).await.expect("it returns") });
}

fn alone() -> Row {
    Row::new("lock: taken and given back")
        .times("async-lock", 1.5)
        .ours(|n| {
            in_task(async move {
                let lock = black_box(Rc::new(PriorityLock::new(0_u32)));
                for i in 0..n {
                    *lock.lock().await.expect("nobody waits") = black_box(i);
                }
            });
        })
        .by("async-lock", |n| {
            in_task(async move {
                let lock = black_box(Rc::new(Mutex::new(0_u32)));
                for i in 0..n {
                    *lock.lock().await = black_box(i);
                }
            });
        })
}

/// Two tasks that hold a lock in turns: each waits while the other one holds it.
macro_rules! two {
    ($n:ident, $lock:expr, $held:ident => $guard:expr) => {
        Executor::run(async move {
            let lock = black_box(Rc::new($lock));
            let tasks = [(), ()].map(|()| {
                let lock = Rc::clone(&lock);
                spawn(async move {
                    for i in 0..$n {
                        let $held = lock.lock().await;
                        let mut guard = $guard;
                        yield_now().await;
                        *guard = black_box(i);
                        drop(guard);
                        yield_now().await;
                    }
                })
            });
            for task in tasks {
                task.await.expect("it returns");
            }
        })
    };
}

async fn take(lock: &PriorityLock<u32>) -> asynkit::PriorityGuard<'_, u32> {
    lock.lock().await.expect("there is no circle")
}

fn handed_over() -> Row {
    Row::new("lock: handed over, and two yields")
        .per_turn(2)
        .times("async-lock", 1.0)
        .ours(|n| two!(n, PriorityLock::new(0_u32), held => held.expect("there is no circle")))
        .by("async-lock", |n| two!(n, Mutex::new(0_u32), held => held))
}

/// The same where the one lends to the other, whenever it waits.
fn lent() -> Row {
    Row::new("lock: handed over to a higher priority and back, a lent one given back").ours(|n| {
        Executor::run(async move {
            let lock = black_box(Rc::new(PriorityLock::new(0_u32)));
            let inner = Rc::clone(&lock);
            let low = TaskBuilder::new(async move {
                for i in 0..n {
                    let mut guard = take(&inner).await;
                    asynkit::sleep_insert(1).await; // the high one comes to wait
                    *guard = black_box(i);
                }
            });
            let low = low.priority(Priority::LOW).spawn();
            let high = TaskBuilder::new(async move {
                for i in 0..n {
                    *take(&lock).await = black_box(i);
                    asynkit::sleep_insert(1).await; // the low one takes it
                }
            });
            high.spawn().await.expect("it returns");
            low.await.expect("it returns");
        });
    })
}

fn notified() -> Row {
    Row::new("condition: waited for, notified, locked again").ours(|n| {
        Executor::run(async move {
            let shared = black_box(Rc::new((PriorityLock::new(0_u32), PriorityCondition::new())));
            let inner = Rc::clone(&shared);
            let waits = spawn(async move {
                let (lock, condition) = &*inner;
                let mut guard = take(lock).await;
                for _ in 0..n {
                    guard = condition.wait(guard).await;
                    *guard += 1;
                }
            });
            yield_now().await;
            for _ in 0..n {
                shared.1.notify(1);
                yield_now().await;
            }
            waits.await.expect("it returns");
        });
    })
}
