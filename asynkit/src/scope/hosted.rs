//! [`Scope`] with `std`: offers travel by the thread-local.

use super::{
    Delivery,
    cold::{Cold, Opened, Opening},
    offer::{self, Offer},
    word,
};
use crate::error::Interrupt;
#[cfg(feature = "executor")]
use crate::error::InterruptKind;
#[cfg(feature = "executor")]
use crate::util::cold::cold_path;
use alloc::boxed::Box;
use core::{
    future::Future,
    mem::{self, ManuallyDrop},
    pin::Pin,
    task::{Context, Poll},
};

/// What an error can be thrown to; one word in its owner.
///
/// Dropping it is a comparison and a call, which is inlined where owners are dropped; the destructor of the box, which
/// would be inlined otherwise, is that call.
#[derive(Default)]
pub(crate) struct Scope(pub(super) Option<ManuallyDrop<Box<Cold>>>);

impl Drop for Scope {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(cold) = self.0.take() {
            drop_cold(cold);
        }
    }
}

#[cold]
#[inline(never)]
fn drop_cold(cold: ManuallyDrop<Box<Cold>>) {
    drop(ManuallyDrop::into_inner(cold));
}

impl Scope {
    pub(crate) const fn new() -> Self {
        Scope(None)
    }

    /// Polls `future` inside this scope, with no error of this scope on offer.
    #[inline(always)]
    pub(crate) fn poll<F: Future + ?Sized>(
        &mut self,
        future: Pin<&mut F>,
        cx: &mut Context<'_>,
    ) -> Poll<F::Output> {
        let outer = word::get();
        let own = word::of(cx);
        let inner = if outer == 0 || outer == own { own } else { self.surrounded(outer, own) };
        let restore = word::Restore(outer);
        word::set(inner);
        let polled = future.poll(cx);
        let left = word::get();
        drop(restore);
        if left & word::REGISTERED != 0 {
            self.take_in(outer);
        }
        polled
    }

    /// The same for scopes that are as often as not the outermost.
    ///
    /// Out there the word is zero before and after, so that nothing of the surroundings is kept over the poll, and
    /// one subtraction restores the word and shows whether leaves have registered. That needs a poll of its own: owners
    /// inside of tasks, which are never the outermost, use the other.
    #[inline(always)]
    pub(crate) fn poll_outermost<F: Future + ?Sized>(
        &mut self,
        future: Pin<&mut F>,
        cx: &mut Context<'_>,
    ) -> Poll<F::Output> {
        if !word::is_outside() {
            return self.poll(future, cx);
        }
        let own = word::of(cx);
        let restore = word::Restore(0);
        word::set(own);
        let polled = future.poll(cx);
        mem::forget(restore);
        if !word::leave(own) {
            self.take_in_all();
        }
        polled
    }

    /// Polls `future` inside this scope, and has the points in it tell where they wait: `waker::ask` is listening.
    #[cold]
    pub(crate) fn poll_asked<F: Future + ?Sized>(
        &mut self,
        future: Pin<&mut F>,
        cx: &mut Context<'_>,
    ) -> Poll<F::Output> {
        let outer = word::get();
        let inner = self.surrounded(outer, word::of(cx));
        let restore = word::Restore(outer);
        // Nothing is on offer: a point that looks for an error finds none, and is on its cold path.
        word::set(inner | word::OPEN);
        let polled = future.poll(cx);
        let left = word::get();
        drop(restore);
        if left & word::REGISTERED != 0 {
            self.take_in(outer);
        }
        polled
    }

    /// Stores `error` for the next `poll_thrown`; what an abandoned call has left there is replaced.
    #[inline(never)]
    pub(crate) fn throw(&mut self, error: Interrupt) {
        let offer = self.cold().offer.get_or_insert_default();
        let old = offer.begin(error);
        drop(old);
    }

    /// The same for a scope that mostly was thrown to before, and has told that error.
    #[cfg(feature = "executor")]
    #[inline(always)]
    pub(crate) fn throw_again(&mut self, error: Interrupt) {
        let offer = self.0.as_mut().and_then(|cold| cold.offer.as_mut());
        let Some(offer) = offer.filter(|offer| offer.error.is_none()) else {
            cold_path();
            return self.throw(error);
        };
        mem::forget(offer.begin(error));
    }

    #[inline(always)]
    fn thrown(&self) -> Option<&Offer> {
        self.0.as_ref()?.offer.as_deref().filter(|offer| offer.error.is_some())
    }

    /// Whether an error is stored, so that the next poll is `poll_thrown`.
    #[inline(always)]
    pub(crate) fn is_thrown(&self) -> bool {
        self.thrown().is_some()
    }

