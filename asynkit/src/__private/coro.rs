//! What `#[eager(scoped)]` calls.

use crate::coro::{Coro, CoroStart};
use alloc::boxed::Box;
use core::future::Future;

/// `#[eager(scoped)]`.
#[inline]
#[track_caller]
pub fn scoped<F: Future>(future: F) -> CoroStart<Box<Coro<F>>> {
    CoroStart::boxed(future)
}
