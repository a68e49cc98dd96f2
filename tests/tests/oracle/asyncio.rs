//! The little of Python's asyncio that the scenarios need.

use asynkit::Interrupt;
use std::{
    cell::Cell,
    error::Error,
    fmt,
    future::poll_fn,
    pin::pin,
    task::{Context, Poll, Waker},
};

thread_local!(static PASS: Cell<u64> = const { Cell::new(0) });

/// Runs a future pass by pass, as Python's loop runs a task that is never blocked.
pub(crate) fn run<T>(main: impl Future<Output = T>) -> T {
    let mut main = pin!(main);
    loop {
        next_pass();
        if let Poll::Ready(value) = main.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
}

/// Begins a pass: what waits in `sleep(0)` may go on. For scenarios that step by hand.
pub(crate) fn next_pass() {
    PASS.set(PASS.get() + 1);
}

/// `sleep(0)`: waits for the next pass, so being polled again by a throw does not end it.
pub(crate) async fn sleep0() {
    let start = PASS.get();
    poll_fn(|cx| {
        if PASS.get() > start {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// An exception: its Python type and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Raised(pub(crate) &'static str, pub(crate) &'static str);

impl Raised {
    /// Whether `told` is one of this Python type.
    pub(crate) fn is(told: &Interrupt, python_type: &str) -> bool {
        told.downcast_ref::<Raised>().is_some_and(|raised| raised.0 == python_type)
    }
}

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0, self.1)
    }
}

impl Error for Raised {}

/// How the scenarios print an exception that was thrown in and came out.
pub(crate) fn thrown(told: &Interrupt) -> String {
    match told.downcast_ref::<Raised>() {
        Some(raised) => raised.to_string(),
        None => told.to_string(),
    }
}
