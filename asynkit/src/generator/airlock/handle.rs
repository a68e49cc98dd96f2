//! [`Handle`]: the body's way to the airlock beside it.
//!
//! # Invariants
//! Those of the airlock (`mod.rs`): it is touched by one thread at a time, and is pinned as long as a handle is used.
#![allow(unsafe_code, reason = "handles that are sent with the body")]

use super::Airlock;
use core::ops::Deref;

/// The body's way to the airlock.
pub(in crate::generator) struct Handle<'a, Y, R>(&'a Airlock<Y, R>);

// SAFETY: a handle is used by the body, that is, by one thread at a time, or under the lock (invariant 1 of the
// airlock). What it reaches are values of `Y` and `R`, wakers, which are `Send`, and the frames of calls, which look
// after themselves.
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
pub(in crate::generator) struct Address<Y, R>(*const Airlock<Y, R>);

// SAFETY: as `Handle`.
unsafe impl<Y: Send, R: Send> Send for Address<Y, R> {}

impl<Y, R> Address<Y, R> {
    #[inline(always)]
    pub(in crate::generator) fn of(airlock: &Airlock<Y, R>) -> Self {
        Address(airlock)
    }

    /// # Safety
    /// The airlock is pinned, and neither moved nor dropped as long as the handle is used.
    #[inline(always)]
    pub(in crate::generator) unsafe fn handle<'a>(self) -> Handle<'a, Y, R> {
        // SAFETY: the caller's promise.
        Handle(unsafe { &*self.0 })
    }
}
