//! Conditions: who is woken, with the lock, and what becomes of a wake that is not wanted any more.

use crate::{at, settle, shared, task};
use asynkit::{
    Executor, InterruptExt as _, PriorityCondition, PriorityLock, Task, await_sync, current_task,
    sleep_insert, spawn, task_interrupt, task_throw, task_timeout, yield_now,
};
use asynkit_tests::{Trace, panic_text, poll_once};
use std::{cell::Cell, future::pending, pin::pin, rc::Rc, time::Duration};

struct Room {
    lock: PriorityLock<u32>,
    condition: PriorityCondition,
    log: Trace,
}

fn room() -> Rc<Room> {
    Rc::new(Room { lock: PriorityLock::new(0), condition: PriorityCondition::new(), log: Trace::new() })
}

/// A task that waits once, and logs that it was woken.
fn sits(room: &Rc<Room>, name: &'static str, priority: f64) -> Task<()> {
    let room = Rc::clone(room);
    task(name, priority, async move {
        let guard = room.lock.lock().await.unwrap();
        let guard = room.condition.wait(guard).await;
        assert!(room.lock.is_locked());
        drop(guard);
        room.log.log(name);
    })
}

#[test]
fn those_with_the_highest_priority_are_woken_first_and_equal_ones_in_turn() {
    let room = room();
    Executor::run(async {
        let tasks = [("c", 2.0), ("a1", -1.0), ("b", 0.0), ("a2", -1.0)].map(|(n, p)| sits(&room, n, p));
        settle().await;
        for _ in 0..4 {
            room.condition.notify(1);
            settle().await;
            room.log.log("-");
        }
        assert_eq!(room.log.take(), "a1\n-\na2\n-\nb\n-\nc\n-\n");
        for task in tasks {
            task.await.unwrap();
        }
    });
}

#[test]
fn a_priority_that_changes_while_it_waits_counts() {
    let room = room();
    Executor::run(async {
        let first = sits(&room, "first", 1.0);
        let second = sits(&room, "second", 2.0);
        settle().await;
        second.set_priority(at(0.0));
        room.condition.notify(1);
        settle().await;
        assert_eq!(room.log.take(), "second\n");
        room.condition.notify(1);
        first.await.unwrap();
        second.await.unwrap();
    });
}

