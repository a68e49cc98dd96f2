//! What a holder inherits, and that it is given back exactly.

use crate::{at, settle, shared, task};
use asynkit::{
    Executor, InterruptExt as _, Priority, PriorityLock, Task, current_task, sleep_insert, spawn,
    task_interrupt, task_switch, task_timeout, yield_now,
};
use asynkit_tests::{OnDrop, Trace};
use std::{cell::Cell, future::pending, rc::Rc, time::Duration};

type Shared = Rc<PriorityLock<()>>;

/// A task that takes locks one after the other, and then waits until it is aborted.
fn holder(name: &str, priority: f64, locks: &[&Shared]) -> Task<()> {
    let locks: Vec<_> = locks.iter().map(|lock| Rc::clone(lock)).collect();
    task(name, priority, async move {
        let mut guards = Vec::new();
        for lock in &locks {
            guards.push(lock.lock().await.unwrap());
        }
        pending::<()>().await;
    })
}

#[test]
fn a_chain_of_holders_inherits_and_gives_back() {
    Executor::run(async {
        let locks: Vec<_> = (0..64).map(|_| shared(())).collect();
        let mut chain = vec![holder("0", 100.0, &[&locks[0]])];
        settle().await;
        for n in 1..64 {
            // Each holds one, and waits for the one before.
            let priority = 100.0 - f64::from(u32::try_from(n).unwrap()) / 64.0;
            chain.push(holder("n", priority, &[&locks[n], &locks[n - 1]]));
            settle().await;
        }
        let base: Vec<_> = chain.iter().map(|task| task.priority()).collect();
        // Without anybody urgent, each is lent by the next ones.
        assert_eq!(chain[0].effective_priority(), chain[63].priority());
        let urgent = holder("urgent", -7.0, &[&locks[63]]);
        settle().await;
        for task in &chain {
            assert_eq!(task.effective_priority(), at(-7.0));
        }
        urgent.set_priority(at(-8.0));
        assert!(chain.iter().all(|task| task.effective_priority() == at(-8.0)));
        urgent.set_priority(at(99.5));
        assert_eq!(chain[63].effective_priority(), chain[63].priority());
        assert_eq!(chain[0].effective_priority(), chain[63].priority());
        urgent.set_priority(at(-9.0));
        urgent.abort();
        settle().await;
        assert_eq!(chain[0].effective_priority(), chain[63].priority());
        // Cut in the middle: what is above lends no more to what is below.
        chain[32].abort();
        settle().await;
        assert_eq!(chain[0].effective_priority(), chain[31].priority());
        assert_eq!(chain[33].effective_priority(), chain[63].priority());
        assert_eq!(
            base,
            chain
                .iter()
                .enumerate()
                .map(|(n, task)| if n == 32 { base[32] } else { task.priority() })
                .collect::<Vec<_>>()
        );
        for task in &chain {
            task.abort();
        }
        settle().await;
        assert!(locks.iter().all(|lock| !lock.is_locked()));
    });
}

#[test]
fn a_holder_of_several_locks_inherits_the_best_of_all_and_keeps_the_rest() {
    Executor::run(async {
        let locks = [shared(()), shared(()), shared(())];
        let me = current_task().unwrap();
        let mut guards = Vec::new();
        for lock in &locks {
            guards.push(lock.lock().await.unwrap());
        }
        let waiting: Vec<_> =
            [-1.0, -3.0, -2.0].iter().zip(&locks).map(|(&p, lock)| holder("w", p, &[lock])).collect();
        settle().await;
        assert_eq!(me.effective_priority(), at(-3.0));
        drop(guards.remove(1));
        assert_eq!(me.effective_priority(), at(-2.0));
        drop(guards.remove(0));
        assert_eq!(me.effective_priority(), at(-2.0));
        drop(guards);
        assert_eq!(me.effective_priority(), Priority::NORMAL);
        settle().await;
        for task in waiting {
            assert_eq!(task.effective_priority(), task.priority());
        }
    });
}

#[test]
fn the_next_holder_inherits_from_those_that_still_wait() {
    Executor::run(async {
        let lock = shared(());
        let guard = lock.lock().await.unwrap();
        let early = holder("early", 4.0, &[&lock]);
        settle().await;
        drop(guard);
        let late = holder("late", -4.0, &[&lock]);
        settle().await;
        assert_eq!(early.effective_priority(), at(-4.0));
        early.abort();
        settle().await;
        assert_eq!(late.effective_priority(), at(-4.0));
        assert!(lock.is_locked());
    });
}

#[test]
fn its_own_priority_changes_below_what_it_is_lent() {
    Executor::run(async {
        let lock = shared(());
        let low = holder("low", 8.0, &[&lock]);
        settle().await;
        let high = holder("high", -2.0, &[&lock]);
        settle().await;
        low.set_priority(at(5.0));
        assert_eq!((low.priority(), low.effective_priority()), (at(5.0), at(-2.0)));
        low.set_priority(at(-6.0));
        assert_eq!((low.priority(), low.effective_priority()), (at(-6.0), at(-6.0)));
        low.set_priority(at(7.0));
        assert_eq!(low.effective_priority(), at(-2.0));
        high.abort();
        settle().await;
        assert_eq!((low.priority(), low.effective_priority()), (at(7.0), at(7.0)));
    });
}

