//! [`Gate`]: a turnstile, and the messages that pass through it.
//!
//! Invariants:
//! 1. The slots are reached only between a turn that somebody had and the one that he leaves, exclusively, and nobody is
//!    there twice: the two [`Turnstile`]s see to that, and a `Gate` makes its own, lets nobody else at it, and lends the
//!    slots to closures that cannot keep them.
//! 2. **The turn tells what is there.** Between two accesses there is an item in `out` iff the turn is full, and an answer
//!    in `answer` iff it is answered. A new gate is idle and empty, each passage here leaves it so, and [`Gate::update`]
//!    proves it of what its closures leave. The turns of a [`Driven`] are what their names say: only this file sets them.
//! 3. While such a closure runs, `is_there` tells it instead, which only [`Slot`]'s own methods change. If it panics, the
//!    turn is neither full nor answered; what is there then is leaked.
//! 4. Nothing of a user's runs while something refers to what is in a slot: messages are moved, never looked at.
//!
//! Both are empty unless a coroutine is being polled through the monitor, and the monitor is borrowed for as long: so the
//! slots need not drop anything, and messages may borrow from what was declared after the monitor.
#![allow(unsafe_code, reason = "messages whose tag is the turn; the invariants are above")]

use super::{
    parcel::Parcel,
    shared::SharedTurnstile,
    slots::Slots,
    told::is_quiet,
    turnstile::{Awaited, LocalTurnstile, Turn, Turnstile},
};
use core::{
    cell::{Cell, UnsafeCell},
    mem::MaybeUninit,
    task::Context,
};

/// Where one message lies while it passes.
pub(super) struct Slot<T> {
    value: UnsafeCell<MaybeUninit<T>>,
    /// Whether it is there, while [`Gate::update`] runs.
    is_there: Cell<bool>,
}

impl<T> Slot<T> {
    pub(super) const fn new() -> Self {
        Slot { value: UnsafeCell::new(MaybeUninit::uninit()), is_there: Cell::new(false) }
    }

    /// Takes what is there.
    pub(super) fn take(&self) -> Option<T> {
        // SAFETY: closures of `Gate::update` alone get at a slot: `is_there` tells (invariant 3), and is cleared.
        self.is_there.replace(false).then(|| unsafe { self.read() })
    }

    /// Puts a message there; what it replaces comes back.
    pub(super) fn put(&self, value: T) -> Option<T> {
        let old = self.take();
        self.write(value);
        self.is_there.set(true);
        old
    }

    #[inline(always)]
    fn write(&self, value: T) {
        // SAFETY: nobody else is at the slots (invariant 1), and no reference to what is in them outlives an expression.
        unsafe { (*self.value.get()).write(value) };
    }

    /// # Safety
    /// A message is there, and is not read again.
    #[inline(always)]
    unsafe fn read(&self) -> T {
        // SAFETY: nobody else is at the slots (invariant 1), and the reference does not outlive the next expression.
        let value = unsafe { &*self.value.get() };
        // SAFETY: the caller's promise.
        unsafe { value.assume_init_read() }
    }
}

/// The coroutine that is being driven, or was driven last, in the words of its turns.
#[repr(C)]
pub(super) struct Driven {
    key: Cell<usize>,
    awaited: Cell<Awaited>,
    answered: Cell<Turn>,
    free: Cell<Turn>,
}

impl Driven {
    pub(super) const fn new() -> Self {
        let awaited = Awaited::new(0);
        Driven {
            key: Cell::new(0),
            awaited: Cell::new(awaited),
            answered: Cell::new(awaited.answered()),
            free: Cell::new(Turn::TAKEN),
        }
    }

    pub(super) fn key(&self) -> usize {
        self.key.get()
    }

    pub(super) fn set_key(&self, key: usize) {
        let awaited = Awaited::new(key);
        self.key.set(key);
        self.awaited.set(awaited);
        self.answered.set(awaited.answered());
    }

    /// From here on it is being polled with `cx`.
    #[inline(always)]
    pub(super) fn enter(&self, cx: &Context<'_>) {
        self.free.set(Turn::free(cx));
    }

    /// The turn in which it may send.
    #[inline(always)]
    pub(super) fn free(&self) -> Turn {
        self.free.get()
    }

    /// The turn in which its answer lies ready.
    #[inline(always)]
    pub(super) fn answered(&self) -> Turn {
        self.answered.get()
    }
}

/// A turnstile with the slots behind it.
pub struct Gate<T> {
    turnstile: T,
}

impl<Out, In> Gate<LocalTurnstile<Slots<Out, In>>> {
    pub(super) const fn new() -> Self {
        Gate { turnstile: LocalTurnstile::new(Slots::new()) }
    }
}

impl<Out, In> Gate<SharedTurnstile<Slots<Out, In>>> {
    pub(super) const fn new() -> Self {
        Gate { turnstile: SharedTurnstile::new(Slots::new()) }
    }
}

impl<T> Gate<T> {
    /// A glance, which may be outdated at once.
    pub(super) fn turn<Out, In>(&self) -> Turn
    where
        T: Turnstile<Slots<Out, In>>,
    {
        self.turnstile.turn()
    }

