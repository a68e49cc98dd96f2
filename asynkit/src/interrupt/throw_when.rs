//! [`throw_when`]: a scope with a trigger.

use crate::{
    error::{Interrupt, InterruptKind},
    scope::{Delivery, Scope},
};
use core::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    task::{Context, Poll},
};
use pin_project_lite::pin_project;

/// Runs `future` in a scope of its own; when `trigger` is ready, an interrupt of `kind` is thrown into it.
///
/// This is how a cancellation token, a shutdown channel or a timer of another library reaches interrupt points. The
/// future is polled before the trigger, so a future that is ready at once never hears of it. Told, the future runs on
/// until it returns, and its value counts.
///
/// # Errors
/// The interrupt, if nobody took it: the future has been dropped.
///
/// # Cancel safety
/// As cancel safe as what it runs, which is dropped with it; nothing else is lost. So is the trigger.
///
/// # Examples
/// ```
/// use asynkit::{InterruptExt as _, InterruptKind, await_sync, throw_when};
/// use std::future::{pending, ready};
///
/// let stop = ready(()); // e.g. `token.cancelled()`
/// let asks = async { pending::<u8>().interruptible().await.unwrap_or(7) };
/// assert_eq!(await_sync(throw_when(stop, InterruptKind::Cancel, asks)).unwrap().unwrap(), 7);
///
/// let does_not_ask = pending::<u8>();
/// let told = await_sync(throw_when(ready(()), InterruptKind::Cancel, does_not_ask)).unwrap();
/// assert_eq!(told.unwrap_err().kind(), InterruptKind::Cancel);
/// ```
pub fn throw_when<W: IntoFuture, F: IntoFuture>(
    trigger: W,
    kind: InterruptKind,
    future: F,
) -> ThrowWhen<W::IntoFuture, F::IntoFuture> {
    ThrowWhen {
        trigger: Some(trigger.into_future()),
        future: Some(future.into_future()),
        scope: Scope::new(),
        kind,
    }
}

pin_project! {
    /// The future of [`throw_when`].
    ///
    /// # Examples
    /// ```
    /// use asynkit::{InterruptKind, throw_when};
    ///
    /// let in_time = throw_when(std::future::pending::<()>(), InterruptKind::Timeout, async { 7 });
    /// assert_eq!(asynkit::await_sync(in_time).unwrap().unwrap(), 7);
    /// ```
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct ThrowWhen<W, F> {
        // `None`: it has fired
        #[pin]
        trigger: Option<W>,
        // `None`: the end
        #[pin]
        future: Option<F>,
        scope: Scope,
        kind: InterruptKind,
    }
}

impl<W: Future, F: Future> Future for ThrowWhen<W, F> {
    type Output = Result<F::Output, Interrupt>;

    #[inline]
    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Some(mut future) = this.future.as_mut().as_pin_mut() else { polled_again() };
        if !this.scope.is_thrown() {
            if let Poll::Ready(value) = this.scope.poll(future.as_mut(), cx) {
                this.future.set(None);
                return Poll::Ready(Ok(value));
            }
            let Some(trigger) = this.trigger.as_mut().as_pin_mut() else { return Poll::Pending };
            if trigger.poll(cx).is_pending() {
                return Poll::Pending;
            }
            this.trigger.set(None);
            this.scope.throw(Interrupt::of_kind(*this.kind));
        }
        let end = match this.scope.poll_told(future, cx) {
            Delivery::Pending => return Poll::Pending,
            Delivery::Ready(value) | Delivery::Unseen(value, _) => Ok(value),
            Delivery::Root(told) => Err(told),
        };
        this.future.set(None);
        Poll::Ready(end)
    }
}

#[cold]
#[track_caller]
fn polled_again() -> ! {
    panic!("a `ThrowWhen` was polled after it had ended")
}

impl<W, F> fmt::Debug for ThrowWhen<W, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThrowWhen")
            .field("kind", &self.kind)
            .field("is_thrown", &self.trigger.is_none())
            .finish_non_exhaustive()
    }
}
