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
use core::{
    cell::UnsafeCell,
    sync::atomic::{AtomicUsize, Ordering},
};

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
        let from = from.to_bits();
        if self.turn.compare_exchange(from, LOCKED, Ordering::Acquire, Ordering::Relaxed).is_err() {
            return Err(value);
        }
        let mut unlock = Unlock(&self.turn, Turn::TAKEN);
        // SAFETY: `turn` was changed from `from`, which is not `LOCKED`, to `LOCKED` by us, and `unlock` changes it back
        // only after the last use of the reference: by invariant 2 nobody else has one.
        let state = unsafe { &*self.state.get() };
        let (to, result) = f(state, value);
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
    if *spins > 64 {
        // It was preempted there.
        std::thread::yield_now();
        return;
    }
    core::hint::spin_loop();
}
