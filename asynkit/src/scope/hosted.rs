//! [`Scope`] with `std`: offers travel by the thread-local.

use super::{
    Delivery,
    offer::{self, MOST_TOLD, Offer},
    registration::Registrations,
    word,
};
use crate::error::Interrupt;
#[cfg(feature = "executor")]
use crate::error::InterruptKind;
use alloc::boxed::Box;
use core::{
    future::Future,
    mem::{self, ManuallyDrop},
    pin::Pin,
    task::{Context, Poll},
};

/// How many polls of its own making a scope waits for leaves that a sub-executor has not polled yet.
const MOST_EXTRA: u32 = 64;

/// What an error can be thrown to; one word in its owner.
///
/// Dropping it is a comparison and a call, which is inlined where owners are dropped; the destructor of the box, which
/// would be inlined otherwise, is that call.
#[derive(Default)]
pub(crate) struct Scope(Option<ManuallyDrop<Box<Cold>>>);

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

/// What a scope needs once it was thrown to, or once a leaf under a sub-executor has registered with it.
#[derive(Default)]
struct Cold {
    /// What was thrown, with its error; without, it is kept for the next throw. `None` also while it is on offer.
    offer: Option<Box<Offer>>,
    registrations: Registrations,
    /// Where its own registrations begin in the outbox, if those of its surroundings lie before them.
    base: usize,
    /// Tells it from other scopes in the registrations; 0: none yet.
    serial: u64,
}

/// A poll with an error on offer; dropped in a panic, it takes the error off offer.
pub(crate) struct Opened {
    offer: usize,
    /// The word of the surroundings.
    outer: u64,
}

impl Drop for Opened {
    fn drop(&mut self) {
        let _restore = word::Restore(self.outer);
        drop(offer::close(self.offer));
    }
}

/// A poll with an error on offer, which panics give back to the scope if nobody has taken it.
struct Opening<'a> {
    cold: &'a mut Cold,
    opened: ManuallyDrop<Opened>,
}