    /// The owner of the coroutine with this key, which was driven last and is paused, answers it: from here on the
    /// coroutine is being polled with `cx`. Else it does not ask for the data.
    #[inline(always)]
    pub(super) fn answer<Out, In>(
        &self,
        key: usize,
        cx: &Context<'_>,
        data: impl FnOnce() -> Option<In>,
    ) -> bool
    where
        T: Turnstile<Slots<Out, In>>,
    {
        let answered = self.turnstile.step(Turn::PAUSED, (), |slots, ()| {
            let data = if slots.driven.key.get() == key { data() } else { None };
            let Some(data) = data else { return (Turn::PAUSED, false) };
            // Paused is not answered: there was no answer there.
            slots.answer.write(data);
            slots.driven.enter(cx);
            (slots.driven.answered(), true)
        });
        answered == Ok(true)
    }

    /// The `oob` that waits for this turn, one of an answer, reads its answer; it may send again.
    #[inline(always)]
    pub(super) fn read<Out, In>(&self, parcel: &Parcel<Out>) -> Option<In>
    where
        T: Turnstile<Slots<Out, In>>,
    {
        if parcel.is_new() {
            return None;
        }
        let read = self.turnstile.step(parcel.turn(), (), |slots, ()| {
            // SAFETY: a turn that somebody has left, and that a parcel waits for, is an answered one: the answer is
            // there (invariant 2), and the turn that is left is not answered.
            (slots.driven.free(), unsafe { slots.answer.read() })
        });
        read.ok()
    }

    /// Sends what is new in the parcel, if the coroutine may send and is being polled with `cx`, and no error is on offer.
    #[inline(always)]
    pub(super) fn send<Out, In>(&self, parcel: &mut Parcel<Out>, cx: &Context<'_>) -> bool
    where
        T: Turnstile<Slots<Out, In>>,
    {
        parcel.send(|out| {
            if !is_quiet(cx) {
                return Err(out);
            }
            self.turnstile.step(Turn::free(cx), out, |slots, out| {
                // Free is not full: there was no item there.
                slots.out.write(out);
                (Turn::FULL, (slots.driven.awaited.get(), slots.driven.key()))
            })
        })
    }

    /// The owner of the coroutine that is being polled takes the item that it has sent.
    #[inline(always)]
    pub(super) fn collect<Out, In>(&self) -> Option<Out>
    where
        T: Turnstile<Slots<Out, In>>,
    {
        let taken = self.turnstile.step(Turn::FULL, (), |slots, ()| {
            // SAFETY: the turn is full: the item is there (invariant 2), and the turn that is left is not.
            (Turn::PAUSED, unsafe { slots.out.read() })
        });
        taken.ok()
    }

    /// Whatever is unusual: touches the state, whatever the turn.
    ///
    /// # Panics
    /// If the turn that `f` leaves does not tell what is in the slots: that would be a bug of ours.
    pub(super) fn update<Out, In, R>(&self, f: impl FnOnce(Turn, &Slots<Out, In>) -> (Turn, R)) -> R
    where
        T: Turnstile<Slots<Out, In>>,
    {
        self.turnstile.update(|turn, slots| {
            slots.out.is_there.set(turn.is_full());
            slots.answer.is_there.set(turn.is_answered());
            let (to, result) = f(turn, slots);
            let is_told = slots.out.is_there.get() == to.is_full()
                && slots.answer.is_there.get() == to.is_answered()
                && !to.is_never();
            assert!(is_told, "the turn of a monitor tells what is in its slots");
            (to, result)
        })
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    type Local = Gate<LocalTurnstile<Slots<u8, u8>>>;

    #[test]
    fn a_turn_that_lies_is_refused_and_nothing_is_read() {
        let lies =
            [Turn::FULL, Turn::CROWDED, Turn::ANSWERED, Awaited::new(8).turn(), Awaited::new(9).turn()];
        for lie in lies {
            let gate = Local::new();
            let refused = catch_unwind(AssertUnwindSafe(|| gate.update(|_, _| (lie, ()))));
            assert!(refused.is_err());
            assert!(gate.turn() == Turn::TAKEN);
            assert!(gate.collect().is_none());
            gate.update(|_, slots| {
                assert!(slots.out.take().is_none() && slots.answer.take().is_none());
                (Turn::IDLE, ())
            });
        }
    }

    #[test]
    fn a_message_that_no_turn_tells_is_refused() {
        let gate = Local::new();
        let refused = catch_unwind(AssertUnwindSafe(|| {
            gate.update(|turn, slots| {
                assert!(slots.out.put(1).is_none());
                (turn, ())
            });
        }));
        assert!(refused.is_err() && gate.turn() == Turn::TAKEN && gate.collect().is_none());
    }

    #[test]
    fn an_access_inside_an_access_is_refused() {
        let gate = Local::new();
        let refused = catch_unwind(AssertUnwindSafe(|| {
            gate.update(|turn, _| {
                assert!(gate.collect().is_none());
                gate.update(|turn, _| (turn, ()));
                (turn, ())
            });
        }));
        assert!(refused.is_err() && gate.turn() == Turn::TAKEN);
    }
}
