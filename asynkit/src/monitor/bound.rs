//! [`BoundMonitor`]: a monitor and the coroutine that it drives.

use super::{
    Aclose, Airlock, Asend, Athrow, Start, TryAwait,
    airlock::Sealed as _,
    call::{Ask, forget},
    futures::poll_asend,
    throw::Owned,
};
use crate::{
    coro::{Coro, CoroState, CoroStatus},
    error::{BoxError, Interrupt, MonitorError},
    step::Step,
};
use core::{
    fmt,
    future::{Future, IntoFuture},
    ops::Deref,
    panic::Location,
    pin::Pin,
    sync::atomic::{AtomicUsize, Ordering},
    task::{Context, Poll},
};

type BoundStep<M, C> = Step<<<M as Deref>::Target as Airlock>::Out, <C as Future>::Output>;
type In<M> = <<M as Deref>::Target as Airlock>::In;

/// A monitor and the coroutine that it drives, in one value that may move: `M` is `&Monitor`, `Arc<Monitor>` and the
/// like, `C` a `Pin<Box<F>>`, a `Pin<&mut F>` or another `Unpin` future.
///
/// It owns the coroutine: an error that nobody takes drops it, and so does `aclose`. Awaiting `&mut bound` is `aawait`,
/// again and again.
///
/// # Examples
/// ```
/// use asynkit::{BoundMonitor, Interrupt, Monitor, Step};
/// use std::{pin::Pin, sync::Arc};
///
/// /// A parser that keeps its place between two reads.
/// struct Parser(BoundMonitor<Arc<Monitor<(), Vec<u8>>>, Pin<Box<dyn Future<Output = usize> + Send>>>);
///
/// impl Parser {
///     fn new() -> Self {
///         let m = Arc::new(Monitor::new());
///         let rest = Arc::clone(&m);
///         Parser(BoundMonitor::new(m, Box::pin(async move {
///             let mut len = 0;
///             while let Ok(bytes) = rest.oob(()).await {
///                 match bytes.iter().position(|b| *b == b'\n') {
///                     Some(end) => return len + end,
///                     None => len += bytes.len(),
///                 }
///             }
///             len
///         })))
///     }
/// }
///
/// # asynkit::await_sync(async {
/// let mut parser = Parser::new();
/// parser.0.start().await.unwrap();
/// assert_eq!(parser.0.asend(b"GET".to_vec()).await, Step::Oob(()));
/// assert_eq!(parser.0.asend(b" /\n".to_vec()).await, Step::Done(5));
/// # }).unwrap();
/// ```
#[doc(alias = "bound_monitor")]
pub struct BoundMonitor<M, C>
where
    M: Deref<Target: Airlock>,
{
    coroutine: Coro<C>,
    monitor: M,
    /// What the monitor knows the coroutine by: it may move between two calls.
    key: usize,
}

/// Keys of bound coroutines: addresses that no coroutine has, downward from the last that a turn can tell.
static NEXT_KEY: AtomicUsize = AtomicUsize::new(usize::MAX & !3);

impl<M: Deref<Target: Airlock>, C: Future + Unpin> BoundMonitor<M, C> {
    /// Ties `coroutine`, which the monitor has not driven yet, to `monitor`.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{BoundMonitor, LocalMonitor};
    /// use std::rc::Rc;
    ///
    /// let m = Rc::new(LocalMonitor::<u8>::new());
    /// let own = Rc::clone(&m);
    /// let bound = BoundMonitor::new(m, Box::pin(async move { own.oob(1).await }));
    /// ```
    pub fn new(monitor: M, coroutine: C) -> Self {
        let key = NEXT_KEY.fetch_sub(4, Ordering::Relaxed);
        BoundMonitor { coroutine: Coro::new(coroutine), monitor, key }
    }

    /// The monitor.
    ///
    /// # Examples
    /// ```
    /// let m = asynkit::Monitor::<u8>::new();
    /// let bound = m.bind(Box::pin(async {}));
    /// assert!(!bound.monitor().is_active());
    /// ```
    pub fn monitor(&self) -> &M::Target {
        &self.monitor
    }