    /// An error is about to be thrown from outside of this scope: has the leaves polled that a sub-executor polls only
    /// when they were woken.
    pub(crate) fn wake_leaves(&mut self) {
        if let Some(cold) = &mut self.0 {
            cold.registrations.sweep();
            cold.registrations.wake_all();
        }
    }

    /// Whether a shield waits in it, and hides the stored error from what is inside.
    pub(crate) fn is_held(&self) -> bool {
        self.thrown().is_some_and(|offer| offer.held)
            || self.0.as_ref().is_some_and(|cold| cold.registrations.is_held())
    }

    /// Whether somebody was told of the stored error.
    #[cfg(feature = "executor")]
    pub(crate) fn is_told(&self) -> bool {
        self.thrown().is_some_and(|offer| offer.taken > 0)
    }

    /// Whether the stored error is a stop.
    #[cfg(feature = "executor")]
    pub(crate) fn is_stopped(&self) -> bool {
        self.thrown().is_some_and(|offer| offer.is_stop)
    }

    /// The kind of the stored error.
    #[cfg(feature = "executor")]
    pub(crate) fn thrown_kind(&self) -> Option<InterruptKind> {
        self.thrown()?.error.as_ref().map(Interrupt::kind)
    }

    /// For a leaf that the owner tells itself, between two polls: gives the error as if the leaf had taken it.
    pub(crate) fn tell(&mut self) -> Option<Interrupt> {
        let offer = self.cold().offer.as_mut()?;
        if !offer.is_stop {
            return offer.error.take();
        }
        let told = offer.error.as_ref().map(Interrupt::share)?;
        offer.taken += 1;
        Some(told)
    }

    /// Ends the throwing call: nothing is on offer any more.
    pub(crate) fn withdraw(&mut self) -> Option<Interrupt> {
        self.0.as_mut()?.offer.as_mut()?.error.take()
    }

    /// Polls `future` with the stored error on offer.
    #[cold]
    #[inline(never)]
    pub(crate) fn poll_thrown<F: Future + ?Sized>(
        &mut self,
        future: Pin<&mut F>,
        cx: &mut Context<'_>,
    ) -> Delivery<F::Output> {
        self.poll_told(future, cx)
    }

    /// The same for scopes that clean up in many polls.
    #[inline(always)]
    pub(crate) fn poll_told<F: Future + ?Sized>(
        &mut self,
        future: Pin<&mut F>,
        cx: &mut Context<'_>,
    ) -> Delivery<F::Output> {
        self.poll_told_with(cx, |cx| future.poll(cx))
    }

    /// The same where `poll` is the poll.
    #[inline(always)]
    pub(crate) fn poll_told_with<T>(
        &mut self,
        cx: &mut Context<'_>,
        poll: impl FnOnce(&mut Context<'_>) -> Poll<T>,
    ) -> Delivery<T> {
        let cold = self.cold();
        let opened = ManuallyDrop::new(cold.open(cx));
        let opening = Opening { cold, opened };
        let polled = poll(cx);
        let mut opening = ManuallyDrop::new(opening);
        let Opening { cold, opened } = &mut *opening;
        cold.close(opened, polled, cx)
    }

    /// A poll with the stored error on offer begins.
    pub(crate) fn open(&mut self, cx: &Context<'_>) -> Opened {
        self.cold().open(cx)
    }

    /// It has ended.
    pub(crate) fn close<T>(&mut self, opened: Opened, polled: Poll<T>, cx: &Context<'_>) -> Delivery<T> {
        self.cold().close(&ManuallyDrop::new(opened), polled, cx)
    }

    #[inline(always)]
    pub(super) fn cold(&mut self) -> &mut Cold {
        self.0.get_or_insert_with(new_cold)
    }

    /// The word inside this scope, which has others around it.
    #[cold]
    #[inline(never)]
    fn surrounded(&mut self, outer: u64, own: u64) -> u64 {
        if outer & word::REGISTERED != 0 {
            self.cold().base = offer::outbox_len();
        }
        word::nested(outer, own)
    }

    /// Takes in the leaves that have registered during a poll outside of all scopes.
    #[cold]
    #[inline(never)]
    fn take_in_all(&mut self) {
        word::set(0);
        self.take_in(0);
    }

    /// Takes in the leaves that have registered during the poll, and leaves them for the scopes around this one.
    #[cold]
    #[inline(never)]
    pub(super) fn take_in(&mut self, outer: u64) {
        self.cold().take_in(outer);
    }
}

#[cold]
#[inline(never)]
fn new_cold() -> ManuallyDrop<Box<Cold>> {
    ManuallyDrop::default()
}
