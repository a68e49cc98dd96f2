//! [`shield`]: a part that must not be cut.

use crate::scope::{Listener, hold_back};
use core::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    task::{Context, Poll},
};
use pin_project_lite::pin_project;

/// Runs a future to its end: errors of the scopes outside of it wait until then.
///
/// Points inside are not told of those errors, and a scope is not dropped at its root while it waits in a shield; the
/// error stays stored and is on offer again at the next await after it. Scopes *inside* the shield work as ever.
/// Dropping the shield itself (a `select!`, the end of the owner) drops the future.
///
/// # Cancel safety
/// As cancel safe as what it runs, which is dropped with it; nothing else is lost.
///
/// # Examples
/// A server that finishes the request in flight, and tells idle connections:
/// ```
/// use asynkit::{InterruptExt as _, shield};
/// use std::future::{pending, poll_fn};
/// use std::{cell::Cell, task::Poll};
///
/// let (written, log) = (Cell::new(false), Cell::new(""));
/// asynkit::start!(let mut connection = async {
///     // the reply: `shield` is what keeps a close from cutting it
///     shield(poll_fn(|_| if written.get() { Poll::Ready(()) } else { Poll::Pending })).await;
///     log.set("replied");
///     pending::<()>().interruptible().await.is_err()
/// });
/// connection.close().unwrap_err(); // it still writes
/// written.set(true);
/// connection.close().unwrap();
/// assert_eq!(log.get(), "replied");
/// ```
pub fn shield<F: IntoFuture>(future: F) -> Shield<F::IntoFuture> {
    Shield { future: future.into_future(), listener: Listener::new() }
}

pin_project! {
    /// The future of [`shield`].
    ///
    /// # Examples
    /// ```
    /// use asynkit::shield;
    ///
    /// assert_eq!(asynkit::await_sync(shield(async { 7 })).unwrap(), 7);
    /// ```
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Shield<F> {
        #[pin]
        future: F,
        listener: Listener,
    }
}

impl<F: Future> Future for Shield<F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let (polled, held) = hold_back(|| this.future.poll(cx));
        if polled.is_ready() {
            this.listener.finish();
        } else if held.is_empty() {
            this.listener.register(cx);
        } else {
            held.keep();
            this.listener.hold(cx);
        }
        polled
    }
}

impl<F> fmt::Debug for Shield<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shield").finish_non_exhaustive()
    }
}
