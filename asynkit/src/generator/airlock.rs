//! [`Airlock`]: where an item waits for the owner, and an answer for the body.
//!
//! # Invariants
//! 1. **One at a time.** An airlock lies pinned beside the body of its generator. It is touched by the generator's own
//!    methods, which hold it exclusively, and by the handles that the body holds, while the body is polled or dropped,
//!    that is, inside those methods. So it is touched by one thread at a time. The exception are copies of a `SharedCo`,
//!    which a body may give to threads that it joins before its poll ends: they take [`Airlock::lock`] first.
//! 2. **The state tells what is there.** `item` is initialised iff the slot is `HELD` or `OFFERED`; `answer` iff it is
//!    `ANSWERED`. Every function here checks the state that it needs, so that handles that were leaked (and then used
//!    out of turn) can lose values, but never read what is not there.
//! 3. No user code runs between a change of a value and the change of the state that belongs to it.
#![allow(
    unsafe_code,
    reason = "values that only the state says are there, and handles that are sent with the body"
)]

use super::Resume;
#[cfg(feature = "std")]
use super::call::Frames;
use crate::scope;
use alloc::{boxed::Box, collections::BTreeMap};
use core::{
    cell::{Cell, UnsafeCell},
    hint,
    mem::{self, MaybeUninit},
    ops::Deref,
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Poll, Waker},
};

/// What the slot holds: the low bits of the state.
pub(super) const SLOT: u8 = 7;
/// Nothing. With a unit answer also: the item was taken, and the next poll is the answer.
pub(super) const FREE: u8 = 0;
/// An item; its `ayield` was not polled yet.
pub(super) const HELD: u8 = 1;
/// An item that the owner takes when the poll ends.
pub(super) const OFFERED: u8 = 3;
/// Nothing: the owner has taken the item and did not answer yet.
pub(super) const TAKEN: u8 = 4;
/// An answer.
pub(super) const ANSWERED: u8 = 6;

/// The last poll ended in an await that is no `ayield`. From here on a poll is not a plain one.
pub(super) const AWAITS: u8 = 8;
/// A waker is kept that has to be woken at the resume.
pub(super) const WAKE: u8 = 16;
/// A `call` is in progress.
pub(super) const FRAMES: u8 = 32;
/// An error is being thrown.
pub(super) const THROWS: u8 = 64;
/// There is no body to poll; the bits above the slot then are one of the following.
pub(super) const CLOSED: u8 = 128;
/// The body was not made yet.
pub(super) const NEW: u8 = CLOSED;
/// The body is gone.
pub(super) const DONE: u8 = CLOSED | AWAITS;
/// The body has panicked and was not dropped yet.
pub(super) const POISONED: u8 = CLOSED | WAKE;

pub(super) struct Airlock<Y, R> {
    state: Cell<u8>,
    locked: AtomicBool,
    /// The address of the waker of the running poll; compared, never read.
    poller: Cell<usize>,
    item: UnsafeCell<MaybeUninit<Y>>,
    answer: UnsafeCell<MaybeUninit<R>>,
    cold: Cell<Option<Box<Cold>>>,
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
    #[cfg(feature = "std")]
    pub(super) frames: Frames,
}

impl<Y, R> Airlock<Y, R> {
    pub(super) const fn new() -> Self {
        Airlock {
            state: Cell::new(NEW),
            locked: AtomicBool::new(false),
            poller: Cell::new(0),
            item: UnsafeCell::new(MaybeUninit::uninit()),
            answer: UnsafeCell::new(MaybeUninit::uninit()),
            cold: Cell::new(None),
        }
    }

    #[inline(always)]
    pub(super) fn state(&self) -> u8 {
        self.state.get()
    }

    /// Changes the bits above the slot.
    #[inline(always)]
    pub(super) fn set_flags(&self, flags: u8) {
        debug_assert_eq!(flags & SLOT, 0);
        self.state.set(self.state.get() & SLOT | flags);
    }

    pub(super) fn add_flags(&self, flags: u8) {
        self.set_flags(self.state.get() & !SLOT | flags);
    }

