//! Scopes: what an error can be thrown to, and how it finds the await that asked to be told.
//!
//! One mechanism stands behind throw, close, cancel, timeout and the abort of a sync drive: an error is delivered by
//! polling the scope once with the error *on offer*. The innermost leaf that would wait takes it; if nobody took it by
//! the end of that poll, the scope's owner drops the future and gets the error.
//!
//! With `std` the offer travels through a thread-local ([`offer`]) that only cold paths touch: hot paths look at one
//! word ([`word`]). Without `std` there is no thread-local, and an error reaches the root, and the leaves of the airlock
//! that it was thrown through. Both have the same interface, so that what is built on them is written once.

#[cfg(feature = "std")]
mod cold;
#[cfg(feature = "std")]
mod hosted;
#[cfg(feature = "std")]
mod listener;
#[cfg(feature = "std")]
mod offer;
#[cfg(feature = "std")]
mod registration;
#[cfg(feature = "executor")]
mod task;
#[cfg(feature = "std")]
mod word;

#[cfg(not(feature = "std"))]
mod plain;

#[cfg(feature = "std")]
pub(crate) use listener::{Listener, Mark};
#[cfg(feature = "std")]
pub(crate) use offer::{count_take, hold_back};
#[cfg(feature = "executor")]
pub(crate) use task::{Left, OnOffer, Outside, Taken, enter_task, has_left, leave_all, poll_task};
#[cfg(feature = "std")]
pub(crate) use {cold::Opened, hosted::Scope};

#[cfg(not(feature = "std"))]
pub(crate) use plain::{Listener, Opened, Scope, count_take};

use crate::error::Interrupt;

/// How a poll with an error on offer ended.
pub(crate) enum Delivery<T> {
    /// It returned, told or not.
    Ready(T),
    /// It returned without having been told; the error comes back beside the value.
    Unseen(T, Interrupt),
    /// It suspended: somebody took the error, or it is kept for the next poll (`Scope::is_thrown`).
    Pending,
    /// It suspended and nobody took the error: the caller drops the future, or gives the error back.
    Root(Interrupt),
}
