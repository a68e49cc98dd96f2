//! [`Body`]: a branded generator, the body and its airlock side by side.
//!
//! # Invariants
//! 1. **Pinned.** A body is made, polled and dropped in place; its handles hold the address of the airlock beside it.
//!    `Body` is never `Unpin`. The handles live inside the body, whose closure is written for every lifetime (see
//!    [`generator`](super::generator())) and so cannot let one out; the airlock is dropped after the body.
//! 2. **The state tells what is there.** `code.make` is initialised iff the state is `NEW`; `code.future` iff it is
//!    neither `NEW` nor `DONE`. It is `DONE` before either is taken out or dropped, so that a panic there leaves nothing
//!    to be dropped twice.
#![allow(unsafe_code, reason = "a future that borrows from the airlock beside it")]

use super::{
    Resume,
    airlock::{
        AWAITS, Address, Airlock, CLOSED, DONE, FRAMES, FREE, HELD, NEW, OFFERED, POISONED, SLOT, TAKEN,
        THROWS, WAKE,
    },
    call::Innermost,
    raw::{Answer, RawGenerator},
};
use crate::{
    error::Interrupt,
    scope::{Delivery, Hatch, Scope},
    step::Step,
};
use core::{
    future::Future,
    marker::PhantomPinned,
    mem::{self, ManuallyDrop},
    pin::Pin,
    task::{Context, Poll},
};

type Turn<Y, T> = Poll<Option<Step<Y, T>>>;

pub(super) struct Body<F, Fut, Y, R> {
    code: Code<F, Fut>,
    airlock: Airlock<Y, R>,
    /// What an error is thrown to where the body waits in an await that is not ours.
    scope: Scope,
    _pinned: PhantomPinned,
}

union Code<F, Fut> {
    make: ManuallyDrop<F>,
    future: ManuallyDrop<Fut>,
}

/// How a poll goes on that is not a plain one.
enum Enter {
    Plain,
    Finished,
    /// By [`Body::poll_slowly`].
    Slow,
}