impl Drop for Opening<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.cold.panicked(&self.opened);
    }
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
    #[cold]
    #[inline(never)]
    pub(crate) fn throw(&mut self, error: Interrupt) {
        let offer = self.cold().offer.get_or_insert_default();
        let old = offer.begin(error);
        drop(old);
    }

    fn thrown(&self) -> Option<&Offer> {
        self.0.as_ref()?.offer.as_deref().filter(|offer| offer.error.is_some())
    }

    /// Whether an error is stored, so that the next poll is `poll_thrown`.
    #[inline]
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
        let cold = self.cold();
        let opened = ManuallyDrop::new(cold.open(cx));
        let opening = Opening { cold, opened };
        let polled = future.poll(cx);
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

    fn cold(&mut self) -> &mut Cold {
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

impl Cold {
    /// Puts the stored error on offer.
    #[inline(always)]
    fn open(&mut self, cx: &Context<'_>) -> Opened {
        let outer = word::get();
        let mut inner = word::of(cx);
        let mut offer = self.offer.take().expect("a poll with an error on offer follows a throw");
        let is_plain = offer.is_clear && (outer == 0 || outer == inner) && self.registrations.is_empty();
        if !is_plain {
            inner = self.prepare(&mut offer, outer, inner);
        }
        let offer = offer::open(offer);
        word::set(inner | word::OPEN);
        Opened { offer, outer }
    }

    /// Before a poll that is not plain; gives the word in it.
    #[cold]
    #[inline(never)]
    fn prepare(&mut self, offer: &mut Offer, outer: u64, own: u64) -> u64 {
        if outer & word::REGISTERED != 0 {
            self.base = offer::outbox_len();
        }
        offer.held = false;
        offer.clear();
        if !self.registrations.is_empty() {
            offer.is_clear = false;
            self.announce(offer);
        }
        offer.is_last = offer.extra >= MOST_EXTRA;
        word::nested(outer, own)
    }

    /// Wakes the leaves under sub-executors, once, and lends them to the offer.
    #[cold]
    #[inline(never)]
    fn announce(&mut self, offer: &mut Offer) {
        self.registrations.sweep();
        if !mem::replace(&mut offer.is_announced, true) {
            self.registrations.wake_all();
        }
        mem::swap(self.registrations.known_mut(), &mut offer.woken);
    }

    /// Takes it off offer.
    #[inline(always)]
    fn close<T>(&mut self, opened: &Opened, polled: Poll<T>, cx: &Context<'_>) -> Delivery<T> {
        let Opened { offer, outer } = *opened;
        let left = word::get();
        word::set(outer);
        let offer = offer::close(offer);
        let Some(offer) = offer else { return gone(polled) };
        let is_taken = offer.error.is_none();
        let is_told = offer.is_clear && offer.taken > 0 && polled.is_pending();
        let offer = self.put_back(offer);
        if offer.woken.is_empty() && left & word::REGISTERED == 0 && (is_taken || is_told) {
            // One leaf has taken it; or it is a stop, which goes on being told as long as the call lasts.
            return gone(polled);
        }
        self.settle(left, outer, polled, cx)
    }

    #[inline(always)]
    fn put_back(&mut self, offer: Box<Offer>) -> &mut Offer {
        let none = mem::replace(&mut self.offer, Some(offer));
        debug_assert!(none.is_none());
        mem::forget(none);
        self.offer.as_mut().expect("it was put there")
    }

    #[cold]
    #[inline(never)]
    fn panicked(&mut self, opened: &Opened) {
        word::set(opened.outer);
        let offer = offer::close(opened.offer);
        self.offer = offer.filter(|offer| offer.taken == 0);
    }

    /// Decides what becomes of the error, and of the scope.
    #[inline(never)]
    fn settle<T>(&mut self, left: u64, outer: u64, polled: Poll<T>, cx: &Context<'_>) -> Delivery<T> {
        if let Some(offer) = &mut self.offer {
            if !offer.woken.is_empty() {
                mem::swap(self.registrations.known_mut(), &mut offer.woken);
            }
        }
        if left & word::REGISTERED != 0 {
            self.take_in(outer);
        }
        let Some(offer) = self.offer.as_mut() else { return gone(polled) };
        // `None`: one leaf has taken it.
        let Some(error) = offer.error.take() else { return gone(polled) };
        let is_awaited = offer.deferred || self.registrations.has_unpolled();
        match polled {
            Poll::Ready(value) if offer.taken > 0 => return Delivery::Ready(value),
            Poll::Ready(value) => return Delivery::Unseen(value, error),
            Poll::Pending if offer.told > MOST_TOLD => return Delivery::Root(error),
            Poll::Pending if is_awaited && offer.extra < MOST_EXTRA => {
                offer.extra += 1;
                cx.waker().wake_by_ref();
            }
            // As above; and a shield keeps what it hides.
            Poll::Pending if offer.taken > 0 || offer.held || self.registrations.is_held() => {}
            Poll::Pending => return Delivery::Root(error),
        }
        offer.error = Some(error);
        offer.clear();
        Delivery::Pending
    }

    /// Takes in the leaves that have registered during the poll, and leaves them for the scopes around this one.
    #[cold]
    #[inline(never)]
    fn take_in(&mut self, outer: u64) {
        // Only then has `surrounded` noted it in this poll.
        let base = if outer & word::REGISTERED != 0 { self.base } else { 0 };
        let found = offer::with_outbox(|outbox| {
            if outer == 0 { mem::take(outbox) } else { outbox.get(base..).unwrap_or_default().to_vec() }
        });
        if found.is_empty() {
            return;
        }
        if outer != 0 {
            word::set(word::get() | word::REGISTERED);
        }
        if self.serial == 0 {
            self.serial = offer::next_serial();
        }
        self.registrations.add(found, self.serial);
    }
}

/// The error is nobody's to settle any more.
fn gone<T>(polled: Poll<T>) -> Delivery<T> {
    match polled {
        Poll::Ready(value) => Delivery::Ready(value),
        Poll::Pending => Delivery::Pending,
    }
}
