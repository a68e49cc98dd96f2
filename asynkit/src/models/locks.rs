//! Models of a lock and a condition that threads without an executor share, as the workers of a runtime do: what one has
//! done with the lock has happened before the next one has it, in every order that the memory allows.

use super::orders::{block_on, explore};
use crate::{
    PriorityCondition, PriorityLock,
    util::sync::fault::{self, Fault},
};
use core::{
    mem::ManuallyDrop,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};
use loom::{
    cell::Cell,
    thread::{self, JoinHandle},
};
use std::sync::Arc;

/// A lock around a value that loom watches. It stays where a model fails: its end would ask loom for more.
type Watched = ManuallyDrop<Arc<PriorityLock<Cell<u32>>>>;

fn watched() -> Watched {
    let lock = Arc::new(PriorityLock::new(Cell::new(0)));
    drop(lock.try_lock());
    ManuallyDrop::new(lock)
}

/// Adds one, with the lock. The lock is not given back where that fails.
fn add(guard: crate::PriorityGuard<'_, Cell<u32>>) {
    let guard = ManuallyDrop::new(guard);
    guard.set(guard.get() + 1);
    drop(ManuallyDrop::into_inner(guard));
}

/// What was added, at the end.
fn end(lock: Watched, others: impl IntoIterator<Item = JoinHandle<()>>) -> u32 {
    for other in others {
        other.join().unwrap();
    }
    let count = {
        let guard = ManuallyDrop::new(lock.try_lock().expect("nobody has it"));
        let count = guard.get();
        drop(ManuallyDrop::into_inner(guard));
        count
    };
    drop(ManuallyDrop::into_inner(lock));
    count
}

/// Polls once; nobody is woken for it.
fn turn<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// So many threads wait for the lock, and the first one for them.
fn taken_in_turn(threads: u32, preemptions: usize) {
    explore(preemptions, move || {
        let lock = watched();
        let others: Vec<_> = (0..threads)
            .map(|_| {
                let lock = lock.clone();
                thread::spawn(move || {
                    add(block_on(lock.lock()).unwrap());
                    drop(ManuallyDrop::into_inner(lock));
                })
            })
            .collect();
        add(block_on(lock.lock()).unwrap());
        assert_eq!(end(lock, others), threads + 1);
    });
}

#[test]
fn two_take_a_lock_in_turn() {
    taken_in_turn(1, 5);
}

#[test]
fn three_take_a_lock_in_turn() {
    taken_in_turn(2, 3);
}

#[test]
#[should_panic(expected = "Causality violation")]
fn a_lock_that_is_taken_without_acquiring_is_found() {
    fault::plant(Fault::NoAcquire);
    taken_in_turn(1, 5);
}

#[test]
#[should_panic(expected = "Causality violation")]
fn a_lock_that_is_given_back_without_releasing_is_found() {
    fault::plant(Fault::NoRelease);
    taken_in_turn(1, 5);
}

#[test]
#[should_panic(expected = "deadlock")]
fn a_lock_that_is_given_back_without_a_look_at_who_waits_is_found() {
    fault::plant(Fault::BlindUnlock);
    taken_in_turn(1, 5);
}

/// Two try to take it, without the graph.
fn tried() {
    explore(3, || {
        let lock = watched();
        let attempt = |lock: &Watched| lock.try_lock().map(add).is_some();
        let other = lock.clone();
        let other = thread::spawn(move || {
            let is_taken = attempt(&other);
            drop(ManuallyDrop::into_inner(other));
            is_taken
        });
        let is_mine = attempt(&lock);
        let is_others = other.join().unwrap();
        assert!(is_mine || is_others, "nobody has taken it");
        assert_eq!(end(lock, []), u32::from(is_mine) + u32::from(is_others));
    });
}

#[test]
fn two_try_to_take_a_lock() {
    tried();
}

#[test]
#[should_panic(expected = "Causality violation")]
fn an_attempt_that_does_not_acquire_is_found() {
    fault::plant(Fault::NoAcquire);
    tried();
}

#[test]
#[should_panic(expected = "Causality violation")]
fn an_end_that_does_not_release_to_an_attempt_is_found() {
    fault::plant(Fault::NoRelease);
    tried();
}

/// One that waits is dropped while the lock is handed to it; the other one that waits has it then.
fn given_up() {
    explore(3, || {
        let lock = watched();
        let (left, waited) = (lock.clone(), lock.clone());
        let guard = ManuallyDrop::new(lock.try_lock().expect("nobody has it"));
        let others = [
            thread::spawn(move || {
                drop(turn(pin!(left.lock())));
                drop(ManuallyDrop::into_inner(left));
            }),
            thread::spawn(move || {
                add(block_on(waited.lock()).unwrap());
                drop(ManuallyDrop::into_inner(waited));
            }),
        ];
        add(ManuallyDrop::into_inner(guard));
        assert_eq!(end(lock, others), 2);
    });
}

