//! Throwing into a [`Coro`]: the sync loop and the futures.

use crate::{
    coro::{Coro, CoroState, CoroStatus},
    error::{IgnoredClose, Interrupt, ThrowError},
    scope::Delivery,
    waker::IDLE,
};
use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

pub(super) fn throw<F: Future>(
    mut coro: Pin<&mut Coro<F>>,
    error: Interrupt,
    tries: usize,
) -> Result<F::Output, ThrowError> {
    if coro.status() == CoroStatus::Finished {
        return Err(ThrowError::Finished(error));
    }
    let mut next = Some(error);
    for left in (0..tries.max(1)).rev() {
        let Some(error) = next.take() else { break };
        if left > 0 {
            next = Some(error.share());
        }
        if let Err(error) = coro.as_mut().offer(error) {
            return Err(ThrowError::Interrupted(error));
        }
        let delivery = coro.as_mut().poll_thrown(&mut Context::from_waker(IDLE));
        drop(coro.as_mut().withdraw());
        match delivery {
            Delivery::Ready(value) => return Ok(value),
            Delivery::Unseen(value, unseen) => {
                // A coroutine that returns has decided, whether it was told or not.
                drop(unseen);
                return Ok(value);
            }
            Delivery::Root(error) => return Err(ThrowError::Interrupted(error)),
            Delivery::Pending => {}
        }
    }
    Err(ThrowError::Ignored)
}

/// A call that has thrown, until it ends.
struct Throwing<'a, F: Future> {
    coro: Pin<&'a mut Coro<F>>,
    /// Not thrown yet: calls do nothing before they are polled.
    error: Option<Interrupt>,
}

impl<F: Future> Throwing<'_, F> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<F::Output, Interrupt>> {
        if let Some(error) = self.error.take() {
            let is_finished = self.coro.status() == CoroStatus::Finished;
            if is_finished {
                return Poll::Ready(Err(error));
            }
            if let Err(error) = self.coro.as_mut().offer(error) {
                return Poll::Ready(Err(error));
            }
        }
        match self.coro.as_mut().poll_thrown(cx) {
            Delivery::Ready(value) | Delivery::Unseen(value, _) => Poll::Ready(Ok(value)),
            Delivery::Root(error) => Poll::Ready(Err(error)),
            Delivery::Pending => Poll::Pending,
        }
    }
}

impl<F: Future> Drop for Throwing<'_, F> {
    fn drop(&mut self) {
        drop(self.coro.as_mut().withdraw());
    }
}

/// The future of `athrow` on [`Coro`] and [`CoroStart`](crate::CoroStart).
///
/// # Examples
/// ```
/// use asynkit::{InterruptExt, start};
///
/// # asynkit::await_sync(async {
/// start!(let mut c = async { std::future::pending::<()>().interruptible().await.is_err() });
/// assert!(c.athrow("stop").await.unwrap());
/// # }).unwrap();
/// ```
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Athrow<'a, F: Future>(Throwing<'a, F>);

impl<'a, F: Future> Athrow<'a, F> {
    pub(super) fn new(coro: Pin<&'a mut Coro<F>>, error: Interrupt) -> Self {
        Athrow(Throwing { coro, error: Some(error) })
    }
}

impl<F: Future> Future for Athrow<'_, F> {
    type Output = Result<F::Output, Interrupt>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll(cx)
    }
}

impl<F: Future> fmt::Debug for Athrow<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Athrow").field("coro", &self.0.coro).finish_non_exhaustive()
    }
}

/// The future of `aclose` on [`Coro`] and [`CoroStart`](crate::CoroStart).
///
/// # Examples
/// ```
/// use asynkit::{InterruptExt, start};
///
/// # asynkit::await_sync(async {
/// start!(let mut c = async { let _ = std::future::pending::<()>().interruptible().await; });
/// c.aclose().await.unwrap();
/// # }).unwrap();
/// ```
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Aclose<'a, F: Future>(Throwing<'a, F>);

impl<'a, F: Future> Aclose<'a, F> {
    pub(super) fn new(coro: Pin<&'a mut Coro<F>>) -> Self {
        Aclose(Throwing { coro, error: Some(Interrupt::close()) })
    }
}

impl<F: Future> Future for Aclose<'_, F> {
    type Output = Result<(), IgnoredClose>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // A value, or the interrupt of a coroutine that was dropped: either way it has ended.
        self.0.poll(cx).map(|_ended| Ok(()))
    }
}

impl<F: Future> fmt::Debug for Aclose<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aclose").field("coro", &self.0.coro).finish_non_exhaustive()
    }
}
