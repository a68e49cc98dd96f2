//! Waits that would never end are told so, and no others.

use crate::{settle, shared, task};
use asynkit::{
    Deadlock, Executor, InterruptExt as _, PriorityCondition, PriorityLock, Task, sleep, spawn, task_timeout,
    yield_now,
};
use futures::{StreamExt as _, join, stream::FuturesUnordered};
use std::{
    cell::Cell,
    future::{Future, pending, poll_fn},
    panic::Location,
    rc::Rc,
    task::Poll,
    time::Duration,
};

type Shared = Rc<PriorityLock<()>>;

/// Takes the first, waits a little, takes the second.
fn one_then_other(name: &str, first: &Shared, second: &Shared) -> Task<Result<(), Deadlock>> {
    let (first, second) = (Rc::clone(first), Rc::clone(second));
    task(name, 0.0, async move {
        let _first = first.lock().await?;
        yield_now().await;
        let _second = second.lock().await?;
        Ok(())
    })
}

#[test]
fn a_task_that_waits_for_itself_is_told() {
    Executor::run(async {
        let lock = shared(());
        let made = line!() - 1;
        let inner = Rc::clone(&lock);
        let body = async move {
            let _guard = inner.lock().await.unwrap();
            (line!(), inner.lock().await.map(drop).unwrap_err())
        };
        let task = task("selfish", 0.0, body);
        let spawned = line!() - 1;
        let id = task.id();
        let (waits, deadlock) = task.await.unwrap();
        let [alone] = deadlock.tasks() else { panic!("one task: {deadlock}") };
        assert_eq!((alone.id(), alone.name()), (id, Some("selfish")));
        let lines = [alone.spawned_at(), alone.waits_at(), alone.lock_made_at()].map(Location::line);
        assert_eq!(lines, [spawned, waits, made]);
        assert!(alone.waits_at().file().ends_with("deadlock.rs"));
        let (waits, made) = (alone.waits_at(), alone.lock_made_at());
        let text = format!(
            "{id} \"selfish\" waits at {waits} for the lock made at {made}, which is held by {id} \"selfish\""
        );
        assert_eq!(deadlock.to_string(), format!("deadlock: {text}"));
        assert_eq!(
            format!("{deadlock:?}"),
            format!(
                "Deadlock([BlockedTask {{ id: {id:?}, name: Some(\"selfish\"), spawned_at: {}, waits_at: {waits}, \
                 lock_made_at: {made} }}])",
                alone.spawned_at()
            )
        );
        assert!(!lock.is_locked());
    });
}

