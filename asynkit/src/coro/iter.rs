//! [`coro_iter`]: the suspensions of a coroutine.

use crate::{
    coro::{Coro, CoroState, CoroStatus},
    error::{BoxError, Ignored, Interrupt, ThrowError},
    waker::IDLE,
};
use core::{
    fmt,
    future::{Future, IntoFuture},
    panic::Location,
    pin::Pin,
    task::{Context, Poll},
};

/// The suspensions of a coroutine, one `()` each; from [`coro_iter`].
///
/// # Examples
/// ```
/// use asynkit::{CoroIter, coro_iter};
///
/// let mut suspensions: CoroIter<_> = coro_iter(Box::pin(async { 7 }));
/// assert_eq!(suspensions.next(), None);
/// assert_eq!(suspensions.into_result().unwrap(), 7);
/// ```
#[must_use = "iterators are lazy: the coroutine runs when `next` is called"]
pub struct CoroIter<C: Future + Unpin> {
    coro: Coro<C>,
    value: Option<C::Output>,
}

/// Iterates over the suspensions of `coroutine`.
///
/// Each `next` polls it once, with a waker that wakes nobody: `Some(())` where it suspended, `None` where it returned;
/// [`into_result`](CoroIter::into_result) then has its value. Dropping the iterator drops the coroutine.
///
/// # Examples
/// ```
/// use asynkit::coro_iter;
/// use std::{future::poll_fn, task::Poll};
///
/// let mut polls = 0;
/// let twice = poll_fn(move |_| {
///     polls += 1;
///     if polls > 2 { Poll::Ready("done") } else { Poll::Pending }
/// });
/// let mut suspensions = coro_iter(Box::pin(twice));
/// assert_eq!(suspensions.by_ref().count(), 2);
/// assert_eq!(suspensions.into_result().unwrap(), "done");
/// ```
#[doc(alias = "awaitmethod_iter")]
pub fn coro_iter<C: IntoFuture<IntoFuture: Unpin>>(coroutine: C) -> CoroIter<C::IntoFuture> {
    CoroIter { coro: Coro::new(coroutine.into_future()), value: None }
}

impl<C: Future + Unpin> CoroIter<C> {
    /// The value that it returned.
    ///
    /// # Errors
    /// Itself, if it has not returned.
    ///
    /// # Examples
    /// ```
    /// let never = asynkit::coro_iter(std::future::pending::<()>());
    /// assert!(never.into_result().is_err());
    /// ```
    pub fn into_result(mut self) -> Result<C::Output, Self> {
        self.value.take().ok_or(self)
    }

    /// Throws `error` and polls once: `Some(())` where it suspended again, `None` where it returned.
    ///
    /// # Errors
    /// The interrupt: nobody took it and the coroutine was dropped, or it had ended before.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{InterruptExt as _, coro_iter};
    /// use std::future::pending;
    ///
    /// let mut c = coro_iter(Box::pin(async { pending::<()>().interruptible().await.is_err() }));
    /// assert_eq!(c.next(), Some(()));
    /// assert_eq!(c.throw("enough").unwrap(), None);
    /// assert_eq!(c.into_result().unwrap(), true);
    /// ```
    pub fn throw(&mut self, error: impl Into<BoxError>) -> Result<Option<()>, Interrupt> {
        match Pin::new(&mut self.coro).throw(error, 1) {
            Ok(value) => {
                self.value = Some(value);
                Ok(None)
            }
            Err(ThrowError::Ignored) => Ok(Some(())),
            Err(ThrowError::Interrupted(error) | ThrowError::Finished(error)) => Err(error),
        }
    }

    /// Closes the coroutine, as [`Coro::close`]; one that was never polled never runs.
    ///
    /// # Errors
    /// [`Ignored`]: it suspended again, and lives on.
    ///
    /// # Examples
    /// ```
    /// let mut c = asynkit::coro_iter(Box::pin(async { panic!("never runs") }));
    /// c.close().unwrap();
    /// assert_eq!(c.next(), None);
    /// ```
    pub fn close(&mut self) -> Result<(), Ignored> {
        Pin::new(&mut self.coro).close()
    }
}

impl<C: Future + Unpin> Iterator for CoroIter<C> {
    type Item = ();

    fn next(&mut self) -> Option<()> {
        if self.coro.status() == CoroStatus::Finished {
            return None;
        }
        match Pin::new(&mut self.coro).poll(&mut Context::from_waker(IDLE)) {
            Poll::Pending => Some(()),
            Poll::Ready(value) => {
                self.value = Some(value);
                None
            }
        }
    }
}

impl<C: Future + Unpin> core::iter::FusedIterator for CoroIter<C> {}

impl<C: Future + Unpin> CoroState for CoroIter<C> {
    fn status(&self) -> CoroStatus {
        self.coro.status()
    }

    fn frame(&self) -> Option<&'static Location<'static>> {
        self.coro.frame()
    }
}

impl<C: Future + Unpin> fmt::Debug for CoroIter<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CoroIter").field("status", &self.coro.status()).finish_non_exhaustive()
    }
}
