//! [`Locked`]: a value that one thread at a time touches, behind a lock of one word.
//!
//! A context is looked at for a few instructions at a time; the lock of `std`, which asks twice whether the thread
//! panics, would cost more than what is done under it.
//!
//! Invariants, which this file alone upholds:
//! 1. `value` is reached only in `with`, between a compare-exchange that changed `held` from `FREE` to `HELD` and the store that
//!    follows it. `held` is private, and written nowhere else.
//! 2. While it is `HELD` every other compare-exchange fails. So one thread at a time is between the two, and the reference that it
//!    hands out does not outlive the closure that it is handed to.
//! 3. The compare-exchange acquires what the store before it has released: each access sees all that the one before it did, on
//!    whatever thread that was.
//!
//! An access inside an access on one thread would wait for itself: closures are ours, short, and call nothing of the
//! user's. It could hang, it could not alias.
#![allow(unsafe_code, reason = "one value that several threads touch in turns; the invariants are above")]

#[cfg(asynkit_loom)]
use crate::util::sync::fault::{self, Fault};
use crate::util::sync::{self, AtomicU32, Ordering, UnsafeCell};

const FREE: u32 = 0;
const HELD: u32 = 1;

/// A value that one thread at a time touches.
pub(super) struct Locked<T> {
    held: AtomicU32,
    value: UnsafeCell<T>,
}

// SAFETY: by invariants 1 to 3 the threads that share a `Locked` have exclusive access to `value` in turn, as if it was
// sent from one to the next; `T: Send` allows that.
unsafe impl<T: Send> Sync for Locked<T> {}

/// Gives the lock back, also when a closure panics.
struct Unlock<'a>(&'a AtomicU32);

impl Drop for Unlock<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        #[cfg(asynkit_loom)]
        if fault::is(Fault::NoRelease) {
            return self.0.store(FREE, Ordering::Relaxed);
        }
        self.0.store(FREE, Ordering::Release);
    }
}

impl<T> Locked<T> {
    pub(super) const fn new(value: T) -> Self {
        Locked { held: AtomicU32::new(FREE), value: UnsafeCell::new(value) }
    }

    /// Lends the value to `f`, which is short and calls nothing of the user's.
    #[inline(always)]
    pub(super) fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        if self.is_held() {
            self.wait();
        }
        let _unlock = Unlock(&self.held);
        self.value.with_mut(|value| {
            // SAFETY: `held` was changed from `FREE` to `HELD` by us, and `_unlock` changes it back only after the last use
            // of the reference: by invariant 2 nobody else has one.
            f(unsafe { &mut *value })
        })
    }

    /// Whether somebody has the lock; if nobody has, we have it now.
    #[inline(always)]
    fn is_held(&self) -> bool {
        let order = Ordering::Acquire;
        #[cfg(asynkit_loom)]
        let order = if fault::is(Fault::NoAcquire) { Ordering::Relaxed } else { order };
        self.held.compare_exchange(FREE, HELD, order, Ordering::Relaxed).is_err()
    }

    /// Another thread is in the few instructions of an access: waits for the lock, and has it.
    #[cold]
    #[inline(never)]
    fn wait(&self) {
        let mut spins = 0;
        loop {
            spins += 1;
            if spins > 64 || cfg!(asynkit_loom) {
                // It was preempted there.
                sync::yield_now();
            } else {
                sync::spin_loop();
            }
            if self.held.load(Ordering::Relaxed) == FREE && !self.is_held() {
                return;
            }
        }
    }
}

#[cfg(all(test, not(any(asynkit_loom, asynkit_shuttle))))]
mod tests {
    use super::Locked;
    use std::{
        panic::{AssertUnwindSafe, catch_unwind},
        thread,
        time::Duration,
    };

    #[test]
    fn threads_touch_it_in_turns() {
        let pairs = Locked::new((0_u32, 0_u32));
        thread::scope(|threads| {
            for _ in 0..4 {
                threads.spawn(|| {
                    for _ in 0..10_000 {
                        pairs.with(|(first, second)| {
                            assert_eq!(first, second);
                            *first += 1;
                            *second += 1;
                        });
                    }
                });
            }
        });
        assert_eq!(pairs.with(|pair| *pair), (40_000, 40_000));
    }

    #[test]
    fn whoever_comes_while_it_is_held_waits() {
        let log = Locked::new(Vec::new());
        thread::scope(|threads| {
            log.with(|first| {
                threads.spawn(|| log.with(|second| second.push(2)));
                // Long enough for the other to spin, and to yield.
                thread::sleep(Duration::from_millis(20));
                first.push(1);
            });
        });
        assert_eq!(log.with(|log| log.clone()), [1, 2]);
    }

    #[test]
    fn a_panic_gives_the_lock_back() {
        let value = Locked::new(1);
        let panic = catch_unwind(AssertUnwindSafe(|| value.with(|_| panic!("in an access"))));
        assert!(panic.is_err());
        assert_eq!(value.with(|value| *value), 1);
    }
}

#[cfg(all(test, asynkit_loom))]
mod models {
    use super::Locked;
    use crate::util::sync::fault::{self, Fault};
    use loom::thread;
    use std::sync::Arc;

    /// Two threads touch it at once, and each access sees what the others did.
    fn count() {
        loom::model(|| {
            let shared = Arc::new(Locked::new(0));
            shared.with(|_| ());
            let other = Arc::clone(&shared);
            let other = thread::spawn(move || other.with(|count| *count += 1));
            shared.with(|count| *count += 1);
            other.join().unwrap();
            assert_eq!(shared.with(|count| *count), 2);
        });
    }

    #[test]
    fn accesses_exclude_each_other() {
        count();
    }

    #[test]
    #[should_panic(expected = "Causality violation")]
    fn an_unlock_that_does_not_release_is_found() {
        fault::plant(Fault::NoRelease);
        count();
    }

    #[test]
    #[should_panic(expected = "Causality violation")]
    fn a_lock_that_does_not_acquire_is_found() {
        fault::plant(Fault::NoAcquire);
        count();
    }
}
