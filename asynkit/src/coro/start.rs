//! [`CoroStart`]: a coroutine that runs to its first suspension when it is made.

use crate::{
    coro::{Aclose, Athrow, Coro, CoroState, CoroStatus, Deferred},
    error::{BoxError, Ignored, ThrowError},
    waker::IDLE,
};
use alloc::boxed::Box;
use core::{
    fmt,
    future::{Future, Ready, ready},
    ops::{Deref, DerefMut},
    panic::Location,
    pin::Pin,
    task::{Context, Poll},
};

/// A coroutine that ran to its first suspension when it was made; awaiting it runs the rest.
///
/// `P` points to the [`Coro`]: [`start!`](crate::start!) pins one on the stack (`CoroStart<&mut Coro<F>>`, no
/// allocation), [`boxed`](CoroStart::boxed) puts one on the heap (`CoroStart<Box<Coro<F>>>`, to return or store).
///
/// It is in one of three states:
///
/// | | done | pending | continued |
/// |---|---|---|---|
/// | is | returned at the start | suspended | awaited, closed, or its value was taken |
/// | [`result`](Self::result) | the value | `None` | `None` |
/// | `.await` | the value, at once | the rest | panics, if it has ended |
/// | [`close`](Self::close) | drops the value | closes the coroutine | closes the coroutine, if it has not ended |
/// | [`throw`](Self::throw) | `Finished` | delivers | delivers, if it has not ended |
///
/// The first part is polled with a waker that wakes nobody, and the await polls again with the real one, so no wake
/// is lost; a leaf that is not ready then is polled once more than in a plain await. An error that nobody takes drops
/// the coroutine.
///
/// # Panics
/// Awaiting it again after it has ended panics. A panic of the first part goes to who started it.
///
/// # Limits
/// Started coroutines that await each other are polled through each other: a level takes at most 4 KiB of stack in a
/// debug build, and 512 bytes in an optimised one. In the 2 MiB that a thread has, 500 levels are safe in the one and
/// 4000 in the other. Since the start and the await both poll, `n` starts inside each other, all of which come to a
/// wait at once, take about `n²/2` polls.
///
/// # Cancel safety
/// Cancel safe: dropped at any poll, it loses nothing. This is about a future that awaits a `&mut CoroStart`; the
/// coroutine stays where it is.
///
/// # Examples
/// ```
/// use asynkit::start;
/// use std::cell::Cell;
///
/// async fn request(log: &Cell<u32>) -> u32 {
///     log.set(log.get() + 1); // runs at the start
///     42
/// }
///
/// # asynkit::await_sync(async {
/// let log = Cell::new(0);
/// start!(let answer = request(&log));
/// assert_eq!(log.get(), 1);
/// assert_eq!(answer.await, 42);
/// # }).unwrap();
/// ```
#[doc(alias = "PyCoroStart")]
#[must_use = "the rest of the coroutine runs only when this is awaited"]
pub struct CoroStart<P: Deref<Target: Future>> {
    coro: Pin<P>,
    value: Option<<P::Target as Future>::Output>,
    is_continued: bool,
}

impl<P: Deref<Target: Future>> Unpin for CoroStart<P> where Pin<P>: Unpin {}

