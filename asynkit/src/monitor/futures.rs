//! The owner's calls that answer: the futures [`Asend`], [`Start`], [`TryAwait`], and the call that is polled by hand.

use super::{
    airlock::Airlock,
    call::{Ask, Call, give_up},
    gate::Gate,
    slots::Slots,
    turnstile::Turnstile,
};
use crate::{
    error::{MonitorError, NoOob},
    step::Step,
};
use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

/// The future of `aawait`, `asend` and `resume`: drives the coroutine to its next `oob`, or to its end.
///
/// # Panics
/// At the line of the await, when the monitor is in use, or when the call is not what the coroutine waits for; see the
/// methods. The monitor, the coroutine and the data are left as they were.
///
/// # Cancel safety
/// Not undone: what it has done before it is dropped stays done. Dropping it leaves the coroutine where it is. If it
/// was polled, its data has been sent: go on with `resume`.
///
/// # Examples
/// ```
/// use asynkit::{Monitor, Step};
/// use std::pin::pin;
///
/// # asynkit::await_sync(async {
/// let monitor: Monitor<&str, u32> = Monitor::new();
/// let mut asks = pin!(async { monitor.oob("size?").await.unwrap() * 2 });
/// assert_eq!(monitor.resume(asks.as_mut()).await, Step::Oob("size?"));
/// assert_eq!(monitor.asend(asks.as_mut(), 21).await, Step::Done(42));
/// # }).unwrap();
/// ```
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Asend<'a, M: Airlock, C: ?Sized> {
    monitor: &'a M,
    coroutine: Pin<&'a mut C>,
    call: Call<M::In>,
}

impl<'a, M: Airlock, C: Future + ?Sized> Asend<'a, M, C> {
    #[inline(always)]
    pub(super) fn new(monitor: &'a M, coroutine: Pin<&'a mut C>, ask: Ask<M::In>) -> Self {
        let call = Call::new(&*coroutine, ask);
        Asend { monitor, coroutine, call }
    }

    /// For a coroutine that is known by another key than its address.
    pub(super) fn keyed(mut self, key: usize) -> Self {
        self.call.key = key;
        self
    }

    #[inline(always)]
    #[track_caller]
    fn poll_step(&mut self, cx: &mut Context<'_>) -> Poll<Step<M::Out, C::Output>> {
        match self.call.poll(self.monitor.gate(), self.coroutine.as_mut(), true, cx) {
            Poll::Ready(Ok(step)) => Poll::Ready(step),
            Poll::Ready(Err(misuse)) => refuse(misuse),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// The panic of a call that was refused.
#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn refuse(misuse: MonitorError) -> ! {
    panic!("{misuse}")
}

impl<M: Airlock, C: Future + ?Sized> Future for Asend<'_, M, C> {
    type Output = Step<M::Out, C::Output>;

    #[inline(always)]
    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.get_mut().poll_step(cx)
    }
}

impl<M: Airlock, C: ?Sized> Unpin for Asend<'_, M, C> {}

impl<M: Airlock, C: ?Sized> Drop for Asend<'_, M, C> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.call.ask.is_suspended() {
            give_up(self.monitor.gate(), self.call.key);
        }
    }
}

impl<M: Airlock, C: ?Sized> fmt::Debug for Asend<'_, M, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asend").field("is_suspended", &self.call.ask.is_suspended()).finish_non_exhaustive()
    }
}

/// The future of `start`: drives a new coroutine to its first `oob`.
///
/// # Errors
/// [`NoOob`] with its value, when it returned instead.
///
/// # Panics
/// At the line of the await, when the monitor is in use, or when the coroutine waits at an `oob` already.
///
/// # Cancel safety
/// Cancel safe: dropped at any poll, it loses nothing. Dropping it leaves the coroutine where it is; call `start`
/// again to go on.
///
/// # Examples
/// ```
/// use asynkit::Monitor;
/// use std::pin::pin;
///
/// # asynkit::await_sync(async {
/// let monitor: Monitor<&str, u32> = Monitor::new();
/// let asks = pin!(async { monitor.oob("size?").await });
/// assert_eq!(monitor.start(asks).await.unwrap(), "size?");
/// # }).unwrap();
/// ```
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Start<'a, M: Airlock, C: ?Sized>(Asend<'a, M, C>);

impl<'a, M: Airlock, C: Future + ?Sized> Start<'a, M, C> {
    pub(super) fn new(asend: Asend<'a, M, C>) -> Self {
        Start(asend)
    }
}

impl<M: Airlock, C: Future + ?Sized> Future for Start<'_, M, C> {
    type Output = Result<M::Out, NoOob<C::Output>>;

    #[inline]
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.0.poll_step(cx) {
            Poll::Ready(Step::Oob(out)) => Poll::Ready(Ok(out)),
            Poll::Ready(Step::Done(value)) => Poll::Ready(Err(NoOob(value))),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<M: Airlock, C: ?Sized> fmt::Debug for Start<'_, M, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Start").field(&self.0).finish()
    }
}

/// The future of `try_await`: drives the coroutine to its end; `None`, if it sends an item instead.
///
/// # Panics
/// At the line of the await, when the monitor is in use.
///
/// # Cancel safety
/// Not undone: what it has done before it is dropped stays done. See [`Asend`].
///
/// # Examples
/// ```
/// use asynkit::Monitor;
/// use std::pin::pin;
///
/// # asynkit::await_sync(async {
/// let monitor: Monitor<&str> = Monitor::new();
/// let silent = pin!(async { 7 });
/// assert_eq!(monitor.try_await(silent, ()).await, Some(7));
/// # }).unwrap();
/// ```
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct TryAwait<'a, M: Airlock, C: ?Sized>(Asend<'a, M, C>);

impl<'a, M: Airlock, C: Future + ?Sized> TryAwait<'a, M, C> {
    pub(super) fn new(asend: Asend<'a, M, C>) -> Self {
        TryAwait(asend)
    }
}

impl<M: Airlock, C: Future + ?Sized> Future for TryAwait<'_, M, C> {
    type Output = Option<C::Output>;

    #[inline]
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_step(cx).map(Step::done)
    }
}

impl<M: Airlock, C: ?Sized> fmt::Debug for TryAwait<'_, M, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TryAwait").field(&self.0).finish()
    }
}

/// The call of one poll. `key`: what the coroutine is known by, if not by its address.
#[inline]
pub(super) fn poll_asend<Out, In, C: Future + ?Sized>(
    gate: &Gate<impl Turnstile<Slots<Out, In>>>,
    coroutine: Pin<&mut C>,
    key: Option<usize>,
    data: &mut Option<In>,
    cx: &mut Context<'_>,
) -> Poll<Result<Step<Out, C::Output>, MonitorError>> {
    let ask = data.take().map_or(Ask::Go, Ask::Answer);
    let mut call = Call::new(&*coroutine, ask);
    if let Some(key) = key {
        call.key = key;
    }
    let polled = call.poll(gate, coroutine, false, cx);
    if let Ask::Answer(unsent) = call.ask {
        *data = Some(unsent);
    }
    polled
}
