//! [`Turnstile`]: whose turn it is in a monitor, and the state that goes with it.

use core::{cell::Cell, task::Context};

/// Whose turn it is: a small number, or the address of the context that the coroutine is being polled with.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Turn(pub(super) usize);

impl Turn {
    /// No call is in progress and nothing waits.
    pub(super) const IDLE: Turn = Turn(0);
    /// No call is in progress; the coroutine that was driven last waits at its `oob`, and the owner has the item.
    pub(super) const PAUSED: Turn = Turn(1);
    /// No call is in progress; what waits is in the records.
    pub(super) const PARKED: Turn = Turn(2);
    /// A call is in progress, and its coroutine waits for something else.
    pub(super) const SUSPENDED: Turn = Turn(3);
    /// The coroutine is being polled, and has sent.
    pub(super) const FULL: Turn = Turn(4);
    /// It is being polled, and who wants to send has to queue.
    pub(super) const TAKEN: Turn = Turn(5);
    /// It is being polled and has sent, and letters wait that come next.
    pub(super) const CROWDED: Turn = Turn(6);
    /// It is being polled, and its answer lies ready; letters wait that come before what it sends next.
    pub(super) const ANSWERED: Turn = Turn(7);

    /// The coroutine is being polled, and may send: that is, who is polled with this very context. One that is made by a
    /// sub-executor lives beside it, at another address.
    #[inline(always)]
    pub(super) fn free(cx: &Context<'_>) -> Turn {
        Turn(core::ptr::from_ref(cx).addr())
    }

    /// It is being polled with this context, and its answer lies ready.
    #[inline(always)]
    pub(super) fn answered(cx: &Context<'_>) -> Turn {
        Turn(Turn::free(cx).0 | 1)
    }

    /// Whether it has sent.
    pub(super) const fn is_full(self) -> bool {
        self.0 == Turn::FULL.0 || self.0 == Turn::CROWDED.0
    }

    /// Whether a coroutine is being polled.
    pub(super) const fn is_inside(self) -> bool {
        self.0 >= Turn::FULL.0
    }

    /// Whether it may send, with whatever context.
    pub(super) const fn is_free(self) -> bool {
        self.0 > Turn::ANSWERED.0 && self.0 & 1 == 0
    }

    /// Whether its answer lies ready, with whatever context.
    pub(super) const fn is_answered(self) -> bool {
        self.0 >= Turn::ANSWERED.0 && self.0 & 1 == 1
    }
}

/// The address of a context is even, and larger than the named turns.
const _: () = assert!(align_of::<Context<'static>>() >= 2);

/// A state that is touched in turns: each access says which turn it may have, and leaves another.
///
/// What runs inside an access is ours and short: nothing is dropped, woken, cloned or polled there that is a user's, so
/// that nothing can come back here meanwhile.
pub trait Turnstile<S> {
    /// A glance, which may be outdated at once.
    fn turn(&self) -> Turn;

    /// Touches the state if it is the turn `from`, else gives `value` back. The hot path.
    fn step<T, R>(&self, from: Turn, value: T, f: impl FnOnce(&S, T) -> (Turn, R)) -> Result<R, T>;

    /// Touches the state, whatever the turn.
    fn update<R>(&self, f: impl FnOnce(Turn, &S) -> (Turn, R)) -> R;
}

/// The turnstile of one thread.
pub struct LocalTurnstile<S> {
    turn: Cell<Turn>,
    state: S,
}

impl<S> LocalTurnstile<S> {
    pub(super) const fn new(state: S) -> Self {
        LocalTurnstile { turn: Cell::new(Turn::IDLE), state }
    }
}

impl<S> Turnstile<S> for LocalTurnstile<S> {
    #[inline(always)]
    fn turn(&self) -> Turn {
        self.turn.get()
    }

    #[inline(always)]
    fn step<T, R>(&self, from: Turn, value: T, f: impl FnOnce(&S, T) -> (Turn, R)) -> Result<R, T> {
        if self.turn.get() != from {
            return Err(value);
        }
        let (to, result) = f(&self.state, value);
        self.turn.set(to);
        Ok(result)
    }

    fn update<R>(&self, f: impl FnOnce(Turn, &S) -> (Turn, R)) -> R {
        let (to, result) = f(self.turn.get(), &self.state);
        self.turn.set(to);
        result
    }
}
