//! [`Parcel`]: what an `oob` has in its hands: the item that it did not send yet, or where it waits.
//!
//! Invariants, which this file alone upholds:
//! 1. `word` tells what `content` is: with `NEW` it is `out`, an item that nobody has taken out; with `WRITTEN` it is
//!    `ticket`, with `DONE` nothing, and with all else `key`.
//! 2. `word` is changed before the item is taken out or dropped, so that neither happens twice; while the item is handed to
//!    [`send`](Parcel::send)'s closure, nobody else can look.
#![allow(
    unsafe_code,
    reason = "an item whose tag is also the turn that is waited for; the invariants are above"
)]

use super::turnstile::{Awaited, Turn};
use core::mem::{self, ManuallyDrop};

const NEW: Turn = Turn::UNUSED[0];
const WRITTEN: Turn = Turn::UNUSED[1];
const DONE: Turn = Turn::UNUSED[2];

/// Where an `oob` is. In the slots its word is the very turn that it waits for: one comparison tells that the answer is
/// there, and that it is its own.
///
/// What it keeps of its place lies in the order of `Driven`, which is read at once.
#[repr(C)]
pub(super) struct Parcel<Out> {
    content: Content<Out>,
    word: Turn,
}

#[repr(C)]
union Content<Out> {
    out: ManuallyDrop<Out>,
    ticket: u64,
    key: usize,
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
            DONE => Stage::Done,
            // SAFETY: invariant 1.
            WRITTEN => Stage::Written(unsafe { self.content.ticket }),
            // SAFETY: invariant 1.
            _ => Stage::InSlot(unsafe { self.content.key }),
        }
    }

    /// Hands a new item to `f`, which sends it and tells what it waits for from now on, and in the name of the coroutine
    /// with which key; or gives it back.
    #[inline(always)]
    pub(super) fn send(&mut self, f: impl FnOnce(Out) -> Result<(Awaited, usize), Out>) -> bool {
        if !self.is_new() {
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
            Ok((awaited, key)) => {
                self.content.key = key;
                self.word = awaited.turn();
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
        if !self.is_new() {
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
        let word = mem::replace(&mut self.word, DONE);
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