impl<P, F> CoroStart<P>
where
    P: DerefMut<Target = Coro<F>>,
    F: Future,
{
    /// Runs `coro` to its first suspension.
    ///
    /// # Panics
    /// Where `coro` has finished, or panics.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{CoroStart, coro};
    ///
    /// coro!(let mut c = async { 1 });
    /// assert_eq!(CoroStart::new(c.as_mut()).into_result().unwrap(), 1);
    /// ```
    #[doc(alias = "coro_start")]
    #[inline]
    #[track_caller]
    pub fn new(mut coro: Pin<P>) -> Self {
        let value = match coro.as_mut().poll(&mut Context::from_waker(IDLE)) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        };
        CoroStart { coro, value, is_continued: false }
    }

    /// The same, not started yet.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{CoroStart, coro};
    ///
    /// coro!(let mut c = async { 1 });
    /// let deferred = CoroStart::deferred(c.as_mut());
    /// assert!(deferred.start().is_done());
    /// ```
    #[doc(alias = "autostart")]
    pub const fn deferred(coro: Pin<P>) -> Deferred<P> {
        Deferred::new(coro)
    }

    /// Whether it returned at the start, and its value is still here.
    ///
    /// # Examples
    /// ```
    /// asynkit::start!(let c = async { 1 });
    /// assert!(c.is_done() && !c.is_pending() && !c.is_continued());
    /// ```
    #[doc(alias = "done")]
    pub fn is_done(&self) -> bool {
        self.value.is_some()
    }

    /// Whether it is suspended where the start left it.
    ///
    /// # Examples
    /// ```
    /// asynkit::start!(let c = std::future::pending::<()>());
    /// assert!(c.is_pending());
    /// ```
    #[doc(alias = "pending")]
    pub fn is_pending(&self) -> bool {
        !self.is_continued && self.value.is_none()
    }

    /// Whether its value or its rest has been taken: it was awaited, or closed.
    ///
    /// # Examples
    /// ```
    /// asynkit::start!(let mut c = std::future::pending::<()>());
    /// c.close().unwrap();
    /// assert!(c.is_continued());
    /// ```
    #[doc(alias = "continued")]
    pub fn is_continued(&self) -> bool {
        self.is_continued && self.value.is_none()
    }

    /// Its value, if it is done.
    ///
    /// # Examples
    /// ```
    /// asynkit::start!(let c = async { 1 });
    /// assert_eq!(c.result(), Some(&1));
    /// ```
    pub fn result(&self) -> Option<&F::Output> {
        self.value.as_ref()
    }

    /// Its value by value.
    ///
    /// # Errors
    /// Itself, if it is not done.
    ///
    /// # Examples
    /// ```
    /// # asynkit::await_sync(async {
    /// asynkit::start!(let c = async { 1 });
    /// let value = match c.into_result() {
    ///     Ok(value) => value,
    ///     Err(pending) => pending.await,
    /// };
    /// # assert_eq!(value, 1) }).unwrap();
    /// ```
    pub fn into_result(mut self) -> Result<F::Output, Self> {
        self.value.take().ok_or(self)
    }

    /// Its value as a ready future.
    ///
    /// # Errors
    /// Itself, if it is not done.
    ///
    /// # Examples
    /// ```
    /// # asynkit::await_sync(async {
    /// asynkit::start!(let c = async { 1 });
    /// assert_eq!(c.as_future().unwrap().await, 1);
    /// # }).unwrap();
    /// ```
    #[doc(alias = "as_awaitable")]
    pub fn as_future(self) -> Result<Ready<F::Output>, Self> {
        self.into_result().map(ready)
    }

    /// Throws [`Close`](crate::InterruptKind::Close) and polls once, as [`Coro::close`]; drops the value of one that is
    /// done. It can be called again and again.
    ///
    /// # Errors
    /// [`Ignored`]: the coroutine suspended again; it lives on, and can still be awaited.
    ///
    /// # Examples
    /// ```
    /// asynkit::start!(let mut c = std::future::pending::<()>());
    /// c.close().unwrap();
    /// c.close().unwrap();
    /// ```
    pub fn close(&mut self) -> Result<(), Ignored> {
        let value = self.value.take();
        drop(value);
        self.coro.as_mut().close()?;
        self.is_continued = true;
        Ok(())
    }

    /// Throws [`Close`](crate::InterruptKind::Close) and awaits the clean-up; one that is done stays done.
    ///
    /// # Errors
    /// None, see [`Coro::aclose`].
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. Dropping the future ends the close: the
    /// coroutine stays where it is and is told no more.
    ///
    /// # Examples
    /// ```
    /// use asynkit::InterruptExt as _;
    /// use std::future::pending;
    ///
    /// async fn clean_up() {}
    ///
    /// # asynkit::await_sync(async {
    /// asynkit::start!(let mut c = async {
    ///     if pending::<()>().interruptible().await.is_err() {
    ///         clean_up().await
    ///     }
    /// });
    /// c.aclose().await.unwrap();
    /// assert!(c.is_continued());
    /// # }).unwrap();
    /// ```
    pub fn aclose(&mut self) -> Aclose<'_, F> {
        self.is_continued = true;
        self.coro.as_mut().aclose()
    }

    /// Throws `error` and polls, up to `tries` times, as [`Coro::throw`].
    ///
    /// # Errors
    /// See [`ThrowError`]; after `Ignored` it can still be awaited.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{InterruptExt as _, ThrowError};
    /// use std::future::pending;
    ///
    /// asynkit::start!(let mut c = async { pending::<u8>().await });
    /// let Err(ThrowError::Interrupted(told)) = c.throw("enough", 1) else { panic!() };
    /// assert_eq!(told.to_string(), "interrupted: enough");
    /// ```
    pub fn throw(&mut self, error: impl Into<BoxError>, tries: usize) -> Result<F::Output, ThrowError> {
        let thrown = self.coro.as_mut().throw(error, tries);
        self.is_continued |= !matches!(thrown, Err(ThrowError::Ignored));
        thrown
    }

    /// Throws `error` and awaits what the coroutine makes of it, as [`Coro::athrow`].
    ///
    /// # Errors
    /// The interrupt: nobody took it, or the coroutine had finished before.
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. Dropping the future leaves the coroutine where
    /// it is; an error that was not delivered yet is dropped.
    ///
    /// # Examples
    /// ```
    /// use asynkit::InterruptExt as _;
    /// use std::future::pending;
    ///
    /// # asynkit::await_sync(async {
    /// asynkit::start!(let mut c = async { pending::<()>().interruptible().await.is_err() });
    /// assert_eq!(c.athrow("enough").await.unwrap(), true);
    /// # }).unwrap();
    /// ```
    pub fn athrow(&mut self, error: impl Into<BoxError>) -> Athrow<'_, F> {
        self.is_continued = true;
        self.coro.as_mut().athrow(error)
    }
}

