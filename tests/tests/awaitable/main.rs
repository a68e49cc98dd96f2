//! `#[awaitmethod]` and the future that it gives a type.

mod allocation;
mod dropping;
mod kinds;
mod layout;

use std::{
    pin::Pin,
    task::{Context, Poll, Waker},
};

/// Polls once.
fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Polls to the end a future that only yields; `None` for one that is still not done after many polls.
fn run<F: IntoFuture>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future.into_future());
    for _ in 0..1000 {
        if let Poll::Ready(value) = poll(future.as_mut()) {
            return value;
        }
    }
    panic!("still pending after 1000 polls")
}