    pub(super) fn remove_flags(&self, flags: u8) {
        self.set_flags(self.state.get() & !SLOT & !flags);
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

    /// `f` runs no user code.
    pub(super) fn with_cold<T>(&self, f: impl FnOnce(&mut Cold) -> T) -> T {
        let mut cold = self.cold.take().unwrap_or_default();
        let value = f(&mut cold);
        self.cold.set(Some(cold));
        value
    }

    #[cfg(feature = "std")]
    pub(super) fn has_cold(&self) -> bool {
        let cold = self.cold.take();
        let has_cold = cold.is_some();
        self.cold.set(cold);
        has_cold
    }

    /// For copies of a handle, which several threads may use at a time.
    pub(super) fn lock(&self) -> Guard<'_> {
        while self.locked.swap(true, Ordering::Acquire) {
            hint::spin_loop();
        }
        Guard(&self.locked)
    }

    #[inline(always)]
    fn put_item(&self, item: Y, state: u8) {
        // SAFETY: the pointer is the cell's own, and nobody refers to its content (invariant 1).
        let slot = unsafe { &mut *self.item.get() };
        slot.write(item);
        self.state.set(state);
    }

    /// Takes the item out, if there is one.
    #[inline(always)]
    fn take_item(&self, state: u8) -> Option<Y> {
        if self.state.get() & HELD == 0 {
            return None;
        }
        self.state.set(state);
        // SAFETY: the pointer is the cell's own, and nobody refers to its content (invariant 1).
        let slot = unsafe { &*self.item.get() };
        // SAFETY: the slot was `HELD` or `OFFERED` (invariant 2), and is not any more: this is the only copy.
        Some(unsafe { slot.assume_init_read() })
    }

    /// Takes the answer out, if there is one; the slot is free then.
    #[inline(always)]
    fn take_answer(&self) -> Option<R> {
        let state = self.state.get();
        if state & SLOT != ANSWERED {
            return None;
        }
        self.state.set(state & !SLOT);
        // SAFETY: the pointer is the cell's own, and nobody refers to its content (invariant 1).
        let slot = unsafe { &*self.answer.get() };
        // SAFETY: the slot was `ANSWERED` (invariant 2), and is not any more: this is the only copy.
        Some(unsafe { slot.assume_init_read() })
    }

    /// Frees the slot; drops what it held.
    #[cold]
    #[inline(never)]
    pub(super) fn clear(&self) {
        let free = self.state.get() & !SLOT;
        let item = self.take_item(free);
        let answer = self.take_answer();
        self.state.set(self.state.get() & !SLOT);
        drop((item, answer));
    }
}

/// The owner's side.
impl<Y, R: Resume> Airlock<Y, R> {
    /// The item on offer, where nothing unusual goes on besides.
    #[inline(always)]
    pub(super) fn take_plain(&self) -> Option<Y> {
        if self.state.get() == OFFERED {
            self.take_item(if R::UNIT.is_some() { FREE } else { TAKEN })
        } else {
            None
        }
    }

    /// The item on offer.
    pub(super) fn take(&self) -> Option<Y> {
        let state = self.state.get();
        if state & SLOT != OFFERED {
            return None;
        }
        self.take_item(state & !SLOT | if R::UNIT.is_some() { FREE } else { TAKEN })
    }

    /// Whether an `ayield` waits to be answered.
    pub(super) fn is_waiting(&self) -> bool {
        let waiting = if R::UNIT.is_some() { FREE } else { TAKEN };
        let state = self.state.get();
        state & (CLOSED | AWAITS) == 0 && state & SLOT == waiting
    }