#[test]
fn of_two_tasks_with_two_locks_the_one_that_closes_the_circle_is_told_and_names_both() {
    Executor::run(async {
        let a = shared(());
        let b = shared(());
        let made = [line!() - 2, line!() - 1];
        let (inner_a, inner_b) = (Rc::clone(&a), Rc::clone(&b));
        let waits_a = line!() + 5;
        let first = task("first", 0.0, async move {
            let _a = inner_a.lock().await?;
            yield_now().await;
            // Until the second one fails.
            let _b = inner_b.lock().await?;
            Ok::<_, Deadlock>(())
        });
        let (inner_a, inner_b) = (Rc::clone(&a), Rc::clone(&b));
        let waits_b = line!() + 4;
        let second = task("second", 0.0, async move {
            let _b = inner_b.lock().await?;
            yield_now().await;
            let _a = inner_a.lock().await?;
            Ok::<_, Deadlock>(())
        });
        let ids = [second.id(), first.id()];
        let deadlock = second.await.unwrap().unwrap_err();
        first.await.unwrap().unwrap();
        let told: Vec<_> = deadlock
            .tasks()
            .iter()
            .map(|t| (t.id(), t.name(), t.waits_at().line(), t.lock_made_at().line()))
            .collect();
        assert_eq!(
            told,
            [(ids[0], Some("second"), waits_b, made[0]), (ids[1], Some("first"), waits_a, made[1])]
        );
        let text = deadlock.to_string();
        for part in [
            "\"first\"",
            "\"second\"",
            &format!("deadlock.rs:{waits_a}:"),
            &format!("deadlock.rs:{waits_b}:"),
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        for line in made {
            assert!(text.contains(&format!("deadlock.rs:{line}:")), "{line} in {text}");
        }
        assert!(!a.is_locked() && !b.is_locked());
    });
}

#[test]
fn a_circle_of_any_length_is_found() {
    for len in 1..20 {
        Executor::run(async {
            let locks: Vec<_> = (0..len).map(|_| shared(())).collect();
            let tasks: Vec<_> =
                (0..len).map(|n| one_then_other("n", &locks[n], &locks[(n + 1) % len])).collect();
            let mut failed = 0;
            for task in tasks {
                if let Err(deadlock) = task.await.unwrap() {
                    failed += 1;
                    assert_eq!(deadlock.tasks().len(), len);
                }
            }
            assert_eq!(failed, 1, "one makes way for all");
            assert!(locks.iter().all(|lock| !lock.is_locked()));
        });
    }
}

#[test]
fn those_that_wait_for_a_circle_are_not_part_of_it() {
    Executor::run(async {
        let (a, b, c) = (shared(()), shared(()), shared(()));
        let outside = one_then_other("outside", &c, &a);
        let tasks = [one_then_other("1", &a, &b), one_then_other("2", &b, &a)];
        let failures = [tasks[0].id(), tasks[1].id()];
        outside.await.unwrap().unwrap();
        let [first, second] = tasks;
        let told = [first.await.unwrap(), second.await.unwrap()];
        let told: Vec<_> = told.into_iter().filter_map(Result::err).collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].tasks().iter().all(|task| failures.contains(&task.id())));
    });
}

#[test]
fn two_circles_at_a_time_are_both_found() {
    Executor::run(async {
        let locks = [shared(()), shared(()), shared(()), shared(())];
        let [a, b, c, d] = &locks;
        let tasks = [(a, b), (c, d), (b, a), (d, c)].map(|(x, y)| one_then_other("n", x, y));
        let mut failed = 0;
        for task in tasks {
            failed += usize::from(task.await.unwrap().is_err());
        }
        assert_eq!(failed, 2);
        assert!(locks.iter().all(|lock| !lock.is_locked()));
    });
}

#[test]
fn a_task_that_goes_on_after_it_was_told_lets_the_others_wait_on() {
    Executor::run(async {
        let lock = shared(());
        let inner = Rc::clone(&lock);
        let stubborn = spawn(async move {
            let _guard = inner.lock().await.unwrap();
            for _ in 0..3 {
                inner.lock().await.map(drop).unwrap_err();
            }
        });
        let inner = Rc::clone(&lock);
        let waits = spawn(async move { drop(inner.lock().await.unwrap()) });
        stubborn.await.unwrap();
        waits.await.unwrap();
    });
}

#[test]
fn it_is_found_in_the_root_and_in_eager_parts() {
    let lock = PriorityLock::new(());
    Executor::run(async {
        let _guard = lock.lock().await.unwrap();
        assert_eq!(lock.lock().await.map(drop).unwrap_err().tasks().len(), 1);
        let lock = shared(());
        let eager = asynkit::eager(async move {
            let _guard = lock.lock().await.unwrap();
            lock.lock().await.map(drop).unwrap_err().tasks().len()
        });
        assert_eq!(eager.await, 1);
    });
}

#[test]
fn it_is_found_at_a_point_and_under_a_timeout_that_never_fires() {
    Executor::run(async {
        let lock = shared(());
        let _guard = lock.lock().await.unwrap();
        lock.lock().interruptible().await.unwrap().map(drop).unwrap_err();
        task_timeout(None, lock.lock()).await.unwrap().map(drop).unwrap_err();
    });
}

#[test]
fn a_timeout_that_will_end_the_wait_comes_first() {
    Executor::run(async {
        let lock = shared(());
        let _guard = lock.lock().await.unwrap();
        task_timeout(Duration::from_millis(2), lock.lock()).await.map(drop).unwrap_err();
    });
}

