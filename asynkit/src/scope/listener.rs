//! [`Listener`]: how a leaf of ours is told of an error.

use super::{offer, registration::Registration, word};
use crate::{
    error::Interrupt,
    util::cold::cold_path,
    waker::{IDLE, Place, note_wait},
};
use alloc::sync::Arc;
use core::{ptr, task::Context};

/// How many errors had been taken before a leaf polled what is inside it.
#[derive(Clone, Copy)]
pub(crate) struct Mark(u64);

impl Mark {
    #[inline(always)]
    pub(crate) fn now() -> Self {
        Mark(offer::takes())
    }
}

/// Kept by a leaf that can be told; one word. Dropping it unregisters the leaf.
#[derive(Default)]
pub(crate) struct Listener(Option<Arc<Registration>>);

impl Listener {
    pub(crate) const fn new() -> Self {
        Listener(None)
    }

    /// Whether a leaf that waits need not listen: nothing is on offer, and what polls it is what its scopes are polled by.
    #[inline(always)]
    pub(crate) fn is_quiet(cx: &Context<'_>) -> bool {
        word::is_outside() || word::get() == word::of(cx)
    }

    /// A leaf with nothing inside would wait now. `Some`: it drops what it waits for, and resolves to the error.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn listen(&mut self, cx: &Context<'_>) -> Option<Interrupt> {
        let word = word::get();
        let told =
            if word == word::of(cx) || word == 0 { None } else { self.listen_slowly(cx, None::<Mark>) };
        if told.is_none() {
            Place::note();
        }
        told
    }

    /// The same for a leaf around a future, which it has polled since `mark`.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn listen_since(&mut self, mark: Mark, cx: &Context<'_>) -> Option<Interrupt> {
        let word = word::get();
        let told = if word == word::of(cx) || word == 0 { None } else { self.listen_slowly(cx, mark) };
        if told.is_none() {
            Place::note();
        }
        told
    }

    // Not cold: the compiler would make it small, with calls to reach the thread's locals. And generic, so that it is
    // compiled with the program, which reaches them without calls.
    #[inline(never)]
    #[track_caller]
    fn listen_slowly(&mut self, cx: &Context<'_>, mark: impl Into<Option<Mark>>) -> Option<Interrupt> {
        let mark = mark.into();
        let is_open = word::get() & word::OPEN != 0;
        if is_open && self.0.is_none() {
            let told = offer::take_only(mark.map(|mark| mark.0));
            if told.is_some() {
                return told;
            }
        }
        cold_path();
        self.listen_fully(cx, mark)
    }

    // It is given what `listen_slowly` was given, so that the call there is a jump.
    #[inline(never)]
    #[track_caller]
    fn listen_fully(&mut self, cx: &Context<'_>, mark: Option<Mark>) -> Option<Interrupt> {
        if word::get() & word::OPEN != 0 {
            let told_inside = mark.is_some_and(|mark| mark.0 != offer::takes());
            let taken = self.take(told_inside, cx);
            if taken.is_some() {
                return taken;
            }
        }
        self.register(cx);
        None
    }

    /// Takes an error, the innermost scope's first.
    fn take(&mut self, told_inside: bool, cx: &Context<'_>) -> Option<Interrupt> {
        let (exempt, is_registered) = match &self.0 {
            None => (0, false),
            Some(registration) => {
                registration.polled();
                (registration.exempt(), registration.is_registered())
            }
        };
        let mut newest = exempt;
        let mut is_deferred = false;
        let taken = offer::find(|offer| {
            if told_inside {
                // What encloses a leaf that was told waits for its clean-up, and is never told of the same error.
                newest = newest.max(offer.serial);
                return None;
            }
            let is_free = offer.taken == 0 || offer.is_stop && offer.serial > exempt;
            if !is_free || offer.told > offer::MOST_TOLD {
                return None;
            }
            if !is_registered && !offer.is_last && offer.has_unpolled() {
                offer.deferred = true;
                offer.touch();
                is_deferred = true;
                return None;
            }
            offer.take()
        });
        if taken.is_some() {
            offer::count_take();
            return taken;
        }
        if newest > exempt {
            self.registration().set_exempt(newest);
        }
        if is_deferred {
            cx.waker().wake_by_ref();
        }
        None
    }

    /// Leaves the waker with the scopes around it, where it is not theirs.
    #[track_caller]
    pub(crate) fn register(&mut self, cx: &Context<'_>) {
        let word = word::get();
        if word & word::OPEN != 0 {
            note_wait();
        }
        // What was started ahead of being awaited has a waker that reaches nobody yet.
        if word == 0 || word::is_direct(word, cx) || ptr::eq(cx.waker(), IDLE) {
            return;
        }
        let registration = self.registration();
        registration.set_waker(cx.waker());
        let registration = Arc::clone(registration);
        offer::with_outbox(|outbox| outbox.push(registration));
        word::set(word::get() | word::REGISTERED);
    }

    /// A shield waits: as long as it does, no scope around it is dropped.
    #[cold]
    #[track_caller]
    pub(crate) fn hold(&mut self, cx: &Context<'_>) {
        self.register(cx);
        if let Some(registration) = &self.0 {
            registration.polled();
            registration.set_holding();
        }
    }

    /// The leaf waits no more.
    #[inline(always)]
    pub(crate) fn finish(&mut self) {
        if self.0.is_some() {
            self.unregister();
        }
    }

    #[cold]
    #[inline(never)]
    fn unregister(&mut self) {
        if let Some(registration) = self.0.take() {
            registration.clear();
        }
    }

    fn registration(&mut self) -> &Arc<Registration> {
        self.0.get_or_insert_with(|| Arc::new(Registration::new(None)))
    }
}

impl Drop for Listener {
    #[inline(always)]
    fn drop(&mut self) {
        self.finish();
    }
}
