//! [`Place`]: the line of the await that a coroutine is suspended at.
//!
//! It is a help for debugging, and costs a store in each leaf and in each coroutine; so it is recorded in builds with
//! debug assertions and with `std`, and is nothing in others.

use core::panic::Location;

#[cfg(all(debug_assertions, feature = "std"))]
crate::util::sync::thread_local! {
    /// Where the leaf waits that was last polled on this thread.
    static LAST: core::cell::Cell<Place> = const { core::cell::Cell::new(Place::NOWHERE) };
}

/// The line of an await, if it is known.
#[derive(Clone, Copy)]
pub(crate) struct Place(#[cfg(all(debug_assertions, feature = "std"))] Option<&'static Location<'static>>);

#[cfg(all(debug_assertions, feature = "std"))]
impl Place {
    pub(crate) const NOWHERE: Place = Place(None);

    /// A leaf of ours would wait.
    #[track_caller]
    pub(crate) fn note() {
        LAST.set(Place(Some(Location::caller())));
    }

    /// A coroutine is about to be polled.
    pub(crate) fn forget() {
        LAST.set(Place::NOWHERE);
    }

    /// Where the coroutine waits that was polled just now.
    pub(crate) fn noted() -> Place {
        LAST.get()
    }

    pub(crate) fn location(self) -> Option<&'static Location<'static>> {
        self.0
    }
}

#[cfg(not(all(debug_assertions, feature = "std")))]
impl Place {
    pub(crate) const NOWHERE: Place = Place();

    #[cfg(feature = "std")]
    #[inline(always)]
    pub(crate) fn note() {}

    #[inline(always)]
    pub(crate) fn forget() {}

    #[inline(always)]
    pub(crate) fn noted() -> Place {
        Place::NOWHERE
    }

    #[inline(always)]
    #[expect(clippy::unused_self, reason = "the interface that both have")]
    pub(crate) fn location(self) -> Option<&'static Location<'static>> {
        None
    }
}
