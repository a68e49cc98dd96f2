//! [`Body`]: a branded generator, the body and its airlock side by side.
//!
//! # Invariants
//! 1. **Pinned.** A body is made, polled and dropped in place; its handles hold the address of the airlock beside it.
//!    `Body` is never `Unpin`. The handles live inside the body, whose closure is written for every lifetime (see
//!    [`generator`](super::generator())) and so cannot let one out; the airlock is dropped after the body.
//! 2. **The flags tell what is there.** `code.make` is initialised iff they are `NEW`; `code.value` iff they are
//!    `RETURNED`; `code.future` iff they are neither of these, nor `DONE`. They are `DONE` before any of them is taken
//!    out or dropped, so that a panic there leaves nothing to be dropped twice.
//!
//! # One poll
//! The code that a user wrote is polled at one place ([`Body::turn`]), so that the compiler may put it there: whatever
//! is unusual is done before it or after it, and comes back to it.
#![allow(unsafe_code, reason = "a future that borrows from the airlock beside it")]

use super::{
    Resume,
    airlock::{Address, Airlock, flag},
    raw::{Answer, RawGenerator},
};
use crate::{scope::Scope, step::Step};
use core::{
    future::Future,
    marker::PhantomPinned,
    mem::{self, ManuallyDrop},
    pin::Pin,
    task::{Context, Poll},
};

mod slow;

use slow::Next;

pub(super) struct Body<F, Fut: Future, Y, R> {
    airlock: Airlock<Y, R>,
    /// What an error is thrown to where the body waits in an await that is not ours.
    scope: Scope,
    code: Code<F, Fut>,
    _pinned: PhantomPinned,
}

union Code<F, Fut: Future> {
    make: ManuallyDrop<F>,
    future: ManuallyDrop<Fut>,
    value: ManuallyDrop<Fut::Output>,
}

/// What the owner gives in a turn.
trait Given<R: Resume> {
    /// The same once more.
    fn again(&mut self) -> impl Given<R>;

    fn is_error(&self) -> bool;

    /// Answers the `ayield` that waits.
    fn give<Y>(&mut self, airlock: &Airlock<Y, R>);

    /// For the slow way.
    fn with<T>(&mut self, is_first: bool, f: impl FnOnce(&mut Answer<R>) -> T) -> T;
}

/// What is left in it is the caller's.
impl<R: Resume> Given<R> for &mut Answer<R> {
    #[inline(always)]
    fn again(&mut self) -> impl Given<R> {
        &mut **self
    }

    #[inline(always)]
    fn is_error(&self) -> bool {
        matches!(self, Some(Err(_)))
    }

    #[inline(always)]
    fn give<Y>(&mut self, airlock: &Airlock<Y, R>) {
        if R::UNIT.is_none() && airlock.is_taken() {
            match self.take() {
                Some(Ok(value)) => airlock.give_answer(R::from_value(value)),
                other => **self = other,
            }
        }
    }

    fn with<T>(&mut self, _is_first: bool, f: impl FnOnce(&mut Answer<R>) -> T) -> T {
        f(self)
    }
}

/// The answer of a stream's owner, made when it is needed.
struct Plainly<V>(fn() -> V);

impl<R: Resume> Given<R> for Plainly<R::Value> {
    #[inline(always)]
    fn again(&mut self) -> impl Given<R> {
        Plainly(self.0)
    }

    #[inline(always)]
    fn is_error(&self) -> bool {
        false
    }

    #[inline(always)]
    fn give<Y>(&mut self, airlock: &Airlock<Y, R>) {
        if R::UNIT.is_none() && airlock.is_taken() {
            airlock.give_answer(R::from_value((self.0)()));
        }
    }

    fn with<T>(&mut self, is_first: bool, f: impl FnOnce(&mut Answer<R>) -> T) -> T {
        f(&mut is_first.then(|| Ok((self.0)())))
    }
}