/// Runs `part` beside one that waits for the lock that `part` holds, in one task.
async fn joined(lock: &Shared, part: impl Future<Output = ()>) {
    let waits = async {
        yield_now().await;
        drop(lock.lock().await.expect("no deadlock"));
    };
    let holds = async {
        let _guard = lock.lock().await.unwrap();
        part.await;
    };
    join!(holds, waits);
}

#[test]
fn parts_of_one_task_may_wait_for_each_other() {
    let lock = &shared(());
    Executor::run(async {
        joined(lock, async {
            for _ in 0..5 {
                yield_now().await;
            }
        })
        .await;
        joined(lock, sleep(Duration::from_millis(2))).await;
        joined(lock, async { spawn(async { sleep(Duration::from_millis(1)).await }).await.unwrap() }).await;
        joined(lock, async {
            let (sender, receiver) = futures::channel::oneshot::channel();
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(2));
                sender.send(()).unwrap();
            });
            receiver.await.unwrap();
        })
        .await;
        joined(lock, async {
            smol::Timer::after(Duration::from_millis(2)).await;
        })
        .await;
        joined(lock, async {
            // A part whose waker is not the task's.
            let mut all: FuturesUnordered<_> =
                [1, 2].map(|ms| sleep(Duration::from_millis(ms))).into_iter().collect();
            while all.next().await.is_some() {}
        })
        .await;
    });
}

#[test]
fn parts_of_one_task_may_take_turns_with_one_lock() {
    Executor::run(async {
        let lock = shared(0);
        let turns = async || {
            for _ in 0..20 {
                let mut guard = lock.lock().await.expect("no deadlock");
                yield_now().await;
                *guard += 1;
            }
        };
        join!(turns(), turns(), turns());
        let mut all: FuturesUnordered<_> = (0..10).map(|_| turns()).collect();
        while all.next().await.is_some() {}
        assert_eq!(*lock.lock().await.unwrap(), 260);
    });
}

#[test]
fn a_circle_through_a_part_that_goes_on_is_no_deadlock() {
    Executor::run(async {
        let (a, b) = (shared(()), shared(()));
        let (inner_a, inner_b) = (Rc::clone(&a), Rc::clone(&b));
        let joins = spawn(async move {
            let holds = async {
                let _a = inner_a.lock().await.unwrap();
                sleep(Duration::from_millis(2)).await;
            };
            let waits = async {
                yield_now().await;
                drop(inner_b.lock().await.expect("no deadlock"));
            };
            join!(holds, waits);
        });
        let other = one_then_other("other", &b, &a);
        joins.await.unwrap();
        other.await.unwrap().unwrap();
    });
}

#[test]
fn a_circle_becomes_a_deadlock_when_the_part_that_could_go_on_does_not() {
    Executor::run(async {
        let lock = shared(());
        let _guard = lock.lock().await.unwrap();
        let (told, ()) = join!(lock.lock(), sleep(Duration::from_millis(2)));
        assert_eq!(told.map(drop).unwrap_err().tasks().len(), 1);
    });
}

#[test]
fn who_waits_for_a_condition_as_well_is_not_stuck() {
    Executor::run(async {
        let (lock, filled, open) = (shared(()), PriorityCondition::new(), shared(()));
        let (filled, done) = (Rc::new(filled), Rc::new(Cell::new(false)));
        let (inner, condition, flag, other) =
            (Rc::clone(&lock), Rc::clone(&filled), Rc::clone(&done), Rc::clone(&open));
        let joins = spawn(async move {
            let holds = async {
                let _guard = inner.lock().await.unwrap();
                let guard = other.lock().await.unwrap();
                drop(condition.wait_for(guard, |()| flag.get()).await);
            };
            let waits = async {
                yield_now().await;
                drop(inner.lock().await.expect("no deadlock"));
            };
            join!(holds, waits);
        });
        settle().await;
        done.set(true);
        filled.notify(1);
        joins.await.unwrap();
    });
}