#[test]
fn a_lock_that_is_handed_to_one_that_leaves_is_passed_on() {
    given_up();
}

#[test]
#[should_panic(expected = "nobody has it")]
fn one_that_leaves_with_the_lock_is_found() {
    fault::plant(Fault::KeepsLock);
    given_up();
}

/// The last one that waits leaves while the lock is given back, and tries again.
fn given_up_meanwhile() {
    explore(3, || {
        let lock = watched();
        let other = lock.clone();
        let guard = ManuallyDrop::new(lock.try_lock().expect("nobody has it"));
        let other = thread::spawn(move || {
            drop(turn(pin!(other.lock())));
            if let Some(guard) = other.try_lock() {
                add(guard);
            }
            drop(ManuallyDrop::into_inner(other));
        });
        add(ManuallyDrop::into_inner(guard));
        assert!(matches!(end(lock, [other]), 1 | 2));
    });
}

#[test]
fn the_last_one_that_waits_leaves_and_tries_again() {
    given_up_meanwhile();
}

#[test]
#[should_panic(expected = "Causality violation")]
fn a_lock_that_is_given_back_late_without_releasing_is_found() {
    fault::plant(Fault::NoLateRelease);
    given_up_meanwhile();
}

type Jobs = ManuallyDrop<Arc<(PriorityLock<u32>, PriorityCondition)>>;

fn jobs() -> Jobs {
    let jobs = Arc::new((PriorityLock::new(0), PriorityCondition::new()));
    drop(jobs.0.try_lock());
    jobs.1.notify(1);
    ManuallyDrop::new(jobs)
}

/// One waits for a job, and says so; who tries the lock and finds that notifies it without any other lock in between.
fn notified() {
    explore(3, || {
        let jobs = jobs();
        let waiting = jobs.clone();
        let other = thread::spawn(move || {
            let (lock, condition) = &**waiting;
            let mut guard = block_on(lock.lock()).unwrap();
            *guard = 1;
            assert_eq!(*block_on(condition.wait(guard)), 2);
            drop(ManuallyDrop::into_inner(waiting));
        });
        let (lock, condition) = &**jobs;
        loop {
            if let Some(mut guard) = lock.try_lock().filter(|guard| **guard == 1) {
                *guard = 2;
                break;
            }
            thread::yield_now();
        }
        condition.notify(1);
        other.join().unwrap();
        drop(ManuallyDrop::into_inner(jobs));
    });
}

#[test]
fn who_has_seen_one_wait_reaches_it() {
    notified();
}

#[test]
#[should_panic(expected = "deadlock")]
fn a_wait_that_begins_without_the_lock_is_found() {
    fault::plant(Fault::LateWait);
    notified();
}

#[test]
#[should_panic(expected = "deadlock")]
fn a_wait_that_the_lock_does_not_release_is_found() {
    fault::plant(Fault::NoRelease);
    notified();
}

#[test]
#[should_panic(expected = "deadlock")]
fn a_wait_that_the_lock_does_not_acquire_is_found() {
    fault::plant(Fault::NoAcquire);
    notified();
}

/// One of two that wait leaves while it is notified: the other one hears of it.
fn left() {
    explore(3, || {
        let jobs = jobs();
        let (leaving, waiting) = (jobs.clone(), jobs.clone());
        let others = [
            thread::spawn(move || {
                let (lock, condition) = &**leaving;
                let guard = block_on(lock.lock()).unwrap();
                drop(turn(pin!(condition.wait(guard))));
                drop(ManuallyDrop::into_inner(leaving));
            }),
            thread::spawn(move || {
                let (lock, condition) = &**waiting;
                let guard = block_on(lock.lock()).unwrap();
                *block_on(condition.wait_for(guard, |jobs| *jobs > 0)) -= 1;
                drop(ManuallyDrop::into_inner(waiting));
            }),
        ];
        let (lock, condition) = &**jobs;
        *block_on(lock.lock()).unwrap() += 1;
        condition.notify(1);
        for other in others {
            other.join().unwrap();
        }
        assert_eq!(*lock.try_lock().expect("nobody has it"), 0);
        drop(ManuallyDrop::into_inner(jobs));
    });
}

#[test]
fn a_notification_of_one_that_leaves_is_passed_on() {
    left();
}

#[test]
#[should_panic(expected = "deadlock")]
fn a_notification_that_is_kept_is_found() {
    fault::plant(Fault::KeepsNotification);
    left();
}
