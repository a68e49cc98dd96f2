//! [`Cold`]: what a scope has that was thrown to, and polls with its error on offer.

use super::{
    Delivery,
    offer::{self, MOST_TOLD, Offer},
    registration::Registrations,
    word,
};
use alloc::boxed::Box;
use core::{
    mem::{self, ManuallyDrop},
    task::{Context, Poll},
};

/// How many polls of its own making a scope waits for leaves that a sub-executor has not polled yet.
const MOST_EXTRA: u32 = 64;

/// What a scope needs once it was thrown to, or once a leaf under a sub-executor has registered with it.
#[derive(Default)]
pub(super) struct Cold {
    /// What was thrown, with its error; without, it is kept for the next throw. `None` also while it is on offer.
    pub(super) offer: Option<Box<Offer>>,
    pub(super) registrations: Registrations,
    /// Where its own registrations begin in the outbox, if those of its surroundings lie before them.
    pub(super) base: usize,
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
pub(super) struct Opening<'a> {
    pub(super) cold: &'a mut Cold,
    pub(super) opened: ManuallyDrop<Opened>,
}

impl Drop for Opening<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.cold.panicked(&self.opened);
    }
}

/// What a poll has left of an offer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// One leaf has taken the error.
    Taken,
    /// It is a stop, which goes on being told as long as the call lasts.
    Quiet,
    /// [`Cold::settle`] decides.
    Open,
}

impl Cold {
    /// Puts the stored error on offer.
    #[inline(always)]
    pub(super) fn open(&mut self, cx: &Context<'_>) -> Opened {
        let mut offer = self.offer.take().expect("a poll with an error on offer follows a throw");
        let outer = word::get();
        let mut inner = word::of(cx);
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
            offer.touch();
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
    pub(super) fn close<T>(&mut self, opened: &Opened, polled: Poll<T>, cx: &Context<'_>) -> Delivery<T> {
        let Opened { offer, outer } = *opened;
        let left = word::get();
        word::set(outer);
        let Some(offer) = offer::close(offer) else { return gone(polled) };
        match self.put_back(offer, left) {
            After::Taken => gone(polled),
            After::Quiet if polled.is_pending() => Delivery::Pending,
            After::Quiet | After::Open => self.settle(left, outer, polled, cx),
        }
    }

    /// Keeps what was on offer in a poll that has left the word `left`.
    #[inline(always)]
    pub(super) fn put_back(&mut self, offer: Box<Offer>, left: u64) -> After {
        let none = self.offer.replace(offer);
        debug_assert!(none.is_none());
        mem::forget(none);
        let Some(offer) = &self.offer else { return After::Open };
        if left & word::REGISTERED != 0 {
            After::Open
        } else if offer.is_quiet {
            After::Quiet
        } else if offer.error.is_none() && offer.woken.is_empty() {
            After::Taken
        } else {
            After::Open
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn panicked(&mut self, opened: &Opened) {
        word::set(opened.outer);
        let offer = offer::close(opened.offer);
        self.offer = offer.filter(|offer| offer.taken == 0);
    }

    /// Decides what becomes of the error, and of the scope.
    #[inline(never)]
    pub(super) fn settle<T>(
        &mut self,
        left: u64,
        outer: u64,
        polled: Poll<T>,
        cx: &Context<'_>,
    ) -> Delivery<T> {
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
    pub(super) fn take_in(&mut self, outer: u64) {
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