impl<F, Fut, Y, R> Body<F, Fut, Y, R>
where
    F: FnOnce(Address<Y, R>) -> Fut,
    Fut: Future,
    R: Resume,
{
    pub(super) fn new(make: F) -> Self {
        Body {
            code: Code { make: ManuallyDrop::new(make) },
            airlock: Airlock::new(),
            scope: Scope::new(),
            _pinned: PhantomPinned,
        }
    }

    #[cold]
    #[inline(never)]
    fn enter(&mut self, cx: &Context<'_>, answer: &mut Answer<R>) -> Enter {
        let state = self.airlock.state();
        if state & CLOSED != 0 {
            if state != NEW {
                return Enter::Finished;
            }
            if let Some(Err(_)) = answer {
                self.drop_body();
                return Enter::Finished;
            }
            self.make();
            return Enter::Plain;
        }
        if state & (FRAMES | THROWS) != 0 || matches!(answer, Some(Err(_))) {
            return Enter::Slow;
        }
        self.airlock.remove_flags(AWAITS);
        self.answer(answer);
        self.wake(cx);
        Enter::Plain
    }

    /// Calls the closure, in place. The state is `NEW`.
    fn make(&mut self) {
        self.airlock.set_flags(DONE);
        // SAFETY: the state was `NEW` (invariant 2).
        let make = unsafe { &mut self.code.make };
        // SAFETY: the state is not `NEW` any more: this is the only copy.
        let make = unsafe { ManuallyDrop::take(make) };
        let future = make(Address::of(&self.airlock));
        self.code.future = ManuallyDrop::new(future);
        self.airlock.set_flags(0);
    }

    #[inline(always)]
    fn answer(&self, answer: &mut Answer<R>) {
        if R::UNIT.is_none() && self.airlock.state() & SLOT == TAKEN {
            match answer.take() {
                Some(Ok(value)) => self.airlock.give_answer(R::from_value(value)),
                other => *answer = other,
            }
        }
    }

    fn wake(&self, cx: &Context<'_>) {
        let state = self.airlock.state();
        if state & WAKE != 0 && state & SLOT != TAKEN {
            self.airlock.wake(cx);
        }
    }

    /// The body has suspended, and nothing is on offer, or something unusual goes on.
    #[cold]
    #[inline(never)]
    fn suspended(&mut self, cx: &mut Context<'_>, answer: &mut Answer<R>) -> Turn<Y, Fut::Output> {
        if self.airlock.state() & FRAMES != 0 {
            if self.airlock.state() & SLOT != OFFERED {
                return self.poll_slowly(cx, answer);
            }
            // What it has called was forgotten.
            self.airlock.drop_frames(0);
        }
        self.settle(Poll::Pending)
    }

    /// What becomes of a poll that has ended, where nothing is thrown.
    fn settle(&mut self, polled: Poll<Fut::Output>) -> Turn<Y, Fut::Output> {
        match polled {
            Poll::Ready(value) => {
                self.finish();
                Poll::Ready(Some(Step::Done(value)))
            }
            Poll::Pending => {
                if let Some(item) = self.airlock.take() {
                    return Poll::Ready(Some(Step::Oob(item)));
                }
                if matches!(self.airlock.state() & SLOT, FREE | HELD) {
                    self.airlock.add_flags(AWAITS);
                }
                Poll::Pending
            }
        }
    }

    /// The poll of a generator to which an error is thrown, or in which calls are in progress.
    #[cold]
    #[inline(never)]
    fn poll_slowly(&mut self, cx: &mut Context<'_>, answer: &mut Answer<R>) -> Turn<Y, Fut::Output> {
        if answer.is_some() && self.airlock.state() & THROWS != 0 {
            self.end_throw();
        }
        match answer.take() {
            Some(Err(error)) => {
                if let Err(error) = self.throw(error) {
                    return self.root(error, answer);
                }
            }
            value => *answer = value,
        }
        self.airlock.remove_flags(AWAITS);
        self.answer(answer);
        self.wake(cx);
        let mut told = 0;
        while self.scope.is_thrown() {
            match self.poll_thrown(cx) {
                Delivery::Ready(value) => return self.leave(Poll::Ready(value)),
                Delivery::Unseen(value, error) => {
                    *answer = Some(Err(error));
                    return self.leave(Poll::Ready(value));
                }
                Delivery::Root(error) if self.airlock.state() & SLOT != OFFERED => {
                    return self.root(error, answer);
                }
                // It came as far as an `ayield`, which is told as any await that would wait.
                Delivery::Root(error) => self.scope.throw(error),
                Delivery::Pending => {}
            }
            let error = if self.airlock.state() & SLOT == OFFERED { self.scope.tell() } else { None };
            let Some(error) = error else { return self.leave(Poll::Pending) };
            told += 1;
            if told > MOST_TOLD {
                return self.root(error, answer);
            }
            match R::from_interrupt(error) {
                Ok(reply) => self.airlock.refuse(reply),
                Err(error) => return self.root(error, answer),
            }
            self.wake(cx);
        }
        let polled = self.poll_inside(cx);
        self.leave(polled)
    }

    fn poll_thrown(&mut self, cx: &mut Context<'_>) -> Delivery<Fut::Output> {
        let poison = Poison(&self.airlock);
        // SAFETY: the state is not `CLOSED`.
        let body = unsafe { future(&mut self.code) };
        let mut inside = Innermost::new(body, &self.airlock);
        let delivery = self.scope.poll_thrown(&Hatch::new(), Pin::new(&mut inside), cx);
        mem::forget(poison);
        delivery
    }

    fn poll_inside(&mut self, cx: &mut Context<'_>) -> Poll<Fut::Output> {
        let poison = Poison(&self.airlock);
        // SAFETY: the state is not `CLOSED`.
        let body = unsafe { future(&mut self.code) };
        let polled = Pin::new(&mut Innermost::new(body, &self.airlock)).poll(cx);
        mem::forget(poison);
        polled
    }

    /// A throwing call begins. `Err`: the `ayield` that waits has no room for the error.
    fn throw(&mut self, error: Interrupt) -> Result<(), Interrupt> {
        let is_waiting = self.airlock.is_waiting();
        self.scope.throw(error);
        self.airlock.add_flags(THROWS);
        if !is_waiting {
            return Ok(());
        }
        let Some(error) = self.scope.tell() else { return Ok(()) };
        let reply = R::from_interrupt(error)?;
        if R::UNIT.is_none() {
            self.airlock.give_answer(reply);
        }
        Ok(())
    }

    /// The throwing call has ended, or was dropped half-way.
    fn end_throw(&mut self) {
        self.airlock.remove_flags(THROWS);
        drop(self.scope.withdraw());
    }

    /// A poll ends, and with it the throwing call, if it has a result.
    fn leave(&mut self, polled: Poll<Fut::Output>) -> Turn<Y, Fut::Output> {
        let turn = self.settle(polled);
        if turn.is_ready() {
            self.end_throw();
        }
        turn
    }

    /// Nobody was told: the body is dropped, and the owner gets the error back.
    fn root(&mut self, error: Interrupt, answer: &mut Answer<R>) -> Turn<Y, Fut::Output> {
        *answer = Some(Err(error));
        drop(self.scope.withdraw());
        self.drop_body();
        Poll::Ready(None)
    }

    /// The body has returned.
    #[cold]
    #[inline(never)]
    fn finish(&mut self) {
        self.drop_body();
    }
}

