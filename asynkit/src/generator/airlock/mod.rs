//! [`Airlock`]: where an item waits for the owner, and an answer for the body.
//!
//! # Invariants
//! 1. **One at a time.** An airlock lies pinned beside the body of its generator. It is touched by the generator's own
//!    methods, which hold it exclusively, and by the handles that the body holds, while the body is polled or dropped,
//!    that is, inside those methods. So it is touched by one thread at a time. The exception are copies of a `SharedCo`,
//!    which a body may give to threads that it joins before its poll ends: they take [`Airlock::lock`] first.
//! 2. **The slot's state tells what is there.** `item` is initialised iff it is `HELD` or `OFFERED`; `answer` iff it is
//!    `ANSWERED`. Every function here checks the state that it needs, so that handles that were leaked (and then used
//!    out of turn) can lose values, but never read what is not there.
//! 3. No user code runs between a change of a value and the change of the state that belongs to it, nor while anything
//!    refers to what is in a cell.
#![allow(
    unsafe_code,
    reason = "values that only the state says are there, and handles that are sent with the body"
)]

use super::Resume;
#[cfg(feature = "std")]
use super::call::Frames;
use crate::scope::{self, Opened};
use alloc::{boxed::Box, collections::BTreeMap};
use core::{
    cell::{Cell, UnsafeCell},
    hint,
    mem::{self, MaybeUninit},
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Poll, Waker},
};

mod handle;
mod turns;

pub(super) use handle::{Address, Handle};
pub(super) use turns::Turn;

/// What the slot holds.
mod slot {
    /// Nothing. With a unit answer also: the item was taken, and the next poll is the answer.
    pub(super) const FREE: u8 = 0;
    /// An item; its `ayield` was not polled yet.
    pub(super) const HELD: u8 = 1;
    /// An item that the owner takes when the poll ends.
    pub(super) const OFFERED: u8 = 2;
    /// Nothing: the owner has taken the item and did not answer yet.
    pub(super) const TAKEN: u8 = 3;
    /// An answer.
    pub(super) const ANSWERED: u8 = 4;
}

/// What is unusual: with any of these a poll takes the slow way.
pub(super) mod flag {
    /// The last poll ended in an await that is no `ayield`.
    pub(in super::super) const AWAITS: u8 = 1;
    /// A waker is kept that has to be woken at the resume.
    pub(in super::super) const WAKE: u8 = 2;
    /// A `call` is in progress.
    pub(in super::super) const FRAMES: u8 = 4;
    /// An error is being thrown.
    pub(in super::super) const THROWS: u8 = 8;
    /// The called body on top was polled last and has offered an item, and nothing has changed since.
    pub(in super::super) const TOP: u8 = 16;
    /// There is no body to poll; it is one of the following.
    pub(in super::super) const CLOSED: u8 = 128;
    /// The body was not made yet.
    pub(in super::super) const NEW: u8 = CLOSED;
    /// The body is gone.
    pub(in super::super) const DONE: u8 = CLOSED | 1;
    /// The body is gone, and has left its value.
    pub(in super::super) const RETURNED: u8 = CLOSED | 2;
    /// The body has panicked and was not dropped yet.
    pub(in super::super) const POISONED: u8 = CLOSED | 4;
}

use slot::{ANSWERED, FREE, HELD, OFFERED, TAKEN};

pub(super) struct Airlock<Y, R> {
    /// The address of the waker of the running poll; compared, never read.
    poller: Cell<usize>,
    item: UnsafeCell<MaybeUninit<Y>>,
    answer: UnsafeCell<MaybeUninit<R>>,
    cold: UnsafeCell<Option<Box<Cold>>>,
    slot: Cell<u8>,
    flags: Cell<u8>,
    locked: AtomicBool,
}

/// What most generators never need.
#[derive(Default)]
pub(super) struct Cold {
    /// The waker of the `ayield` whose item is out, if a sub-executor in the body polls it.
    waker: Option<Waker>,
    /// The shared `ayield` whose item is out.
    holder: usize,
    last_ticket: usize,
    /// The shared `ayield`s that wait for the slot, in the order of their first polls.
    queue: BTreeMap<usize, Waker>,
    /// The poll with an error on offer that is going on.
    pub(super) opened: Option<Opened>,
    /// How often an `ayield` was told in this turn.
    pub(super) told: u32,
    #[cfg(feature = "std")]
    pub(super) frames: Frames,
}

impl<Y, R> Airlock<Y, R> {
    pub(super) const fn new() -> Self {
        Airlock {
            poller: Cell::new(0),
            item: UnsafeCell::new(MaybeUninit::uninit()),
            answer: UnsafeCell::new(MaybeUninit::uninit()),
            cold: UnsafeCell::new(None),
            slot: Cell::new(FREE),
            flags: Cell::new(flag::NEW),
            locked: AtomicBool::new(false),
        }
    }

