//! [`IDLE`]: the waker of what is polled before anybody awaits it.

use core::task::Waker;

/// A waker that wakes nobody, and can be told from others by its address.
///
/// `Waker::noop()` by itself cannot: each crate that uses it may have a copy of its own.
pub(crate) static IDLE: &Waker = Waker::noop();
