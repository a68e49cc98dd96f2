//! [`SharedTurnstile`]: the turnstile of several threads.
//!
//! Invariants, which this file alone upholds:
//! 1. `state` is reached only through `step` and `update`, and only between a compare-exchange that changed `turn` from
//!    another value to `LOCKED` and the store that follows it. `turn` is private, and written nowhere else.
//! 2. While `turn` is `LOCKED` every other compare-exchange fails, for none expects `LOCKED`, which no [`Turn`] is. So one
//!    thread at a time is between the two, and the reference it hands out does not outlive the closure that it is handed
//!    to.
//! 3. The compare-exchange acquires what the store before it has released: each access sees all that the one before it
//!    did, on whatever thread that was.
//!
//! An access inside an access on one thread would wait for itself: it is the rule of [`Turnstile`] that closures are
//! ours and short. It could hang, it could not alias.
#![allow(unsafe_code, reason = "one cell that several threads touch in turns; the invariants are above")]

use super::turnstile::{Turn, Turnstile};
#[cfg(asynkit_loom)]
use crate::util::sync::fault::{self, Fault};
use crate::util::sync::{self, AtomicUsize, Ordering, UnsafeCell};

/// The bits of no turn.
const LOCKED: usize = usize::MAX;

/// The turnstile of several threads: a lock of one word whose unlocked state says whose turn it is.
pub struct SharedTurnstile<S> {
    turn: AtomicUsize,
    state: UnsafeCell<S>,
}

// SAFETY: by invariants 1 to 3 the threads that share a `SharedTurnstile` have exclusive access to `state` in turn, as
// if it was sent from one to the next; `S: Send` allows that.
unsafe impl<S: Send> Sync for SharedTurnstile<S> {}

/// Gives the turn on, also when a closure panics.
struct Unlock<'a>(&'a AtomicUsize, Turn);

impl Drop for Unlock<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        #[cfg(asynkit_loom)]
        if fault::is(Fault::NoRelease) {
            return self.0.store(self.1.to_bits(), Ordering::Relaxed);
        }
        self.0.store(self.1.to_bits(), Ordering::Release);
    }
}

impl<S> SharedTurnstile<S> {
    pub(super) const fn new(state: S) -> Self {
        SharedTurnstile { turn: AtomicUsize::new(Turn::IDLE.to_bits()), state: UnsafeCell::new(state) }
    }
}

impl<S> Turnstile<S> for SharedTurnstile<S> {
    #[inline(always)]
    fn turn(&self) -> Turn {
        Turn::from_bits(self.turn.load(Ordering::Relaxed))
    }

    #[inline(always)]
    fn step<T, R>(&self, from: Turn, value: T, f: impl FnOnce(&S, T) -> (Turn, R)) -> Result<R, T> {
        let order = Ordering::Acquire;
        #[cfg(asynkit_loom)]
        let order = if fault::is(Fault::NoAcquire) { Ordering::Relaxed } else { order };
        if self.turn.compare_exchange(from.to_bits(), LOCKED, order, Ordering::Relaxed).is_err() {
            return Err(value);
        }
        let mut unlock = Unlock(&self.turn, Turn::TAKEN);
        let (to, result) = self.state.with_mut(|state| {
            // SAFETY: `turn` was changed from `from`, which is not `LOCKED`, to `LOCKED` by us, and `unlock` changes it
            // back only after the last use of the reference: by invariant 2 nobody else has one.
            f(unsafe { &*state }, value)
        });
        unlock.1 = to;
        Ok(result)
    }

    fn update<R>(&self, mut f: impl FnOnce(Turn, &S) -> (Turn, R)) -> R {
        let mut spins = 0;
        loop {
            let turn = self.turn();
            match self.step(turn, f, |state, f| f(turn, state)) {
                Ok(result) => return result,
                Err(unused) => f = unused,
            }
            wait(&mut spins);
        }
    }
}

/// Another thread is in the few instructions of an access.
#[cold]
fn wait(spins: &mut u32) {
    *spins += 1;
    #[cfg(feature = "std")]
    if *spins > 64 || cfg!(asynkit_loom) {
        // It was preempted there.
        sync::yield_now();
        return;
    }
    sync::spin_loop();
}

#[cfg(all(test, asynkit_loom))]
mod models {
    use super::{SharedTurnstile, Turn, Turnstile as _};
    use crate::util::sync::fault::{self, Fault};
    use core::cell::Cell;
    use loom::thread;
    use std::sync::Arc;

    fn shared() -> Arc<SharedTurnstile<Cell<u32>>> {
        let shared = Arc::new(SharedTurnstile::new(Cell::new(0)));
        shared.update(|turn, _| (turn, ()));
        shared
    }

    /// Two threads touch it at once, and each access sees what the others did.
    fn count() {
        loom::model(|| {
            let shared = shared();
            let add = |shared: &SharedTurnstile<Cell<u32>>| {
                shared.update(|turn, count| (turn, count.set(count.get() + 1)));
            };
            let other = Arc::clone(&shared);
            let other = thread::spawn(move || add(&other));
            add(&shared);
            other.join().unwrap();
            assert_eq!(shared.update(|turn, count| (turn, count.get())), 2);
        });
    }

    /// One leaves a value and the turn, the other takes both, or finds that it is not its turn.
    fn hand_over() {
        loom::model(|| {
            let shared = shared();
            let other = Arc::clone(&shared);
            let other = thread::spawn(move || {
                other.step(Turn::IDLE, 7, |count, value| (Turn::PAUSED, count.set(value))).unwrap();
            });
            let taken = shared.step(Turn::PAUSED, (), |count, ()| (Turn::IDLE, count.take()));
            assert!(matches!(taken, Ok(7) | Err(())));
            other.join().unwrap();
            let left = shared.update(|turn, count| (turn, (turn == Turn::PAUSED, count.get())));
            assert_eq!(left, if taken.is_ok() { (false, 0) } else { (true, 7) });
        });
    }

    #[test]
    fn accesses_exclude_each_other() {
        count();
    }

    #[test]
    fn a_turn_is_handed_over_with_what_was_done_in_it() {
        hand_over();
    }

    #[test]
    #[should_panic(expected = "Causality violation")]
    fn an_unlock_that_does_not_release_is_found() {
        fault::plant(Fault::NoRelease);
        count();
    }

    #[test]
    #[should_panic(expected = "Causality violation")]
    fn a_step_that_does_not_acquire_is_found() {
        fault::plant(Fault::NoAcquire);
        hand_over();
    }
}