#[test]
fn a_wait_that_ends_otherwise_opens_the_circle() {
    Executor::run(async {
        let (a, b) = (shared(()), shared(()));
        let first = one_then_other("first", &a, &b);
        let (inner_a, inner_b) = (Rc::clone(&a), Rc::clone(&b));
        let second = spawn(async move {
            let _b = inner_b.lock().await.unwrap();
            yield_now().await;
            // Gives up after a while, so that something can wake it.
            let mut left = 3;
            let mut wait = Box::pin(inner_a.lock());
            poll_fn(move |cx| {
                left -= 1;
                cx.waker().wake_by_ref();
                if left == 0 || wait.as_mut().poll(cx).is_ready() { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
        });
        second.await.unwrap();
        first.await.unwrap().unwrap();
    });
}

#[test]
fn a_condition_that_cannot_get_its_lock_again_lets_another_wait_fail() {
    Executor::run(async {
        let (a, b, condition) = (shared(()), shared(()), Rc::new(PriorityCondition::new()));
        let (inner_a, inner_b, inner) = (Rc::clone(&a), Rc::clone(&b), Rc::clone(&condition));
        let waits = spawn(async move {
            let _b = inner_b.lock().await.unwrap();
            let guard = inner_a.lock().await.unwrap();
            drop(inner.wait(guard).await); // gets `a` again when the other one gives it up
        });
        yield_now().await;
        let (inner_a, inner_b) = (Rc::clone(&a), Rc::clone(&b));
        let other = spawn(async move {
            let _a = inner_a.lock().await?;
            condition.notify(1);
            yield_now().await;
            drop(inner_b.lock().await?);
            Ok::<_, Deadlock>(())
        });
        assert_eq!(other.await.unwrap().unwrap_err().tasks().len(), 2);
        waits.await.unwrap();
    });
}

#[test]
fn one_that_never_wakes_is_stuck_whatever_it_waits_for_besides() {
    Executor::run(async {
        let lock = shared(());
        let _guard = lock.lock().await.unwrap();
        let told = futures::future::select(Box::pin(lock.lock()), pending::<()>()).await;
        let futures::future::Either::Left((told, _)) = told else { panic!("it never ends") };
        told.map(drop).unwrap_err();
    });
}

#[test]
fn one_that_is_waited_for_from_a_circle_is_no_part_of_it() {
    Executor::run(async {
        let (lock, other) = (shared(()), shared(()));
        for _ in 0..3 {
            let inner = Rc::clone(&other);
            let sleeper = spawn(async move {
                let _guard = inner.lock().await.unwrap();
                sleep(Duration::from_millis(2)).await;
            });
            yield_now().await;
            let holds = async {
                let _guard = lock.lock().await.unwrap();
                drop(other.lock().await.expect("no deadlock"));
            };
            let waits = async {
                yield_now().await;
                drop(lock.lock().await.expect("no deadlock"));
            };
            join!(holds, waits);
            sleeper.await.unwrap();
            // Other tasks in the same slots are not taken for it.
            let inner = Rc::clone(&other);
            let guard = other.lock().await.unwrap();
            let next = spawn(async move { drop(inner.lock().await.unwrap()) });
            yield_now().await;
            drop(guard);
            next.await.unwrap();
        }
    });
}

#[test]
fn a_guard_that_was_handed_to_another_task_counts_for_the_one_that_has_got_it() {
    static LOCK: PriorityLock<()> = PriorityLock::new(());
    Executor::run(async {
        let guard = LOCK.lock().await.unwrap();
        let keeper = spawn(async move {
            sleep(Duration::from_millis(5)).await;
            drop(guard);
        });
        let told = LOCK.lock().await.map(drop).unwrap_err();
        assert_eq!(told.tasks()[0].id(), asynkit::current_task().unwrap().id());
        // Nobody else is told so.
        let other = spawn(async { LOCK.lock().await.is_ok() });
        assert!(other.await.unwrap());
        keeper.await.unwrap();
    });
}