#[test]
fn one_of_the_same_priority_lends_it_too() {
    Executor::run(async {
        let lock = shared(());
        let holds = holder("holds", 0.0, &[&lock]);
        settle().await;
        let _waits = holder("waits", 0.0, &[&lock]);
        settle().await;
        holds.set_priority(at(5.0));
        assert_eq!(holds.effective_priority(), at(0.0));
    });
}

#[test]
fn a_holder_that_is_ready_moves_up_in_the_queue() {
    for is_urgent in [false, true] {
        let log = Trace::new();
        Executor::run(async {
            let lock = shared(());
            let (inner, trace) = (Rc::clone(&lock), log.clone());
            let low = task("low", 5.0, async move {
                let _guard = inner.lock().await.unwrap();
                sleep_insert(usize::MAX).await;
                pending::<()>().interruptible().await.unwrap_err();
                trace.log("low");
            });
            settle().await;
            let trace = log.clone();
            let medium = task("medium", 0.0, async move { trace.log("medium") });
            low.cancel(); // it is ready now, and comes last
            let trace = log.clone();
            let high = if is_urgent {
                Some(task("high", -5.0, async move {
                    let _guard = lock.lock().await.unwrap();
                    trace.log("high");
                }))
            } else {
                None
            };
            let _ = low.await;
            let _ = medium.await;
            if let Some(high) = high {
                high.await.unwrap();
            }
        });
        let expected = if is_urgent { "low\nhigh\nmedium\n" } else { "medium\nlow\n" };
        assert_eq!(log.take(), expected);
    }
}

#[test]
fn the_inversion_lasts_no_longer_than_the_hold() {
    // Classic: low holds, medium has much to do, high waits.
    let log = Trace::new();
    Executor::run(async {
        let lock = shared(());
        let (inner, trace) = (Rc::clone(&lock), log.clone());
        let low = task("low", 5.0, async move {
            let guard = inner.lock().await.unwrap();
            for _ in 0..3 {
                trace.log("low holds");
                yield_now().await;
            }
            drop(guard);
            trace.log("low goes on");
            yield_now().await;
            trace.log("low ends");
        });
        task_switch(&low, None).await.unwrap(); // low holds it
        let trace = log.clone();
        let medium = task("medium", 0.0, async move {
            for _ in 0..3 {
                trace.log("medium");
                yield_now().await;
            }
        });
        let trace = log.clone();
        let high = task("high", -5.0, async move {
            let _guard = lock.lock().await.unwrap();
            trace.log("high");
        });
        for task in [high, medium, low] {
            task.await.unwrap();
        }
    });
    assert_eq!(
        log.take(),
        "low holds\nlow holds\nlow holds\nlow goes on\nhigh\nmedium\nmedium\nmedium\nlow ends\n"
    );
}

/// How a wait, or its task, ends.
type End = fn(&Task<()>);

/// Each end of a wait, and whether the task is told of it by an interrupt point.
const ENDS: [(&str, End); 3] = [
    ("cancel", |task| assert!(task.cancel())),
    ("abort", |task| assert!(task.abort())),
    ("throw", |task| asynkit::task_throw(task, "go").unwrap()),
];

#[test]
fn what_a_waiter_lends_is_given_back_however_its_wait_ends() {
    for (name, end) in ENDS {
        for is_point in [false, true] {
            Executor::run(async {
                let lock = shared(());
                let me = current_task().unwrap();
                let guard = lock.lock().await.unwrap();
                let inner = Rc::clone(&lock);
                let waiter = task("w", -5.0, async move {
                    if is_point {
                        drop(inner.lock().interruptible().await);
                    } else {
                        drop(inner.lock().await);
                    }
                });
                settle().await;
                assert_eq!(me.effective_priority(), at(-5.0), "{name}");
                end(&waiter);
                settle().await;
                assert!(waiter.is_finished());
                assert_eq!(me.effective_priority(), Priority::NORMAL, "{name}");
                assert_eq!(lock.effective_priority(), None);
                drop(guard);
                assert!(!lock.is_locked());
            });
        }
    }
}

#[test]
fn what_a_waiter_lends_is_given_back_by_a_timeout_and_by_a_panic() {
    Executor::run(async {
        let lock = shared(());
        let me = current_task().unwrap();
        let guard = lock.lock().await.unwrap();
        let inner = Rc::clone(&lock);
        let late = task("late", -5.0, async move {
            task_timeout(Duration::ZERO, inner.lock()).await.map(drop).unwrap_err();
        });
        settle().await;
        late.await.unwrap();
        assert_eq!(me.effective_priority(), Priority::NORMAL);
        let inner = Rc::clone(&lock);
        let panics = task("panics", -5.0, async move {
            futures::join!(inner.lock(), async {
                yield_now().await;
                yield_now().await;
                panic!("meanwhile");
            })
            .0
            .map(drop)
        });
        settle().await;
        assert!(panics.await.is_err());
        assert_eq!(me.effective_priority(), Priority::NORMAL);
        drop(guard);
        assert!(!lock.is_locked() && !lock.poisoned());
    });
}