    #[inline(always)]
    pub(super) fn flags(&self) -> u8 {
        self.flags.get()
    }

    #[inline(always)]
    pub(super) fn has(&self, flags: u8) -> bool {
        self.flags.get() & flags != 0
    }

    #[inline(always)]
    pub(super) fn set_flags(&self, flags: u8) {
        self.flags.set(flags);
    }

    pub(super) fn add_flags(&self, flags: u8) {
        self.flags.set(self.flags.get() | flags);
    }

    pub(super) fn remove_flags(&self, flags: u8) {
        self.flags.set(self.flags.get() & !flags);
    }

    /// A poll of the body begins.
    #[inline(always)]
    pub(super) fn polled_by(&self, waker: &Waker) {
        self.poller.set(address(waker));
    }

    #[inline(always)]
    pub(super) fn is_polled_by(&self, waker: &Waker) -> bool {
        self.poller.get() == address(waker)
    }

    /// Whether an item waits for the owner.
    #[inline(always)]
    pub(super) fn is_offered(&self) -> bool {
        self.slot.get() == OFFERED
    }

    /// Whether the owner has taken an item that its `ayield` was not answered for.
    #[inline(always)]
    pub(super) fn is_taken(&self) -> bool {
        self.slot.get() == TAKEN
    }

    /// Whether the body, which is suspended, waits in something else than an `ayield`.
    pub(super) fn is_elsewhere(&self) -> bool {
        matches!(self.slot.get(), FREE | HELD)
    }

    /// `f` runs no user code, and comes not back here.
    #[inline(always)]
    pub(super) fn with_cold<T>(&self, f: impl FnOnce(&mut Cold) -> T) -> T {
        // SAFETY: the pointer is the cell's own, and nobody refers to its content (invariants 1 and 3).
        let cold = unsafe { &mut *self.cold.get() };
        f(cold.get_or_insert_default())
    }

    /// The same, where nothing needs to be done if nothing was unusual so far.
    #[inline(always)]
    pub(super) fn with_old_cold<T>(&self, f: impl FnOnce(&mut Cold) -> T) -> Option<T> {
        // SAFETY: the pointer is the cell's own, and nobody refers to its content (invariants 1 and 3).
        let cold = unsafe { &mut *self.cold.get() };
        cold.as_deref_mut().map(f)
    }

    /// Whether an item waits for the owner, and the flags are these.
    #[inline(always)]
    pub(super) fn is_offered_with(&self, flags: u8) -> bool {
        // Two bytes side by side: one comparison.
        u16::from_ne_bytes([self.slot.get(), self.flags.get()]) == u16::from_ne_bytes([OFFERED, flags])
    }

    /// For copies of a handle, which several threads may use at a time.
    fn lock(&self) -> Guard<'_> {
        while self.locked.swap(true, Ordering::Acquire) {
            hint::spin_loop();
        }
        Guard(&self.locked)
    }

    #[inline(always)]
    fn put_item(&self, item: Y, state: u8) {
        // SAFETY: the pointer is the cell's own, and nobody refers to its content (invariant 1).
        let place = unsafe { &mut *self.item.get() };
        place.write(item);
        self.slot.set(state);
    }

    /// Takes the item out. The slot is `HELD` or `OFFERED`.
    #[inline(always)]
    fn take_item(&self, state: u8) -> Y {
        assert!(matches!(self.slot.get(), HELD | OFFERED), "the slot holds an item");
        self.slot.set(state);
        // SAFETY: the pointer is the cell's own, and nobody refers to its content (invariant 1).
        let place = unsafe { &*self.item.get() };
        // SAFETY: the slot was `HELD` or `OFFERED` (invariant 2), and is not any more: this is the only copy.
        unsafe { place.assume_init_read() }
    }

    /// Takes the answer out, if there is one; the slot is free then.
    #[inline(always)]
    fn take_answer(&self) -> Option<R> {
        if self.slot.get() != ANSWERED {
            return None;
        }
        self.slot.set(FREE);
        // SAFETY: the pointer is the cell's own, and nobody refers to its content (invariant 1).
        let place = unsafe { &*self.answer.get() };
        // SAFETY: the slot was `ANSWERED` (invariant 2), and is not any more: this is the only copy.
        Some(unsafe { place.assume_init_read() })
    }

    /// Frees the slot; what it held is to be dropped.
    fn take_all(&self) -> (Option<Y>, Option<R>) {
        let item = match self.slot.get() {
            HELD | OFFERED => Some(self.take_item(FREE)),
            _ => None,
        };
        let answer = self.take_answer();
        self.slot.set(FREE);
        (item, answer)
    }

    #[cold]
    #[inline(never)]
    fn clear(&self) {
        drop(self.take_all());
    }
}