impl<P, F, T, E> CoroStart<P>
where
    P: DerefMut<Target = Coro<F>>,
    F: Future<Output = Result<T, E>>,
{
    /// Its error, if it is done with one.
    ///
    /// # Examples
    /// ```
    /// asynkit::start!(let c = async { "x".parse::<u8>() });
    /// assert_eq!(c.error().unwrap().to_string(), "invalid digit found in string");
    /// ```
    #[doc(alias = "exception")]
    pub fn error<'a>(&'a self) -> Option<&'a E>
    where
        T: 'a,
    {
        self.result()?.as_ref().err()
    }
}

impl<F: Future> CoroStart<Box<Coro<F>>> {
    /// Boxes `future` and runs it to its first suspension.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Coro, CoroStart};
    ///
    /// fn request(n: u32) -> CoroStart<Box<Coro<impl Future<Output = u32>>>> {
    ///     CoroStart::boxed(async move { n + 1 }) // in flight when the function returns
    /// }
    /// assert_eq!(request(1).into_result().unwrap(), 2);
    /// ```
    #[track_caller]
    pub fn boxed(future: F) -> Self {
        CoroStart::new(Box::pin(Coro::new(future)))
    }
}

impl<P, F> Future for CoroStart<P>
where
    P: DerefMut<Target = Coro<F>>,
    F: Future,
    Pin<P>: Unpin,
{
    type Output = F::Output;

    #[inline(always)]
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.is_continued = true;
        match self.value.take() {
            Some(value) => Poll::Ready(value),
            None => self.coro.as_mut().poll(cx),
        }
    }
}

impl<P: Deref<Target: Future + CoroState>> CoroState for CoroStart<P> {
    fn status(&self) -> CoroStatus {
        self.coro.status()
    }

    fn frame(&self) -> Option<&'static Location<'static>> {
        self.coro.frame()
    }
}

impl<P: Deref<Target: Future + CoroState>> fmt::Debug for CoroStart<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CoroStart")
            .field("status", &self.status())
            .field("is_done", &self.value.is_some())
            .field("is_continued", &self.is_continued)
            .finish_non_exhaustive()
    }
}