    /// Answers the `ayield` that waits. The slot is `TAKEN`.
    #[inline(always)]
    pub(super) fn give_answer(&self, answer: R) {
        debug_assert_eq!(self.state.get() & SLOT, TAKEN);
        // SAFETY: the pointer is the cell's own, and nobody refers to its content (invariant 1).
        let slot = unsafe { &mut *self.answer.get() };
        slot.write(answer);
        self.state.set(self.state.get() & !SLOT | ANSWERED);
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
        let is_free = self.state.get() & SLOT == FREE;
        let (waker, next, is_last) = self.with_cold(|cold| {
            let next = if is_free { cold.queue.pop_first() } else { None };
            (cold.waker.take(), next, cold.queue.is_empty())
        });
        if is_last {
            self.remove_flags(WAKE);
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
        if (R::UNIT.is_none() || mem::needs_drop::<Y>()) && self.state.get() & SLOT != FREE {
            self.clear();
        }
        self.put_item(item, self.state.get() | HELD);
    }

    /// An `ayield` is polled.
    #[inline(always)]
    pub(super) fn poll(&self, cx: &Context<'_>) -> Poll<R> {
        let state = self.state.get();
        if let Some(unit) = R::UNIT {
            if state & HELD == 0 {
                return Poll::Ready(unit);
            }
        } else if let Some(answer) = self.take_answer() {
            if state & THROWS != 0 {
                scope::count_take();
            }
            return Poll::Ready(answer);
        }
        if !self.is_polled_by(cx.waker()) {
            self.register(cx);
        }
        if R::UNIT.is_some() || state & HELD != 0 {
            self.state.set(self.state.get() | OFFERED);
        }
        Poll::Pending
    }

    /// Keeps the waker of a sub-executor, which polls a child only when that child was woken.
    #[cold]
    #[inline(never)]
    fn register(&self, cx: &Context<'_>) {
        let waker = cx.waker().clone();
        let old = self.with_cold(|cold| cold.waker.replace(waker));
        self.add_flags(WAKE);
        drop(old);
    }

    /// An `ayield` is dropped: an item that was not taken is never sent, an answer that was not picked up is lost.
    #[inline(always)]
    pub(super) fn abandon(&self) {
        if self.state.get() & SLOT != FREE {
            self.clear();
        }
    }
}

/// A shared `ayield`: where it stands.
pub(super) struct Turn<Y> {
    /// `None`: it is in the slot, or was.
    item: Option<Y>,
    /// 0: it was not polled yet.
    ticket: usize,
}

impl<Y> Turn<Y> {
    pub(super) fn new(item: Y) -> Self {
        Turn { item: Some(item), ticket: 0 }
    }
}

/// The body's side: several `ayield`s that take turns. Wakers are cloned, woken and dropped outside of the lock.
impl<Y, R: Resume> Airlock<Y, R> {
    /// What handles that are gone have left.
    pub(super) fn share(&self) {
        self.abandon();
        let queue = self.with_cold(|cold| mem::take(&mut cold.queue));
        drop(queue);
    }

    pub(super) fn poll_turn(&self, turn: &mut Turn<Y>, cx: &Context<'_>) -> Poll<R> {
        let waker = cx.waker().clone();
        let (result, next, old) = {
            let _lock = self.lock();
            self.take_turn(turn, waker, cx)
        };
        drop(old);
        if let Some(next) = next {
            next.wake();
        }
        result
    }

    /// Also gives the waker to be woken, and the one to be dropped.
    fn take_turn(
        &self,
        turn: &mut Turn<Y>,
        waker: Waker,
        cx: &Context<'_>,
    ) -> (Poll<R>, Option<Waker>, Option<Waker>) {
        if turn.ticket == 0 {
            turn.ticket = self.with_cold(|cold| {
                cold.last_ticket += 1;
                cold.last_ticket
            });
        }
        let is_holder = self.with_cold(|cold| cold.holder == turn.ticket);
        if turn.item.is_some() {
            if self.state.get() & SLOT != FREE {
                let old = self.with_cold(|cold| cold.queue.insert(turn.ticket, waker));
                self.add_flags(WAKE);
                return (Poll::Pending, None, old);
            }
            if let Some(item) = turn.item.take() {
                self.put_item(item, self.state.get() | OFFERED);
            }
            let old = self.with_cold(|cold| {
                cold.holder = turn.ticket;
                cold.queue.remove(&turn.ticket)
            });
            return (Poll::Pending, None, self.keep(waker, cx).or(old));
        }
        if let Some(unit) = R::UNIT {
            if !is_holder || self.state.get() & HELD == 0 {
                self.release(turn);
                return (Poll::Ready(unit), None, Some(waker));
            }
        } else if is_holder {
            if let Some(answer) = self.take_answer() {
                if self.state.get() & THROWS != 0 {
                    scope::count_take();
                }
                self.release(turn);
                return (Poll::Ready(answer), self.next_in_turn(), Some(waker));
            }
        }
        (Poll::Pending, None, self.keep(waker, cx))
    }

