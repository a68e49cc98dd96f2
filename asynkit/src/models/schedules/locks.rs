//! What threads without an executor do with a lock and a condition, as those of a runtime that has many do.

use super::world::{block_on, join, turn};
use crate::{PriorityCondition, PriorityLock};
use core::pin::pin;
use shuttle::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};
use std::sync::Arc;

/// Threads take a lock in turn: one has it at a time, and nobody is forgotten.
pub(super) fn locking() {
    let shared = Arc::new((PriorityLock::new(0), AtomicBool::new(false)));
    let threads: Vec<_> = (0..3)
        .map(|_| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let (lock, is_taken) = &*shared;
                for _ in 0..2 {
                    let mut guard = block_on(lock.lock()).unwrap();
                    assert!(!is_taken.swap(true, Ordering::SeqCst), "two have the lock");
                    *guard += 1;
                    is_taken.store(false, Ordering::SeqCst);
                }
            })
        })
        .collect();
    join(threads);
    assert_eq!(*shared.0.try_lock().expect("nobody has it"), 6);
}

/// One that waits for a lock is dropped while it is handed to it: whoever comes next has it.
pub(super) fn giving_up() {
    let lock = Arc::new(PriorityLock::new(0));
    let guard = lock.try_lock().expect("nobody has it");
    let (left, waited) = (Arc::clone(&lock), Arc::clone(&lock));
    let threads = [
        thread::spawn(move || drop(turn(pin!(left.lock())))),
        thread::spawn(move || *block_on(waited.lock()).unwrap() += 1),
    ];
    drop(guard);
    assert!(*block_on(lock.lock()).unwrap() <= 1);
    join(threads);
    assert_eq!(*block_on(lock.lock()).unwrap(), 1);
}

/// One that waits for a condition is dropped while it is notified: another one that waits hears of it.
pub(super) fn notifying() {
    let shared = Arc::new((PriorityLock::new(0), PriorityCondition::new()));
    let (left, waited) = (Arc::clone(&shared), Arc::clone(&shared));
    let threads = [
        thread::spawn(move || {
            let (lock, condition) = &*left;
            let guard = block_on(lock.lock()).unwrap();
            let is_ready = {
                let mut wait = pin!(condition.wait(guard));
                assert!(turn(wait.as_mut()).is_pending());
                turn(wait).is_ready()
            };
            if is_ready {
                condition.notify(1);
            }
        }),
        thread::spawn(move || {
            let (lock, condition) = &*waited;
            let guard = block_on(lock.lock()).unwrap();
            *block_on(condition.wait_for(guard, |jobs| *jobs > 0)) -= 1;
        }),
    ];
    let (lock, condition) = &*shared;
    *block_on(lock.lock()).unwrap() += 1;
    condition.notify(1);
    join(threads);
    assert_eq!(*lock.try_lock().expect("nobody has it"), 0);
}