    fn call(&mut self, ask: Ask<In<M>>) -> Asend<'_, M::Target, Coro<C>> {
        Asend::new(&*self.monitor, Pin::new(&mut self.coroutine), ask).keyed(self.key)
    }

    /// Drives to the next `oob` or the end, with the default as the answer; also the first call.
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. See [`Asend`].
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Monitor, Step};
    ///
    /// # asynkit::await_sync(async {
    /// let m = Monitor::<u8>::new();
    /// let mut bound = m.bind(Box::pin(async { m.oob(1).await.is_ok() }));
    /// assert_eq!(bound.aawait().await, Step::Oob(1));
    /// assert_eq!((&mut bound).await, Step::Done(true)); // the same
    /// # }).unwrap();
    /// ```
    pub fn aawait(&mut self) -> Asend<'_, M::Target, Coro<C>>
    where
        In<M>: Default,
    {
        self.call(Ask::AnswerOrGo(Default::default()))
    }

    /// Answers the `oob` that the coroutine waits at, and drives to the next one or the end.
    ///
    /// # Panics
    /// When awaited, if it waits at no `oob`.
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. See [`Asend`].
    ///
    /// # Examples
    /// ```
    /// # asynkit::await_sync(async {
    /// let m = asynkit::Monitor::<u8, u8>::new();
    /// let mut bound = m.bind(Box::pin(async { m.oob(1).await.unwrap() }));
    /// bound.start().await.unwrap();
    /// assert_eq!(bound.asend(2).await.done(), Some(2));
    /// # }).unwrap();
    /// ```
    pub fn asend(&mut self, data: In<M>) -> Asend<'_, M::Target, Coro<C>> {
        self.call(Ask::Answer(data))
    }

    /// Goes on with the coroutine after a call that was dropped.
    ///
    /// # Panics
    /// When awaited, if it waits at an `oob`.
    ///
    /// # Cancel safety
    /// Cancel safe: dropped at any poll, it loses nothing. The coroutine stays where it is; call it again to go on.
    ///
    /// # Examples
    /// ```
    /// # asynkit::await_sync(async {
    /// let m = asynkit::Monitor::<u8, u8>::new();
    /// let mut bound = m.bind(Box::pin(async { 1 }));
    /// drop(bound.start()); // not polled: not even started
    /// assert_eq!(bound.resume().await.done(), Some(1));
    /// # }).unwrap();
    /// ```
    pub fn resume(&mut self) -> Asend<'_, M::Target, Coro<C>> {
        self.call(Ask::Go)
    }

    /// Throws `error` into the coroutine, and drives to the next `oob` or the end.
    ///
    /// # Errors
    /// The interrupt: nobody took it, and the coroutine has been dropped (one that is new without having run); or it had
    /// finished before.
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. See [`Athrow`].
    ///
    /// # Examples
    /// ```
    /// # asynkit::await_sync(async {
    /// let m = asynkit::Monitor::<u8>::new();
    /// let mut bound = m.bind(Box::pin(async { panic!("never runs") }));
    /// let untaken = bound.athrow("stop").await.unwrap_err();
    /// assert_eq!(untaken.to_string(), "interrupted: stop");
    /// # }).unwrap();
    /// ```
    pub fn athrow(&mut self, error: impl Into<BoxError>) -> Athrow<'_, M::Target, Coro<C>> {
        let coroutine = Pin::new(&mut self.coroutine);
        Athrow::new(&*self.monitor, coroutine, Interrupt::new(error)).owned(self.key, owned())
    }

    /// Throws [`Close`](crate::InterruptKind::Close) into the coroutine, and awaits its clean-up.
    ///
    /// Where nobody asked to be told, and where it is new, it is dropped. Closing it again does nothing.
    ///
    /// # Errors
    /// [`IgnoredClose`](crate::IgnoredClose): it has sent another item, from within a `shield`; it lives on, unstopped.
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. See [`Aclose`].
    ///
    /// # Examples
    /// ```
    /// # asynkit::await_sync(async {
    /// let m = asynkit::Monitor::<u8>::new();
    /// let mut bound = m.bind(Box::pin(std::future::pending::<()>()));
    /// bound.aclose().await.unwrap();
    /// bound.aclose().await.unwrap();
    /// # }).unwrap();
    /// ```
    pub fn aclose(&mut self) -> Aclose<'_, M::Target, Coro<C>> {
        let coroutine = Pin::new(&mut self.coroutine);
        Aclose::new(&*self.monitor, coroutine).owned(self.key, owned())
    }

    /// Drives a new coroutine to its first `oob`.
    ///
    /// # Errors
    /// [`NoOob`](crate::NoOob) with its value, when it returned instead.
    ///
    /// # Cancel safety
    /// Cancel safe: dropped at any poll, it loses nothing. See [`Start`].
    ///
    /// # Examples
    /// ```
    /// # asynkit::await_sync(async {
    /// let m = asynkit::Monitor::<u8, u8>::new();
    /// let mut bound = m.bind(Box::pin(async { m.oob(1).await.is_ok() }));
    /// assert_eq!(bound.start().await, Ok(1));
    /// # }).unwrap();
    /// ```
    pub fn start(&mut self) -> Start<'_, M::Target, Coro<C>> {
        Start::new(self.call(Ask::Start))
    }

    /// Drives to the end; `None`: an item came instead, and is dropped.
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. See [`Asend`].
    ///
    /// # Examples
    /// ```
    /// # asynkit::await_sync(async {
    /// let m = asynkit::Monitor::<u8, u8>::new();
    /// let mut bound = m.bind(Box::pin(async { 1 }));
    /// assert_eq!(bound.try_await(0).await, Some(1));
    /// # }).unwrap();
    /// ```
    pub fn try_await(&mut self, data: In<M>) -> TryAwait<'_, M::Target, Coro<C>> {
        TryAwait::new(self.call(Ask::AnswerOrGo(data)))
    }

    /// `asend` (or `resume`, where `data` is `None`) for futures that are written by hand.
    ///
    /// Data that was not taken stays in the `Option`.
    ///
    /// # Errors
    /// [`MonitorError`]: nothing was taken, and monitor and coroutine are as they were.
    ///
    /// # Examples
    /// ```
    /// use std::{future::poll_fn, task::Poll};
    ///
    /// # asynkit::await_sync(async {
    /// let m = asynkit::Monitor::<u8, u8>::new();
    /// let mut bound = m.bind(Box::pin(async { m.oob(1).await.unwrap() }));
    /// bound.start().await.unwrap();
    /// let mut data = Some(5);
    /// let step = poll_fn(|cx| bound.poll_asend(&mut data, cx)).await.unwrap();
    /// assert_eq!((step.done(), data), (Some(5), None));
    /// # }).unwrap();
    /// ```
    #[track_caller]
    pub fn poll_asend(
        &mut self,
        data: &mut Option<In<M>>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<BoundStep<M, C>, MonitorError>> {
        let gate = self.monitor.gate();
        poll_asend(gate, Pin::new(&mut self.coroutine), Some(self.key), data, cx)
    }
}