    /// Keeps the waker of the `ayield` in the slot, if it is not the one that will poll anyway.
    fn keep(&self, waker: Waker, cx: &Context<'_>) -> Option<Waker> {
        if self.is_polled_by(cx.waker()) {
            return Some(waker);
        }
        self.add_flags(WAKE);
        self.with_cold(|cold| cold.waker.replace(waker))
    }

    /// The slot is left, and the `ayield` is over.
    fn release(&self, turn: &mut Turn<Y>) {
        let ticket = mem::take(&mut turn.ticket);
        self.with_cold(|cold| {
            if cold.holder == ticket {
                cold.holder = 0;
            }
        });
    }

    fn next_in_turn(&self) -> Option<Waker> {
        self.with_cold(|cold| cold.queue.pop_first()).map(|(_, waker)| waker)
    }

    /// A shared `ayield` is dropped; the turn passes on.
    pub(super) fn drop_turn(&self, turn: &mut Turn<Y>) {
        if turn.ticket == 0 {
            return;
        }
        let mut left = None;
        let (waker, next) = {
            let _lock = self.lock();
            let waker = self.with_cold(|cold| cold.queue.remove(&turn.ticket));
            if turn.item.is_none() && self.with_cold(|cold| cold.holder == turn.ticket) {
                self.release(turn);
                let free = self.state.get() & !SLOT;
                left = Some((self.take_item(free), self.take_answer()));
                self.state.set(self.state.get() & !SLOT);
            }
            let next = if self.state.get() & SLOT == FREE { self.next_in_turn() } else { None };
            (waker, next)
        };
        if let Some(next) = next {
            next.wake();
        }
        drop((waker, left));
    }
}

impl<Y, R> Drop for Airlock<Y, R> {
    #[inline]
    fn drop(&mut self) {
        if self.state.get() & SLOT != FREE {
            self.clear();
        }
        // Out of the cell first: what is dropped with it may look there once more.
        if let Some(cold) = self.cold.take() {
            drop(cold);
        }
    }
}

#[inline(always)]
fn address(waker: &Waker) -> usize {
    core::ptr::from_ref(waker) as usize
}

/// Held while the airlock is touched through a shared handle.
pub(super) struct Guard<'a>(&'a AtomicBool);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// The body's way to the airlock.
pub(super) struct Handle<'a, Y, R>(&'a Airlock<Y, R>);

// SAFETY: a handle is used by the body, that is, by one thread at a time, or under the lock (invariant 1). What it
// reaches are values of `Y` and `R`, wakers, which are `Send`, and the frames of calls, which look after themselves.
unsafe impl<Y: Send, R: Send> Send for Handle<'_, Y, R> {}

impl<Y, R> Clone for Handle<'_, Y, R> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<Y, R> Copy for Handle<'_, Y, R> {}

impl<Y, R> Deref for Handle<'_, Y, R> {
    type Target = Airlock<Y, R>;

    #[inline(always)]
    fn deref(&self) -> &Airlock<Y, R> {
        self.0
    }
}

/// The address of an airlock, on its way into the body.
pub(super) struct Address<Y, R>(*const Airlock<Y, R>);

// SAFETY: as `Handle`.
unsafe impl<Y: Send, R: Send> Send for Address<Y, R> {}

impl<Y, R> Address<Y, R> {
    #[inline(always)]
    pub(super) fn of(airlock: &Airlock<Y, R>) -> Self {
        Address(airlock)
    }

    /// # Safety
    /// The airlock is pinned, and neither moved nor dropped as long as the handle is used.
    #[inline(always)]
    pub(super) unsafe fn handle<'a>(self) -> Handle<'a, Y, R> {
        // SAFETY: the caller's promise.
        Handle(unsafe { &*self.0 })
    }
}
