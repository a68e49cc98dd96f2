//! [`Turnstile`]: whose turn it is in a monitor, and the state that goes with it.

use core::{cell::Cell, task::Context};

/// Whose turn it is: one word, so that one comparison tells what a hot path has to know.
///
/// Its low two bits tell its kind; the others tell whose it is, by the address of a context or the key of a coroutine, or
/// which of those that have a name. It never is `usize::MAX`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Turn(usize);

const KIND: usize = 3;
const FREE: usize = 0;
const ANSWERED: usize = 1;
const NAMED: usize = 3;

impl Turn {
    /// No call is in progress and nothing waits.
    pub(super) const IDLE: Turn = Turn::named(0);
    /// No call is in progress; the coroutine that was driven last waits at its `oob`, and the owner has the item.
    pub(super) const PAUSED: Turn = Turn::named(1);
    /// No call is in progress; what waits is in the records.
    pub(super) const PARKED: Turn = Turn::named(2);
    /// A call is in progress, and its coroutine waits for something else.
    pub(super) const SUSPENDED: Turn = Turn::named(3);
    /// The coroutine is being polled, and has sent.
    pub(super) const FULL: Turn = Turn::named(4);
    /// It is being polled, and who wants to send has to queue.
    pub(super) const TAKEN: Turn = Turn::named(5);
    /// It is being polled and has sent, and letters wait that come next.
    pub(super) const CROWDED: Turn = Turn::named(6);
    /// It is being polled, and its answer lies ready; either letters wait that come before what it sends next, or no turn
    /// can tell its key.
    pub(super) const ANSWERED: Turn = Turn::named(7);
    /// Not a turn: somebody is at the state.
    pub(super) const LOCKED: Turn = Turn::never(0);
    /// Not a turn: it would tell whose answer lies ready, but cannot.
    const UNTOLD: Turn = Turn::never(1);
    /// Not turns, and not used here.
    pub(super) const UNUSED: [Turn; 3] = [Turn::never(2), Turn::never(3), Turn::never(4)];

    const fn named(number: usize) -> Turn {
        Turn(number << 2 | NAMED)
    }

    /// A word that is no turn: nobody ever leaves it. There are a few.
    const fn never(number: u8) -> Turn {
        Turn::named(8 + number as usize)
    }

    /// The coroutine is being polled, and may send: that is, who is polled with this very context. One that is made by a
    /// sub-executor lives beside it, at another address.
    #[inline(always)]
    pub(super) fn free(cx: &Context<'_>) -> Turn {
        Turn(core::ptr::from_ref(cx).addr() | FREE)
    }

    /// Whether it has sent.
    pub(super) const fn is_full(self) -> bool {
        self.0 == Turn::FULL.0 || self.0 == Turn::CROWDED.0
    }

    /// Whether a coroutine is being polled.
    pub(super) const fn is_inside(self) -> bool {
        self.0 & KIND != NAMED || self.0 >= Turn::FULL.0
    }

    /// Whether it may send, with whatever context.
    pub(super) const fn is_free(self) -> bool {
        self.0 & KIND == FREE
    }

    /// Whether its answer lies ready.
    pub(super) const fn is_answered(self) -> bool {
        self.0 & KIND == ANSWERED || self.0 == Turn::ANSWERED.0
    }

    /// Whether it is one that nobody ever leaves.
    pub(super) const fn is_never(self) -> bool {
        self.0 & KIND == NAMED && self.0 > Turn::ANSWERED.0
    }

    /// For a turnstile that keeps it in an integer: never `usize::MAX`.
    pub(super) const fn to_bits(self) -> usize {
        self.0
    }

    pub(super) const fn from_bits(bits: usize) -> Turn {
        if bits == usize::MAX { Turn::LOCKED } else { Turn(bits) }
    }
}

/// What the `oob` of a coroutine waits for: the turn that tells that its answer lies ready, and that it is its own.
///
/// There is none for a key with other low bits than zeros, which is the address of a coroutine that contains no address.
/// What waits for such an answer looks for it off the hot path.
#[derive(Clone, Copy)]
pub(super) struct Awaited(Turn);

impl Awaited {
    /// What the `oob` of the coroutine with this key waits for.
    pub(super) const fn new(key: usize) -> Self {
        Awaited(if key & KIND == 0 { Turn(key | ANSWERED) } else { Turn::UNTOLD })
    }

    /// An answered turn, or one that nobody ever leaves: never one of those that a `Parcel` has names for.
    #[inline(always)]
    pub(super) const fn turn(self) -> Turn {
        self.0
    }

    /// The turn in which it lies ready.
    pub(super) const fn answered(self) -> Turn {
        if self.0.0 & KIND == ANSWERED { self.0 } else { Turn::ANSWERED }
    }
}

/// The addresses of contexts leave room for the kind.
const _: () = assert!(align_of::<Context<'static>>() > KIND);

/// A state that is touched in turns: each access says which turn it may have, and leaves another.
///
/// What runs inside an access is ours and short: nothing is dropped, woken, cloned or polled there that is a user's, so
/// that nothing can come back here meanwhile. Should an `update` panic, the turn is `TAKEN` from then on.
///
/// A [`Gate`](super::gate::Gate) relies on it that nobody else is at the state during an access, and that an access begins
/// with the turn that the one before it has left.
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
        let turn = self.turn.replace(Turn::LOCKED);
        assert!(turn != Turn::LOCKED, "an access to a monitor is not inside another one");
        let mut unlock = Unlock(&self.turn, Turn::TAKEN);
        let (to, result) = f(turn, &self.state);
        unlock.1 = to;
        result
    }
}

/// Gives the turn on, also when a closure panics.
struct Unlock<'a>(&'a Cell<Turn>, Turn);

impl Drop for Unlock<'_> {
    fn drop(&mut self) {
        self.0.set(self.1);
    }
}