#[test]
fn as_many_are_woken_as_were_asked_for() {
    let room = room();
    Executor::run(async {
        let tasks: Vec<_> = ["0", "1", "2", "3", "4", "5"].map(|name| sits(&room, name, 0.0)).into();
        settle().await;
        room.condition.notify(0);
        settle().await;
        assert_eq!(room.log.take(), "", "0 wakes none");
        room.condition.notify(2);
        settle().await;
        assert_eq!(room.log.take(), "0\n1\n");
        room.condition.notify(3);
        settle().await;
        assert_eq!(room.log.take(), "2\n3\n4\n");
        room.condition.notify(usize::MAX);
        settle().await;
        assert_eq!(room.log.take(), "5\n");
        // Nothing is kept for later.
        let late = sits(&room, "late", 0.0);
        settle().await;
        assert!(!late.is_finished());
        room.condition.notify_all();
        late.await.unwrap();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

#[test]
fn all_are_woken_and_come_in_the_order_of_the_lock() {
    let room = room();
    Executor::run(async {
        let tasks = [("b", 1.0), ("c", 2.0), ("a", 0.0)].map(|(name, p)| sits(&room, name, p));
        settle().await;
        let guard = room.lock.lock().await.unwrap();
        room.condition.notify_all();
        settle().await;
        assert_eq!(room.log.take(), "", "the lock is held");
        assert_eq!(room.lock.effective_priority(), Some(at(0.0)));
        drop(guard);
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(room.log.take(), "a\nb\nc\n");
    });
}

#[test]
fn who_waits_has_given_the_lock_up_and_lends_nothing() {
    let room = room();
    Executor::run(async {
        let waits = sits(&room, "waits", -5.0);
        settle().await;
        let mut guard = room.lock.try_lock().expect("it was given up");
        assert_eq!(current_task().unwrap().effective_priority(), at(0.0));
        *guard = 1;
        room.condition.notify(1);
        settle().await;
        // Now it waits for the lock.
        assert_eq!(current_task().unwrap().effective_priority(), at(-5.0));
        drop(guard);
        waits.await.unwrap();
        assert_eq!(current_task().unwrap().effective_priority(), at(0.0));
    });
}

#[test]
fn a_notification_between_the_unlock_and_the_wait_is_not_lost() {
    // Giving the lock up lets another task run that notifies at once.
    let room = room();
    Executor::run(async {
        let guard = room.lock.lock().await.unwrap();
        let inner = Rc::clone(&room);
        let notifies = spawn(async move {
            let _guard = inner.lock.lock().await.unwrap();
            inner.condition.notify(1);
        });
        yield_now().await;
        drop(room.condition.wait(guard).await);
        notifies.await.unwrap();
    });
}

#[test]
fn wait_for_looks_first_and_after_each_notification() {
    let room = room();
    Executor::run(async {
        let looked = Rc::new(Cell::new(0));
        let (inner, looks) = (Rc::clone(&room), Rc::clone(&looked));
        let waits = spawn(async move {
            let guard = inner.lock.lock().await.unwrap();
            let ready = |n: &mut u32| {
                looks.set(looks.get() + 1);
                *n >= 2
            };
            *inner.condition.wait_for(guard, ready).await
        });
        for (n, looks) in [(0, 1), (1, 2), (2, 3)] {
            *room.lock.lock().await.unwrap() = n;
            room.condition.notify(1);
            settle().await;
            assert_eq!(looked.get(), looks);
        }
        assert_eq!(waits.await.unwrap(), 2);
        // It does not wait where there is nothing to wait for.
        let guard = room.lock.lock().await.unwrap();
        drop(await_sync(room.condition.wait_for(guard, |_| true)).unwrap());
        assert!(!room.lock.is_locked());
    });
}

/// Ends a waiter in some way.
type End = (&'static str, fn(&Task<()>));

const ENDS: [End; 3] = [
    ("cancel", |task| assert!(task.cancel())),
    ("abort", |task| assert!(task.abort())),
    ("throw", |task| task_throw(task, "go").unwrap()),
];

#[test]
fn a_waiter_that_ends_before_it_is_notified_takes_no_wake() {
    for (name, end) in ENDS {
        let room = room();
        Executor::run(async {
            let first = sits(&room, "first", -1.0);
            let second = sits(&room, "second", 0.0);
            settle().await;
            end(&first);
            assert!(first.await.is_err(), "{name}");
            settle().await;
            assert_eq!(room.log.take(), "", "no wake of its own");
            room.condition.notify(1);
            second.await.unwrap();
            assert!(!room.lock.is_locked());
        });
    }
}

#[test]
fn a_waiter_that_ends_after_it_was_notified_passes_the_wake_on() {
    for (name, end) in ENDS {
        for is_locked in [false, true] {
            let room = room();
            Executor::run(async {
                let first = sits(&room, "first", -1.0);
                let second = sits(&room, "second", 0.0);
                settle().await;
                let guard = if is_locked { room.lock.try_lock() } else { None };
                room.condition.notify(1);
                if is_locked {
                    settle().await; // it waits for the lock by now
                }
                end(&first);
                settle().await;
                drop(guard);
                let first = first.await;
                // Where the lock is there, a value that is ready wins.
                assert_eq!(first.is_ok(), !is_locked && name != "abort", "{name}");
                if first.is_ok() {
                    room.condition.notify(1);
                }
                second.await.unwrap();
                assert!(!room.lock.is_locked());
            });
        }
    }
}

#[test]
fn an_interrupted_wait_has_the_lock_and_passes_its_wake_on() {
    let room = room();
    Executor::run(async {
        let sits_at_point = |name: &'static str, priority| {
            let room = Rc::clone(&room);
            task(name, priority, async move {
                let guard = room.lock.lock().await.unwrap();
                let (mut guard, told) = room.condition.wait_interruptible(guard).await;
                *guard += 1;
                drop(guard);
                room.log.log(match told {
                    Ok(()) => format!("{name} woken"),
                    Err(told) => format!("{name} {told}"),
                });
            })
        };
        // Not notified: it takes no wake from anybody.
        let [first, second] = [("first", -1.0), ("second", 0.0)].map(|(name, p)| sits_at_point(name, p));
        settle().await;
        task_interrupt(&first, "now").await.unwrap();
        assert_eq!(room.log.take(), "first interrupted: now\n");
        settle().await;
        assert_eq!(room.log.take(), "");
        // Notified, and interrupted while it waits for the lock: the last error counts, the wake is passed on.
        let third = sits_at_point("third", -2.0);
        settle().await;
        let guard = room.lock.lock().await.unwrap();
        room.condition.notify(1);
        settle().await;
        task_interrupt(&third, "one").await.unwrap();
        task_interrupt(&third, "two").await.unwrap();
        assert!(!third.is_finished());
        drop(guard);
        settle().await;
        assert_eq!(room.log.take(), "third interrupted: two\nsecond woken\n");
        assert_eq!(*room.lock.lock().await.unwrap(), 3);
        for task in [first, second, third] {
            task.await.unwrap();
        }
    });
}

#[test]
fn a_stop_ends_the_wait_with_the_lock() {
    let room = room();
    Executor::run(async {
        let inner = Rc::clone(&room);
        let waits = spawn(async move {
            let guard = inner.lock.lock().await.unwrap();
            let (guard, told) = inner.condition.wait_interruptible(guard).await;
            told.unwrap_err();
            pending::<()>().interruptible().await.unwrap_err(); // a stop stays on offer
            drop(guard);
        });
        settle().await;
        let guard = room.lock.lock().await.unwrap();
        waits.cancel();
        settle().await;
        assert!(!waits.is_finished(), "it waits for the lock");
        drop(guard);
        waits.await.unwrap();
        let inner = Rc::clone(&room);
        let timed = task_timeout(Duration::from_millis(1), async {
            let guard = inner.lock.lock().await.unwrap();
            let (mut guard, told) = inner.condition.wait_interruptible(guard).await;
            *guard = 7;
            told.unwrap_err();
        });
        timed.await.unwrap();
        assert_eq!(*room.lock.lock().await.unwrap(), 7);
    });
}

#[test]
fn a_wait_that_was_notified_returns_without_an_error_that_comes_too_late() {
    let room = room();
    Executor::run(async {
        let inner = Rc::clone(&room);
        let waits = spawn(async move {
            let guard = inner.lock.lock().await.unwrap();
            let (guard, told) = inner.condition.wait_interruptible(guard).await;
            drop(guard);
            told.unwrap();
            pending::<()>().interruptible().await.unwrap_err().to_string()
        });
        settle().await;
        room.condition.notify(1);
        task_interrupt(&waits, "late").await.unwrap();
        assert_eq!(waits.await.unwrap(), "interrupted: late");
    });
}

#[test]
fn a_predicate_that_panics_passes_the_wake_on_and_gives_the_lock_back() {
    let room = room();
    Executor::run(async {
        let inner = Rc::clone(&room);
        let panics = task("panics", -1.0, async move {
            let guard = inner.lock.lock().await.unwrap();
            let mut first = true;
            let ready = |_: &mut u32| {
                assert!(std::mem::take(&mut first), "the predicate fails");
                false
            };
            drop(inner.condition.wait_for(guard, ready).await);
        });
        let second = sits(&room, "second", 0.0);
        settle().await;
        room.condition.notify(1);
        second.await.unwrap();
        assert!(panics.await.is_err());
        assert!(room.lock.poisoned() && !room.lock.is_locked());
    });
}

#[test]
fn it_goes_with_any_lock() {
    Executor::run(async {
        let condition = Rc::new(PriorityCondition::new());
        let (numbers, texts) = (shared(1), shared("a".to_owned()));
        let (inner, lock) = (Rc::clone(&condition), Rc::clone(&numbers));
        let first = spawn(async move { *inner.wait(lock.lock().await.unwrap()).await });
        let (inner, lock) = (Rc::clone(&condition), Rc::clone(&texts));
        let second = spawn(async move { inner.wait(lock.lock().await.unwrap()).await.clone() });
        sleep_insert(usize::MAX).await;
        condition.notify_all();
        assert_eq!((first.await.unwrap(), second.await.unwrap()), (1, "a".to_owned()));
    });
}

#[test]
fn a_wait_that_is_dropped_before_its_first_poll_gives_the_lock_back() {
    let (lock, condition) = (PriorityLock::new(()), PriorityCondition::new());
    drop(condition.wait(lock.try_lock().unwrap()));
    drop(condition.wait_interruptible(lock.try_lock().unwrap()));
    drop(condition.wait_for(lock.try_lock().unwrap(), |()| panic!("nobody asks")));
    assert!(!lock.is_locked());
}

#[test]
fn it_works_outside_of_tasks_and_says_when_it_is_over() {
    let (lock, condition) = (PriorityLock::new(()), PriorityCondition::new());
    let mut wait = pin!(condition.wait(lock.try_lock().unwrap()));
    assert!(poll_once(wait.as_mut()).is_pending());
    assert!(!lock.is_locked());
    assert!(poll_once(wait.as_mut()).is_pending());
    assert_eq!(format!("{wait:?}"), "Wait(Waiting)");
    condition.notify(1);
    assert!(poll_once(wait.as_mut()).is_ready());
    assert!(panic_text(|| drop(poll_once(wait.as_mut()))).contains("awaited again"));
    let mut wait = pin!(condition.wait(lock.try_lock().unwrap()));
    assert!(poll_once(wait.as_mut()).is_pending());
    assert!(
        format!("{condition:?}").starts_with("PriorityCondition { made_at: tests/tests/lock/condition.rs")
    );
}

#[test]
fn a_forgotten_wait_harms_nobody_when_the_condition_goes() {
    let (lock, condition) = (PriorityLock::new(()), PriorityCondition::new());
    let mut wait = Box::pin(condition.wait(lock.try_lock().unwrap()));
    assert!(poll_once(wait.as_mut()).is_pending());
    asynkit_tests::forget(wait);
    drop(condition);
    assert!(!lock.is_locked());
}