/// The owner's side.
impl<Y, R: Resume> Airlock<Y, R> {
    /// What the slot is once the owner has taken the item: a unit is answered by the next poll.
    #[inline(always)]
    fn after_item() -> u8 {
        if R::UNIT.is_some() { FREE } else { TAKEN }
    }

    /// The item on offer, where nothing unusual goes on besides.
    #[inline(always)]
    pub(super) fn take_plain(&self) -> Option<Y> {
        self.is_offered_with(0).then(|| self.take_item(Self::after_item()))
    }

    /// The item on offer.
    pub(super) fn take(&self) -> Option<Y> {
        self.is_offered().then(|| self.take_item(Self::after_item()))
    }

    /// Whether an `ayield` waits to be answered.
    pub(super) fn is_waiting(&self) -> bool {
        !self.has(flag::CLOSED | flag::AWAITS) && self.slot.get() == Self::after_item()
    }

    /// Answers the `ayield` that waits. The slot is `TAKEN`.
    #[inline(always)]
    pub(super) fn give_answer(&self, answer: R) {
        debug_assert_eq!(self.slot.get(), TAKEN);
        // SAFETY: the pointer is the cell's own, and nobody refers to its content (invariant 1).
        let place = unsafe { &mut *self.answer.get() };
        place.write(answer);
        self.slot.set(ANSWERED);
    }

    /// Drops the item on offer, and answers its `ayield` as if it had never been made.
    pub(super) fn refuse(&self, answer: R) {
        let item = self.take();
        if R::UNIT.is_none() {
            self.give_answer(answer);
        }
        drop(item);
    }

    /// Wakes what a sub-executor in the body would not poll otherwise.
    #[cold]
    #[inline(never)]
    pub(super) fn wake(&self, cx: &Context<'_>) {
        let is_free = self.slot.get() == FREE;
        let (waker, next, is_last) = self.with_cold(|cold| {
            let next = if is_free { cold.queue.pop_first() } else { None };
            (cold.waker.take(), next, cold.queue.is_empty())
        });
        if is_last {
            self.remove_flags(flag::WAKE);
        }
        for waker in [waker, next.map(|(_, waker)| waker)].into_iter().flatten() {
            if !waker.will_wake(cx.waker()) {
                waker.wake();
            }
        }
    }
}

/// The body's side: one `ayield` at a time.
impl<Y, R: Resume> Airlock<Y, R> {
    /// An `ayield` is made.
    #[inline(always)]
    pub(super) fn hold(&self, item: Y) {
        // What a forgotten `ayield` has left. Where it needs no drop, it is just overwritten.
        if (R::UNIT.is_none() || mem::needs_drop::<Y>()) && self.slot.get() != FREE {
            self.clear();
        }
        self.put_item(item, HELD);
    }

    /// An `ayield` is polled.
    #[inline(always)]
    pub(super) fn poll(&self, cx: &Context<'_>) -> Poll<R> {
        if let Some(unit) = R::UNIT {
            if self.slot.get() == FREE {
                return Poll::Ready(unit);
            }
        } else if let Some(answer) = self.take_answer() {
            if self.has(flag::THROWS) {
                scope::count_take();
            }
            return Poll::Ready(answer);
        }
        if self.is_polled_by(cx.waker()) {
            self.offer();
        } else {
            self.offer_to_wake(cx);
        }
        Poll::Pending
    }

    #[inline(always)]
    fn offer(&self) {
        if R::UNIT.is_some() || self.slot.get() == HELD {
            self.slot.set(OFFERED);
        }
    }

    /// Keeps the waker of a sub-executor, which polls a child only when that child was woken.
    #[cold]
    #[inline(never)]
    fn offer_to_wake(&self, cx: &Context<'_>) {
        let waker = cx.waker().clone();
        let old = self.with_cold(|cold| cold.waker.replace(waker));
        self.add_flags(flag::WAKE);
        self.offer();
        drop(old);
    }

    /// An `ayield` is dropped: an item that was not taken is never sent, an answer that was not picked up is lost.
    #[inline(always)]
    pub(super) fn abandon(&self) {
        if self.slot.get() != FREE {
            self.clear();
        }
    }
}

impl<Y, R> Drop for Airlock<Y, R> {
    #[inline]
    fn drop(&mut self) {
        if self.slot.get() != FREE {
            self.clear();
        }
        // Out of the cell first: what is dropped with it may look there once more.
        if let Some(cold) = self.cold.get_mut().take() {
            drop(cold);
        }
    }
}

#[inline(always)]
fn address(waker: &Waker) -> usize {
    core::ptr::from_ref(waker) as usize
}

/// Held while the airlock is touched through a shared handle.
struct Guard<'a>(&'a AtomicBool);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