fn owned<C: Future>() -> Owned<Coro<C>> {
    Owned {
        is_new: |coroutine| coroutine.status() == CoroStatus::New,
        is_finished: |coroutine| coroutine.status() == CoroStatus::Finished,
        wake_leaves: Coro::wake_leaves,
        drop: Coro::drop_future,
    }
}

impl<M: Deref<Target: Airlock>, C> Drop for BoundMonitor<M, C> {
    fn drop(&mut self) {
        // A letter that was served in the name of the coroutine is all that can outlive it.
        forget(self.monitor.gate(), self.key);
    }
}

impl<M: Deref<Target: Airlock>, C> CoroState for BoundMonitor<M, C> {
    fn status(&self) -> CoroStatus {
        self.coroutine.status()
    }

    fn frame(&self) -> Option<&'static Location<'static>> {
        self.coroutine.frame()
    }
}

impl<M: Deref<Target: Airlock>, C> fmt::Debug for BoundMonitor<M, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoundMonitor").field("coroutine", &self.coroutine).finish_non_exhaustive()
    }
}

impl<'a, M, C> IntoFuture for &'a mut BoundMonitor<M, C>
where
    M: Deref<Target: Airlock<In: Default>>,
    C: Future + Unpin,
{
    type Output = BoundStep<M, C>;
    type IntoFuture = Asend<'a, M::Target, Coro<C>>;

    #[track_caller]
    fn into_future(self) -> Self::IntoFuture {
        self.aawait()
    }
}
