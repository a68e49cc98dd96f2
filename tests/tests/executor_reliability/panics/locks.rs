//! Panics around locks and conditions: the lock goes on to the next one, and what was lent is given back.

use super::{Told, table, unwrap};
use asynkit::{
    Priority, PriorityCondition, PriorityLock, Task, TaskBuilder, current_task, sleep_insert, spawn,
};
use futures::FutureExt as _;
use std::{
    future::{Future as _, pending},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::pin,
    rc::Rc,
    task::Context,
};

type Shared = Rc<PriorityLock<()>>;

/// Lets the others run, a few times, whatever their priority.
async fn rest() {
    for _ in 0..4 {
        sleep_insert(usize::MAX).await;
    }
}

/// One of a high priority that takes the lock and gives it back.
fn urgent(lock: &Shared) -> Task<()> {
    let lock = Rc::clone(lock);
    let body = async move { drop(lock.lock().await.unwrap()) };
    TaskBuilder::new(body).priority(Priority::HIGH).spawn()
}

/// What the task that runs it has at present.
fn effective() -> Priority {
    current_task().unwrap().effective_priority()
}

#[test]
fn a_panic_of_who_holds_or_waits_for_a_lock_hands_it_on() {
    table(&[
        ("a part that holds a lock, which a more urgent task waits for", Told::Awaiter, |charge| {
            async {
                let lock = Shared::default();
                let waits = urgent(&lock);
                let guard = lock.lock().await.unwrap();
                let holds = AssertUnwindSafe(async {
                    let _guard = guard;
                    rest().await;
                    assert_eq!(effective(), Priority::HIGH);
                    charge.leaf().await;
                });
                let ended = holds.catch_unwind().await;
                assert_eq!(effective(), Priority::NORMAL, "what was lent is given back");
                waits.await.unwrap();
                assert!(!lock.is_locked() && lock.poisoned());
                ended.unwrap_or_else(|panic| resume_unwind(panic));
            }
            .boxed_local()
        }),
        ("a task that holds a lock, which more urgent tasks wait for", Told::Awaiter, |charge| {
            async {
                let lock = Shared::default();
                let inner = Rc::clone(&lock);
                let holds = spawn(async move {
                    let _guard = inner.lock().await.unwrap();
                    rest().await;
                    assert_eq!(effective(), Priority::HIGH);
                    charge.leaf().await;
                });
                sleep_insert(usize::MAX).await;
                let waiting = [urgent(&lock), urgent(&lock)];
                let ended = holds.await;
                for waits in waiting {
                    waits.await.unwrap();
                }
                assert!(!lock.is_locked() && lock.poisoned());
                unwrap(ended);
            }
            .boxed_local()
        }),
        ("what a task holds that is aborted while it waits for a lock", Told::Awaiter, |charge| {
            async {
                let lock = Shared::default();
                let guard = lock.lock().await.unwrap();
                let (value, inner) = (charge.value(), Rc::clone(&lock));
                let body = async move {
                    let _value = value;
                    drop(inner.lock().await);
                    pending::<()>().await;
                };
                let waits = TaskBuilder::new(body).priority(Priority::HIGH).spawn();
                rest().await;
                assert_eq!(effective(), Priority::HIGH);
                waits.abort();
                let ended = waits.await;
                assert_eq!(effective(), Priority::NORMAL, "what was lent is given back");
                drop(guard);
                assert!(!lock.is_locked());
                unwrap(ended);
            }
            .boxed_local()
        }),
        ("the waker of who waits for a lock", Told::Awaiter, |charge| {
            async {
                let lock = Shared::default();
                let guard = lock.lock().await.unwrap();
                let waker = charge.waker();
                let mut wait = Box::pin(lock.lock());
                assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
                drop(waker);
                let woken = catch_unwind(AssertUnwindSafe(|| drop(guard)));
                assert!(lock.is_locked(), "it was handed over");
                let next = urgent(&lock);
                rest().await;
                drop(wait);
                next.await.unwrap();
                assert!(!lock.is_locked());
                woken.unwrap_or_else(|panic| resume_unwind(panic));
            }
            .boxed_local()
        }),
    ]);
}

#[test]
fn a_panic_of_who_waits_for_a_condition_loses_neither_its_lock_nor_a_notification() {
    table(&[
        ("the predicate of who waits for a condition", Told::Awaiter, |charge| {
            async {
                let (lock, changed) = (Shared::default(), Rc::new(PriorityCondition::new()));
                let (inner, condition) = (Rc::clone(&lock), Rc::clone(&changed));
                let waits = spawn(async move {
                    let (mut charge, mut is_notified) = (Some(charge), false);
                    let guard = inner.lock().await.unwrap();
                    let is_so = |(): &mut ()| {
                        if std::mem::replace(&mut is_notified, true) {
                            charge.take().unwrap().strike();
                        }
                        false
                    };
                    drop(condition.wait_for(guard, is_so).await);
                });
                rest().await;
                changed.notify(1);
                let next = urgent(&lock);
                let ended = waits.await;
                next.await.unwrap();
                assert!(!lock.is_locked() && lock.poisoned());
                unwrap(ended);
            }
            .boxed_local()
        }),
        ("the waker of who waits for a condition", Told::Awaiter, |charge| {
            async {
                let (lock, changed) = (Shared::default(), PriorityCondition::new());
                let waker = charge.waker();
                let mut wait = pin!(changed.wait(lock.lock().await.unwrap()));
                assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
                drop(waker);
                let woken = catch_unwind(AssertUnwindSafe(|| changed.notify(1)));
                drop(wait.await);
                assert!(!lock.is_locked());
                woken.unwrap_or_else(|panic| resume_unwind(panic));
            }
            .boxed_local()
        }),
        ("one waker of all that wait for a condition", Told::Awaiter, |charge| {
            async {
                let (lock, changed) = (Shared::default(), Rc::new(PriorityCondition::new()));
                let waker = charge.waker();
                let mut wait = Box::pin(changed.wait(lock.lock().await.unwrap()));
                assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
                drop(waker);
                let (inner, condition) = (Rc::clone(&lock), Rc::clone(&changed));
                let other = spawn(async move { drop(condition.wait(inner.lock().await.unwrap()).await) });
                rest().await;
                let woken = catch_unwind(AssertUnwindSafe(|| changed.notify_all()));
                drop(wait);
                other.await.unwrap();
                assert!(!lock.is_locked());
                woken.unwrap_or_else(|panic| resume_unwind(panic));
            }
            .boxed_local()
        }),
    ]);
}