impl<F, Fut, Y, R> Body<F, Fut, Y, R> {
    /// Drops what there is of the body; the state is `DONE` afterwards, whatever happens.
    fn drop_body(&mut self) {
        let state = self.airlock.state();
        let _done = Finished(&self.airlock);
        if state & CLOSED != 0 {
            self.airlock.set_flags(DONE);
        }
        match state & !SLOT {
            NEW => {
                // SAFETY: the state was `NEW` (invariant 2).
                let make = unsafe { &mut self.code.make };
                // SAFETY: the state is not `NEW` any more: it is dropped once.
                unsafe { ManuallyDrop::drop(make) }
            }
            DONE => {}
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
struct DropFuture<'a, F, Fut>(&'a mut Code<F, Fut>);

impl<F, Fut> Drop for DropFuture<'_, F, Fut> {
    fn drop(&mut self) {
        // SAFETY: made where the future is there (invariant 2).
        let future = unsafe { &mut self.0.future };
        // SAFETY: made once: the state is `DONE` afterwards. It is dropped in place.
        unsafe { ManuallyDrop::drop(future) }
    }
}

/// # Safety
/// The future is there (invariant 2).
#[inline(always)]
unsafe fn future<F, Fut>(code: &mut Code<F, Fut>) -> Pin<&mut Fut> {
    // SAFETY: the caller's promise.
    let future = unsafe { &mut code.future };
    // SAFETY: a body is pinned, and its future never moved (invariant 1).
    unsafe { Pin::new_unchecked(future) }
}

/// How often an `ayield` is told in one poll, before a loop that swallows it is cut off.
const MOST_TOLD: u32 = 1000;

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
    ) -> Turn<Y, Fut::Output> {
        // SAFETY: nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        if this.airlock.state() >= AWAITS || matches!(answer, Some(Err(_))) {
            match this.enter(cx, answer) {
                Enter::Plain => {}
                Enter::Finished => return Poll::Ready(None),
                Enter::Slow => return this.poll_slowly(cx, answer),
            }
        } else {
            this.answer(answer);
        }
        this.airlock.polled_by(cx.waker());
        let poison = Poison(&this.airlock);
        // SAFETY: the state is not `CLOSED`.
        let polled = unsafe { future(&mut this.code) }.poll(cx);
        mem::forget(poison);
        match polled {
            Poll::Pending => match this.airlock.take_plain() {
                Some(item) => Poll::Ready(Some(Step::Oob(item))),
                None => this.suspended(cx, answer),
            },
            Poll::Ready(value) => {
                this.finish();
                Poll::Ready(Some(Step::Done(value)))
            }
        }
    }

    fn is_running(&self) -> bool {
        self.airlock.state() & (CLOSED | AWAITS) == AWAITS
    }

    fn is_waiting(&self) -> bool {
        self.airlock.is_waiting()
    }

    fn is_finished(&self) -> bool {
        let state = self.airlock.state();
        state & CLOSED != 0 && state & !SLOT != NEW
    }
}

impl<F, Fut, Y, R> Drop for Body<F, Fut, Y, R> {
    #[inline]
    fn drop(&mut self) {
        if self.airlock.state() & !SLOT != DONE {
            self.drop_body();
        }
    }
}

/// A poll of the body: if it panics, the generator has finished.
struct Poison<'a, Y, R>(&'a Airlock<Y, R>);

impl<Y, R> Drop for Poison<'_, Y, R> {
    fn drop(&mut self) {
        self.0.set_flags(POISONED);
    }
}

/// The end of the body, also where its drop panics.
struct Finished<'a, Y, R>(&'a Airlock<Y, R>);

impl<Y, R> Drop for Finished<'_, Y, R> {
    fn drop(&mut self) {
        self.0.set_flags(DONE);
    }
}