#[test]
fn what_a_holder_inherits_ends_however_its_hold_ends() {
    for (name, end) in ENDS {
        Executor::run(async {
            let lock = shared(());
            let holds = holder("holds", 5.0, &[&lock]);
            settle().await;
            let inner = Rc::clone(&lock);
            let waits = task("waits", -5.0, async move { drop(inner.lock().await.unwrap()) });
            settle().await;
            assert_eq!(holds.effective_priority(), at(-5.0), "{name}");
            end(&holds);
            waits.await.unwrap();
            assert!(!lock.is_locked());
        });
    }
}

#[test]
fn a_lock_that_was_handed_to_one_that_ends_goes_to_the_next() {
    for (name, end) in ENDS {
        Executor::run(async {
            let lock = shared(());
            let guard = lock.lock().await.unwrap();
            let got = Rc::new(Cell::new(false));
            let [first, second] = [-2.0, -1.0].map(|priority| {
                let (lock, got) = (Rc::clone(&lock), Rc::clone(&got));
                task("w", priority, async move {
                    let _guard = lock.lock().await.unwrap();
                    got.set(true);
                })
            });
            settle().await;
            drop(guard);
            end(&first);
            assert!(lock.is_locked());
            let first = first.await;
            // What is ready wins, unless it is dropped without a poll.
            assert_eq!(first.is_ok(), name != "abort", "{name}");
            second.await.unwrap();
            assert!(got.get() && !lock.is_locked());
        });
    }
}

#[test]
fn an_interrupt_does_not_take_a_lock_away_that_was_handed_over() {
    Executor::run(async {
        let lock = shared(());
        let guard = lock.lock().await.unwrap();
        let inner = Rc::clone(&lock);
        let task = spawn(async move {
            let guard = inner.lock().interruptible().await.expect("the lock was there").unwrap();
            let told = pending::<()>().interruptible().await.unwrap_err();
            drop(guard);
            told.to_string()
        });
        yield_now().await;
        drop(guard);
        task_interrupt(&task, "now").await.unwrap();
        assert_eq!(task.await.unwrap(), "interrupted: now");
        assert!(!lock.is_locked());
    });
}

#[test]
fn parts_of_a_task_that_wait_for_each_other_keep_nothing_up() {
    // Two tasks, each with a part that holds a lock and one that waits for the other's: a circle, and no deadlock.
    Executor::run(async {
        let (a, b) = (shared(()), shared(()));
        let open = Rc::new(Cell::new(false));
        let both = |mine: &Shared, other: &Shared, priority| {
            let (mine, other, open) = (Rc::clone(mine), Rc::clone(other), Rc::clone(&open));
            task("both", priority, async move {
                let holds = async {
                    let _guard = mine.lock().await.unwrap();
                    while !open.get() {
                        sleep_insert(usize::MAX).await;
                    }
                };
                let waits = async {
                    yield_now().await;
                    drop(other.lock().await.unwrap());
                };
                futures::join!(holds, waits);
            })
        };
        let tasks = [both(&a, &b, 3.0), both(&b, &a, 4.0)];
        current_task().unwrap().set_priority(at(50.0));
        let turns = async || {
            for _ in 0..20 {
                sleep_insert(usize::MAX).await;
            }
        };
        turns().await;
        assert_eq!(tasks.each_ref().map(|task| task.effective_priority()), [at(3.0), at(3.0)]);
        let urgent = holder("urgent", -9.0, &[&a]);
        turns().await;
        assert_eq!(tasks.each_ref().map(|task| task.effective_priority()), [at(-9.0), at(-9.0)]);
        urgent.abort();
        turns().await;
        assert_eq!(tasks.each_ref().map(|task| task.effective_priority()), [at(3.0), at(3.0)]);
        open.set(true);
        for task in tasks {
            task.await.unwrap();
        }
        assert!(!a.is_locked() && !b.is_locked());
    });
}

#[test]
fn a_destructor_may_use_locks_at_any_time() {
    Executor::run(async {
        let (lock, other) = (shared(0), shared(0));
        let guard = lock.lock().await.unwrap();
        let (inner, others) = (Rc::clone(&lock), Rc::clone(&other));
        let waits = task("waits", -1.0, async move {
            let _last = OnDrop(move || *others.try_lock().unwrap() += 1);
            drop(inner.lock().await);
        });
        settle().await;
        waits.abort();
        settle().await;
        drop(guard);
        assert_eq!(*other.try_lock().unwrap(), 1);
    });
}
