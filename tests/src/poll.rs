//! Drivers that step.

use futures::FutureExt as _;
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

/// Polls once with a waker that wakes nobody.
pub fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// The value, if it is there without a wait.
pub fn now<F: Future>(future: F) -> Option<F::Output> {
    future.now_or_never()
}

/// Runs a future to its end on this thread, parking while it waits.
pub fn block_on<F: Future>(future: F) -> F::Output {
    smol::block_on(future)
}

/// The text that `f` panics with.
///
/// # Panics
/// If it does not panic, or with something else than text.
#[must_use]
pub fn panic_text<R>(f: impl FnOnce() -> R) -> String {
    let Err(payload) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)) else {
        panic!("it did not panic");
    };
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload.downcast_ref::<&str>().expect("it panics with text").to_string(),
    }
}
