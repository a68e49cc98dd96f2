//! Interrupt points: [`InterruptExt`], [`Interruptible`], [`TryInterruptible`].

use crate::{
    error::Interrupt,
    scope::{Listener, Mark},
};
use core::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    task::{Context, Poll},
};
use pin_project_lite::pin_project;

/// Makes an await an interrupt point.
///
/// # Examples
/// ```
/// use asynkit::{InterruptExt, start};
///
/// start!(let mut waits = async { std::future::pending::<()>().interruptible().await.is_err() });
/// assert!(waits.throw("stop", 1).unwrap());
/// ```
pub trait InterruptExt: IntoFuture + Sized {
    /// Awaits it, or the error that is on offer while it waits.
    ///
    /// The future is polled first, so a value that is ready always wins; the error then is for the next point of the
    /// same poll. Where the future would wait and an error is on offer, the future is dropped and the point resolves to
    /// the error. In no scope, a point is the plain future.
    ///
    /// # Errors
    /// The [`Interrupt`] that was thrown to a scope around the point.
    ///
    /// # Cancel safety
    /// As cancel safe as what it runs, which is dropped with it; nothing else is lost. An interrupt drops it at a
    /// suspension, as `select!` does. To go on with the same future afterwards, make a point of `&mut future`.
    ///
    /// # Examples
    /// ```
    /// use asynkit::InterruptExt as _;
    /// use std::future::pending;
    ///
    /// asynkit::start!(let mut worker = async {
    ///     match pending::<()>().interruptible().await {
    ///         Ok(()) => "a job".to_string(),
    ///         Err(told) => told.to_string(),
    ///     }
    /// });
    /// assert_eq!(worker.throw("reload", 1).unwrap(), "interrupted: reload");
    /// ```
    fn interruptible(self) -> Interruptible<Self::IntoFuture> {
        Interruptible { future: Some(self.into_future()), listener: Listener::new() }
    }

    /// The same for a future of a `Result` whose error an [`Interrupt`] converts into: one `?` for both.
    ///
    /// # Errors
    /// The future's own, or the interrupt converted.
    ///
    /// # Cancel safety
    /// As cancel safe as what it runs, which is dropped with it; nothing else is lost. See
    /// [`interruptible`](Self::interruptible).
    ///
    /// # Examples
    /// ```
    /// use asynkit::InterruptExt as _;
    /// use std::{error::Error, future::pending, io};
    ///
    /// async fn read() -> Result<u8, Box<dyn Error + Send + Sync>> {
    ///     pending().await
    /// }
    ///
    /// asynkit::start!(let mut reader = async {
    ///     let byte = read().try_interruptible().await?;
    ///     Ok::<u8, Box<dyn Error + Send + Sync>>(byte)
    /// });
    /// let error = reader.throw(io::Error::other("unplugged"), 1).unwrap().unwrap_err();
    /// assert_eq!(error.to_string(), "interrupted: unplugged");
    /// ```
    fn try_interruptible<T, E: From<Interrupt>>(self) -> TryInterruptible<Self::IntoFuture>
    where
        Self: IntoFuture<Output = Result<T, E>>,
    {
        TryInterruptible { point: self.interruptible() }
    }
}

impl<F: IntoFuture> InterruptExt for F {}

pin_project! {
    /// The future of [`InterruptExt::interruptible`]; `Unpin` and `Send` as the future inside.
    ///
    /// # Examples
    /// ```
    /// use asynkit::InterruptExt;
    ///
    /// let ready = asynkit::await_sync(std::future::ready(7).interruptible());
    /// assert_eq!(ready.unwrap().unwrap(), 7);
    /// ```
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Interruptible<F> {
        #[pin]
        future: Option<F>,
        listener: Listener,
    }
}

impl<F: Future> Future for Interruptible<F> {
    type Output = Result<F::Output, Interrupt>;

    #[inline(always)]
    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let mark = Mark::now();
        let Some(future) = this.future.as_mut().as_pin_mut() else { polled_again() };
        if let Poll::Ready(value) = future.poll(cx) {
            return Poll::Ready(Ok(value)); // whoever awaits it drops it now, and its registration with it
        }
        match this.listener.listen_since(mark, cx) {
            None => Poll::Pending,
            Some(told) => {
                this.listener.finish();
                this.future.set(None);
                Poll::Ready(Err(told))
            }
        }
    }
}

#[cold]
#[track_caller]
fn polled_again() -> ! {
    panic!("an interrupt point was polled after it had resolved to an interrupt")
}

impl<F> fmt::Debug for Interruptible<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interruptible").field("is_told", &self.future.is_none()).finish_non_exhaustive()
    }
}

pin_project! {
    /// The future of [`InterruptExt::try_interruptible`].
    ///
    /// # Examples
    /// ```
    /// use asynkit::{BoxError, InterruptExt};
    ///
    /// let ready = async { Ok::<_, BoxError>(7) };
    /// assert_eq!(asynkit::await_sync(ready.try_interruptible()).unwrap().unwrap(), 7);
    /// ```
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct TryInterruptible<F> {
        #[pin]
        point: Interruptible<F>,
    }
}

impl<T, E: From<Interrupt>, F: Future<Output = Result<T, E>>> Future for TryInterruptible<F> {
    type Output = Result<T, E>;

    #[inline(always)]
    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().point.poll(cx).map(|told| told.unwrap_or_else(|interrupt| Err(interrupt.into())))
    }
}

impl<F> fmt::Debug for TryInterruptible<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryInterruptible")
            .field("is_told", &self.point.future.is_none())
            .finish_non_exhaustive()
    }
}
