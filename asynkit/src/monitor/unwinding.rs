//! What a panic leaves: of the coroutine, and of what else of a user's runs in the turn of a call.

use super::{
    call::finish,
    gate::Gate,
    slots::{Record, Slots},
    turnstile::Turnstile,
};
use core::{marker::PhantomData, mem, task::Waker};

/// A panic of the coroutine ends the call, and the coroutine.
pub(super) struct Unwinding<'a, Out, In, T: Turnstile<Slots<Out, In>>>(&'a Gate<T>, PhantomData<(Out, In)>);

impl<'a, Out, In, T: Turnstile<Slots<Out, In>>> Unwinding<'a, Out, In, T> {
    #[inline(always)]
    pub(super) fn new(gate: &'a Gate<T>) -> Self {
        Unwinding(gate, PhantomData)
    }
}

impl<Out, In, T: Turnstile<Slots<Out, In>>> Drop for Unwinding<'_, Out, In, T> {
    fn drop(&mut self) {
        finish(self.0);
    }
}

/// Runs what may be a user's, a waker or a destructor, in the turn of a call that has entered; a panic of it gives the call
/// up, and the coroutine is where it was.
pub(super) fn inside<Out, In, T: Turnstile<Slots<Out, In>>, R>(gate: &Gate<T>, f: impl FnOnce() -> R) -> R {
    let inside = Inside(gate, PhantomData);
    let result = f();
    mem::forget(inside);
    result
}

struct Inside<'a, Out, In, T: Turnstile<Slots<Out, In>>>(&'a Gate<T>, PhantomData<(Out, In)>);

impl<Out, In, T: Turnstile<Slots<Out, In>>> Drop for Inside<'_, Out, In, T> {
    fn drop(&mut self) {
        drop(leave_there(self.0));
    }
}

pub(super) type Replaced<Out, In> = (Option<Record<Out, In>>, Option<Waker>);

/// Leaves a coroutine where it is. What comes back is to be dropped outside of the turnstile.
#[cold]
#[inline(never)]
pub(super) fn leave_there<Out, In>(gate: &Gate<impl Turnstile<Slots<Out, In>>>) -> Replaced<Out, In> {
    gate.update(|turn, slots| {
        let rest = &mut *slots.rest.borrow_mut();
        let replaced = slots.stash(turn, rest);
        (rest.given_up(), (replaced, rest.owner.take()))
    })
}
