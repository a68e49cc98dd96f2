//! [`Parcel`]: what an `oob` has in its hands: the item that it did not send yet, or where it waits.
//!
//! Invariants, which this file alone upholds:
//! 1. `word` is an answered turn, or one of three that nobody ever leaves. It is `NEW` iff `content.out` is an item that nobody has taken out; it is `WRITTEN` only if `content.ticket` is
//!    initialised.
//! 2. `word` is changed before the item is taken out or dropped, so that neither happens twice; while it is handed to
//!    [`send`](Parcel::send)'s closure, nobody else can look.
#![allow(
    unsafe_code,
    reason = "an item whose tag is also the turn that is waited for; the invariants are above"
)]

use super::turnstile::{Answered, Turn};
use core::mem::{self, ManuallyDrop};

const NEW: Turn = Turn::never(1);
const WRITTEN: Turn = Turn::never(2);
const DONE: Turn = Turn::never(3);

/// Where an `oob` is. In the slots its word is the very turn that it waits for: one comparison tells that the answer is
/// there, and that it is its own.
pub(super) struct Parcel<Out> {
    word: Turn,
    content: Content<Out>,
}

union Content<Out> {
    out: ManuallyDrop<Out>,
    ticket: u64,
}

/// The same to look at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    New,
    /// It is in the slots, in the name of the coroutine with this key.
    InSlot(usize),
    /// It has written the letter with this ticket.
    Written(u64),
    Done,
}

impl<Out> Parcel<Out> {
    #[inline(always)]
    pub(super) fn new(out: Out) -> Self {
        Parcel { word: NEW, content: Content { out: ManuallyDrop::new(out) } }
    }

    #[inline(always)]
    pub(super) fn is_new(&self) -> bool {
        self.word == NEW
    }

    /// Whether it has left something with the monitor.
    #[inline(always)]
    pub(super) fn waits(&self) -> bool {
        self.word != NEW && self.word != DONE
    }

    /// The turn that it waits for, an answered one; one that nobody ever leaves, if it is not in the slots.
    #[inline(always)]
    pub(super) fn turn(&self) -> Turn {
        self.word
    }

    pub(super) fn stage(&self) -> Stage {
        match self.word {
            NEW => Stage::New,
            // SAFETY: invariant 1.
            WRITTEN => Stage::Written(unsafe { self.content.ticket }),
            word => word.answered_key().map_or(Stage::Done, Stage::InSlot),
        }
    }

    /// Hands a new item to `f`, which sends it and tells the turn that it waits for from now on, or gives it back.
    #[inline(always)]
    pub(super) fn send(&mut self, f: impl FnOnce(Out) -> Result<Answered, Out>) -> bool {
        if self.word != NEW {
            return false;
        }
        // SAFETY: it was `NEW` (invariant 1).
        let out = unsafe { &mut self.content.out };
        // SAFETY: it is given back below, or else it is not `NEW` any more, also if `f` panics (invariant 2).
        let out = unsafe { ManuallyDrop::take(out) };
        let gone = Gone(&mut self.word);
        let sent = f(out);
        mem::forget(gone);
        match sent {
            Ok(answered) => {
                self.word = answered.turn();
                true
            }
            Err(out) => {
                self.content.out = ManuallyDrop::new(out);
                false
            }
        }
    }

    /// Takes the item out.
    pub(super) fn take(&mut self) -> Option<Out> {
        if self.word != NEW {
            return None;
        }
        self.word = DONE;
        // SAFETY: it was `NEW` (invariant 1).
        let out = unsafe { &mut self.content.out };
        // SAFETY: it is not `NEW` any more (invariant 2): this is the only copy.
        Some(unsafe { ManuallyDrop::take(out) })
    }

    /// It has written the letter with this ticket. An item that it still has is dropped.
    pub(super) fn written(&mut self, ticket: u64) {
        self.finish();
        self.content.ticket = ticket;
        self.word = WRITTEN;
    }

    /// It waits for nothing any more. An item that it still has is dropped.
    #[inline(always)]
    pub(super) fn finish(&mut self) {
        let word = self.word;
        self.word = DONE;
        if word == NEW {
            // SAFETY: it was `NEW` (invariant 1).
            let out = unsafe { &mut self.content.out };
            // SAFETY: it is not `NEW` any more (invariant 2): it is dropped once.
            unsafe { ManuallyDrop::drop(out) }
        }
    }
}

impl<Out> Drop for Parcel<Out> {
    #[inline(always)]
    fn drop(&mut self) {
        self.finish();
    }
}

/// The item has been lost on its way.
struct Gone<'a>(&'a mut Turn);

impl Drop for Gone<'_> {
    fn drop(&mut self) {
        *self.0 = DONE;
    }
}