impl<F, Fut, Y, R> Body<F, Fut, Y, R>
where
    F: FnOnce(Address<Y, R>) -> Fut,
    Fut: Future,
    R: Resume,
{
    pub(super) fn new(make: F) -> Self {
        Body {
            airlock: Airlock::new(),
            scope: Scope::new(),
            code: Code { make: ManuallyDrop::new(make) },
            _pinned: PhantomPinned,
        }
    }

    /// Runs to the next item. `None`: there is none; the value of a body that has returned lies in `code`.
    #[inline(always)]
    fn turn(&mut self, cx: &mut Context<'_>, mut given: impl Given<R>) -> Poll<Option<Y>> {
        if self.airlock.flags() != 0 || given.is_error() {
            if let Next::Return(turn) = self.begin(cx, given.again()) {
                return turn;
            }
        } else {
            given.give(&self.airlock);
        }
        loop {
            self.airlock.polled_by(cx.waker());
            let poison = Poison(&self.airlock);
            // SAFETY: the flags are not `CLOSED`.
            let polled = unsafe { future(&mut self.code) }.poll(cx);
            mem::forget(poison);
            let next = match polled {
                Poll::Pending => match self.airlock.take_plain() {
                    Some(item) => return Poll::Ready(Some(item)),
                    None => self.suspended(cx, given.again()),
                },
                Poll::Ready(value) => self.returned(value, cx, given.again()),
            };
            if let Next::Return(turn) = next {
                return turn;
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn begin(&mut self, cx: &mut Context<'_>, mut given: impl Given<R>) -> Next<Y> {
        if self.airlock.flags() == flag::FRAMES | flag::TOP && !given.is_error() {
            if let Some(top) = self.airlock.top() {
                given.give(&self.airlock);
                self.airlock.polled_by(cx.waker());
                let poison = Poison(&self.airlock);
                let polled = top.poll(cx);
                mem::forget(poison);
                if polled.is_pending() && self.airlock.is_offered_with(flag::FRAMES | flag::TOP) {
                    return Next::Return(Poll::Ready(self.airlock.take()));
                }
                return self.called(polled, cx, given);
            }
        }
        self.begin_with(cx, given)
    }

    #[cold]
    #[inline(never)]
    fn begin_with(&mut self, cx: &mut Context<'_>, mut given: impl Given<R>) -> Next<Y> {
        given.with(true, |answer| self.begin_slowly(cx, answer))
    }

    #[cold]
    #[inline(never)]
    fn called(&mut self, polled: Poll<()>, cx: &mut Context<'_>, mut given: impl Given<R>) -> Next<Y> {
        given.with(false, |answer| self.called_slowly(polled, cx, answer))
    }

    #[cold]
    #[inline(never)]
    fn suspended(&mut self, cx: &mut Context<'_>, mut given: impl Given<R>) -> Next<Y> {
        given.with(false, |answer| self.suspended_slowly(cx, answer))
    }

    #[cold]
    #[inline(never)]
    fn returned(&mut self, value: Fut::Output, cx: &mut Context<'_>, mut given: impl Given<R>) -> Next<Y> {
        given.with(false, |answer| self.settle(Poll::Ready(value), cx, answer))
    }

    /// Calls the closure, in place. The flags are `NEW`.
    fn make(&mut self) {
        self.airlock.set_flags(flag::DONE);
        // SAFETY: the flags were `NEW` (invariant 2).
        let make = unsafe { &mut self.code.make };
        // SAFETY: they are not `NEW` any more: this is the only copy.
        let make = unsafe { ManuallyDrop::take(make) };
        let future = make(Address::of(&self.airlock));
        self.code.future = ManuallyDrop::new(future);
        self.airlock.set_flags(0);
    }

    /// The body has returned, and its future is gone: the value waits to be taken.
    fn keep_value(&mut self, value: Fut::Output) {
        debug_assert_eq!(self.airlock.flags(), flag::DONE);
        self.code.value = ManuallyDrop::new(value);
        self.airlock.set_flags(flag::RETURNED);
    }

    /// What the body has returned, once.
    fn take_value(&mut self) -> Option<Fut::Output> {
        if self.airlock.flags() != flag::RETURNED {
            return None;
        }
        self.airlock.set_flags(flag::DONE);
        // SAFETY: the flags were `RETURNED` (invariant 2).
        let value = unsafe { &mut self.code.value };
        // SAFETY: they are not `RETURNED` any more: this is the only copy.
        Some(unsafe { ManuallyDrop::take(value) })
    }
}

impl<F, Fut: Future, Y, R> Body<F, Fut, Y, R> {
    /// Drops what there is of the body; the flags are `DONE` afterwards, whatever happens.
    fn drop_body(&mut self) {
        let flags = self.airlock.flags();
        let _done = Finished(&self.airlock);
        if flags & flag::CLOSED != 0 {
            self.airlock.set_flags(flag::DONE);
        }
        match flags {
            flag::NEW => {
                // SAFETY: the flags were `NEW` (invariant 2).
                let make = unsafe { &mut self.code.make };
                // SAFETY: they are not `NEW` any more: it is dropped once.
                unsafe { ManuallyDrop::drop(make) }
            }
            flag::RETURNED => {
                // SAFETY: the flags were `RETURNED` (invariant 2).
                let value = unsafe { &mut self.code.value };
                // SAFETY: they are not `RETURNED` any more: it is dropped once.
                unsafe { ManuallyDrop::drop(value) }
            }
            flag::DONE => {}
            _ => {
                let future = DropFuture(&mut self.code);
                // Inside out, as far as the called bodies may be dropped here.
                if self.airlock.may_drop_frames() {
                    self.airlock.drop_frames(0);
                    drop(future);
                } else {
                    drop(future);
                    self.airlock.drop_frames(0);
                }
            }
        }
    }
}

/// Drops the body, also where a called one panics as it is dropped.
struct DropFuture<'a, F, Fut: Future>(&'a mut Code<F, Fut>);

impl<F, Fut: Future> Drop for DropFuture<'_, F, Fut> {
    fn drop(&mut self) {
        // SAFETY: made where the future is there (invariant 2).
        let future = unsafe { &mut self.0.future };
        // SAFETY: made once: the flags are `DONE` afterwards. It is dropped in place.
        unsafe { ManuallyDrop::drop(future) }
    }
}

/// # Safety
/// The future is there (invariant 2).
#[inline(always)]
unsafe fn future<F, Fut: Future>(code: &mut Code<F, Fut>) -> Pin<&mut Fut> {
    // SAFETY: the caller's promise.
    let future = unsafe { &mut code.future };
    // SAFETY: a body is pinned, and its future never moved (invariant 1).
    unsafe { Pin::new_unchecked(future) }
}

impl<F, Fut, Y, R> RawGenerator for Body<F, Fut, Y, R>
where
    F: FnOnce(Address<Y, R>) -> Fut,
    Fut: Future,
    R: Resume,
{
    type Item = Y;
    type Resume = R;
    type Return = Fut::Output;

    #[inline(always)]
    fn poll_resume(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        answer: &mut Answer<R>,
    ) -> Poll<Option<Step<Y, Fut::Output>>> {
        // SAFETY: nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        match this.turn(cx, answer) {
            Poll::Ready(Some(item)) => Poll::Ready(Some(Step::Oob(item))),
            Poll::Ready(None) => Poll::Ready(this.take_value().map(Step::Done)),
            Poll::Pending => Poll::Pending,
        }
    }

    #[inline(always)]
    fn poll_item(self: Pin<&mut Self>, cx: &mut Context<'_>, answer: fn() -> R::Value) -> Poll<Option<Y>> {
        // SAFETY: nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        this.turn(cx, Plainly(answer))
    }

    fn is_running(&self) -> bool {
        !self.airlock.has(flag::CLOSED) && self.airlock.has(flag::AWAITS)
    }

    fn is_waiting(&self) -> bool {
        self.airlock.is_waiting()
    }

    fn is_finished(&self) -> bool {
        self.airlock.has(flag::CLOSED) && self.airlock.flags() != flag::NEW
    }
}

impl<F, Fut: Future, Y, R> Drop for Body<F, Fut, Y, R> {
    #[inline]
    fn drop(&mut self) {
        if self.airlock.flags() != flag::DONE {
            self.drop_body();
        }
    }
}

/// A poll of the body: if it panics, the generator has finished.
struct Poison<'a, Y, R>(&'a Airlock<Y, R>);

impl<Y, R> Drop for Poison<'_, Y, R> {
    fn drop(&mut self) {
        self.0.set_flags(flag::POISONED);
        // An error on offer is so no longer.
        drop(self.0.with_old_cold(|cold| cold.opened.take()));
    }
}

/// The end of the body, also where its drop panics.
struct Finished<'a, Y, R>(&'a Airlock<Y, R>);

impl<Y, R> Drop for Finished<'_, Y, R> {
    fn drop(&mut self) {
        self.0.set_flags(flag::DONE);
    }
}
