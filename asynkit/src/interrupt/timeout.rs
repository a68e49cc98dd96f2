//! [`task_timeout`], [`try_task_timeout`], [`task_timeout_at`]: scopes with a clock.

use crate::{
    error::{Interrupt, InterruptKind},
    executor::{Sleep, sleep, sleep_until},
    scope::{Delivery, Scope},
};
use alloc::boxed::Box;
use core::{
    error::Error,
    fmt,
    future::{Future, IntoFuture},
    panic::Location,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use pin_project_lite::pin_project;
use std::{io, time::Instant};

/// A timeout has passed: how long it was, and where it was set.
///
/// # Examples
/// ```
/// use asynkit::{Executor, task_timeout};
/// use std::{future::pending, time::Duration};
///
/// let late = Executor::run(task_timeout(Duration::from_millis(1), pending::<()>())).unwrap_err();
/// assert_eq!(late.after, Duration::from_millis(1));
/// assert_eq!(late.at.line(), line!() - 2);
/// assert!(late.to_string().starts_with("timed out after 1ms, set at "));
/// ```
#[doc(alias = "TimeoutError")]
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimedOut {
    /// How long it was.
    pub after: Duration,
    /// Where it was set.
    pub at: &'static Location<'static>,
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "timed out after {:?}, set at {}", self.after, self.at)
    }
}

impl Error for TimedOut {}

impl From<TimedOut> for io::Error {
    fn from(late: TimedOut) -> Self {
        io::Error::new(io::ErrorKind::TimedOut, late)
    }
}

/// Runs `future` for at most `limit`, which begins now; `None`: without a limit.
///
/// The future is polled before the clock is looked at, so what is ready wins, and one that never suspends never times
/// out. When the time is over, every [interrupt point](crate::InterruptExt::interruptible) in it that would wait is told,
/// from then on until it ends, so that it may clean up with further awaits; a future that nobody is told of is dropped
/// where it waits. Told, it has its [grace](TaskTimeout::grace) to return: as long again as the limit, by default. Then it
/// is dropped, too. A [`shield`](crate::shield) in it holds all of this back. A task that it awaits runs on.
///
/// Timeouts nest, each knows its own. They work on any executor: on ours the timer is the executor's, inside of a tokio
/// runtime it is tokio's with the feature `tokio` (timers have to be enabled there), elsewhere that of `async-io`.
///
/// # Errors
/// [`TimedOut`] where the future was dropped. What a future returns after it was told counts: a body that passes the
/// interrupt on gives `Ok(Err(interrupt))`. [`try_task_timeout`] makes one error of both.
///
/// # Cancel safety
/// As cancel safe as what it runs, which is dropped with it; nothing else is lost.
///
/// # Examples
/// ```
/// use asynkit::{Executor, InterruptExt as _, task_timeout};
/// use std::{future::pending, time::Duration};
///
/// Executor::run(async {
///     let limit = Duration::from_millis(1);
///     assert_eq!(task_timeout(limit, async { 1 }).await, Ok(1));
///     assert_eq!(task_timeout(None, async { 2 }).await, Ok(2));
///     assert!(task_timeout(limit, pending::<()>()).await.is_err());
///
///     let polite = task_timeout(limit, async {
///         match pending::<()>().interruptible().await {
///             Ok(()) => "never",
///             Err(_late) => "cleaned up",
///         }
///     });
///     assert_eq!(polite.await, Ok("cleaned up"));
/// });
/// ```
#[inline]
#[track_caller]
pub fn task_timeout<F: IntoFuture>(
    limit: impl Into<Option<Duration>>,
    future: F,
) -> TaskTimeout<F::IntoFuture> {
    let after = limit.into().unwrap_or(Duration::MAX);
    TaskTimeout::new(Instant::now(), after, future.into_future(), Location::caller())
}

/// Runs `future` until `deadline` at the latest; otherwise as [`task_timeout`].
///
/// The error tells how far the deadline was when this was called, and the grace is as long by default.
///
/// # Errors
/// As [`task_timeout`].
///
/// # Cancel safety
/// As cancel safe as what it runs, which is dropped with it; nothing else is lost.
///
/// # Examples
/// ```
/// use asynkit::{Executor, sleep, task_timeout_at};
/// use std::{future::pending, time::{Duration, Instant}};
///
/// Executor::run(async {
///     let deadline = Instant::now() + Duration::from_millis(2);
///     task_timeout_at(deadline, sleep(Duration::ZERO)).await?; // both by the same time
///     assert!(task_timeout_at(deadline, pending::<()>()).await.is_err());
///     Ok::<_, asynkit::TimedOut>(())
/// })
/// .unwrap();
/// ```
#[track_caller]
pub fn task_timeout_at<F: IntoFuture>(deadline: Instant, future: F) -> TaskTimeout<F::IntoFuture> {
    let start = Instant::now();
    let after = deadline.saturating_duration_since(start);
    TaskTimeout::new(start, after, future.into_future(), Location::caller())
}

/// [`task_timeout`] for a future of a `Result`, with one error for both.
///
/// An error that still holds the interrupt of this timeout becomes [`TimedOut`]; any other error of the body, made of
/// that interrupt or not, stays what it is. So a body says `?` at its points and hears of its own timeout as `TimedOut`,
/// and of a timeout or cancel around it as the interrupt that it is.
///
/// The type of the error has to be known. Where the result goes on with `?`, which converts it once more, it is named:
/// `try_task_timeout::<_, ServerError, _>(..)`.
///
/// # Errors
/// The body's own, or `TimedOut` converted.
///
/// # Cancel safety
/// As cancel safe as what it runs, which is dropped with it; nothing else is lost.
///
/// # Examples
/// ```
/// use asynkit::{Executor, InterruptExt as _, TimedOut, try_task_timeout};
/// use std::{error::Error, future::pending, time::Duration};
///
/// Executor::run(async {
///     let read = try_task_timeout(Duration::from_millis(1), async {
///         match pending::<u8>().interruptible().await {
///             Ok(byte) => Ok(byte),
///             Err(stop) => {
///                 // .. say goodbye, with awaits; then on our way out:
///                 Err(Box::<dyn Error + Send + Sync>::from(stop))
///             }
///         }
///     });
///     let late = read.await.unwrap_err();
///     assert!(late.is::<TimedOut>());
/// });
/// ```
#[inline]
#[track_caller]
pub fn try_task_timeout<T, E, F>(
    limit: impl Into<Option<Duration>>,
    future: F,
) -> TryTaskTimeout<F::IntoFuture>
where
    E: From<TimedOut>,
    F: IntoFuture<Output = Result<T, E>>,
{
    TryTaskTimeout { body: task_timeout(limit, future) }
}

pin_project! {
    /// The future of [`task_timeout`] and [`task_timeout_at`].
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, task_timeout};
    /// use std::time::Duration;
    ///
    /// let late = task_timeout(Duration::ZERO, std::future::pending::<()>());
    /// assert!(Executor::run(late).is_err());
    /// ```
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct TaskTimeout<F> {
        // `None`: the end
        #[pin]
        future: Option<F>,
        scope: Scope,
        start: Instant,
        // To the end of the limit, then to that of the grace; made where the future waits. In a box: most timeouts need
        // none, and are moved about.
        timer: Option<Box<Sleep>>,
        // What was thrown when the time was over.
        thrown: Option<Interrupt>,
        // Somebody was told, and the grace has begun.
        is_told: bool,
        after: Duration,
        grace: Option<Duration>,
        at: &'static Location<'static>,
    }
}

impl<F> TaskTimeout<F> {
    #[inline]
    const fn new(start: Instant, after: Duration, future: F, at: &'static Location<'static>) -> Self {
        TaskTimeout {
            future: Some(future),
            scope: Scope::new(),
            start,
            timer: None,
            thrown: None,
            is_told: false,
            after,
            grace: None,
            at,
        }
    }

    /// How long the future may go on once it was told; by default as long as the limit was.
    ///
    /// With [`Duration::ZERO`] it is dropped where it suspends next, with [`Duration::MAX`] never.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, InterruptExt as _, sleep, task_timeout};
    /// use std::{future::pending, time::Duration};
    ///
    /// let (short, long) = (Duration::from_millis(1), Duration::from_millis(5));
    /// let body = || async move {
    ///     let _late = pending::<()>().interruptible().await;
    ///     sleep(long).await; // clean-up
    /// };
    /// Executor::run(async {
    ///     assert!(task_timeout(short, body()).await.is_err());
    ///     assert!(task_timeout(short, body()).grace(Duration::MAX).await.is_ok());
    /// });
    /// ```
    pub fn grace(self, grace: Duration) -> Self {
        TaskTimeout { grace: Some(grace), ..self }
    }
}

impl<F: Future> TaskTimeout<F> {
    /// A poll after the time is over.
    #[cold]
    #[inline(never)]
    fn poll_late(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<F::Output, TimedOut>> {
        let mut this = self.project();
        if this.thrown.is_none() {
            let interrupt = Interrupt::of_kind(InterruptKind::Timeout);
            *this.thrown = Some(interrupt.share());
            this.scope.throw(interrupt);
        }
        let future = this.future.as_mut().as_pin_mut().expect("it is dropped at the end only");
        let end = match this.scope.poll_told(future, cx) {
            Delivery::Ready(value) | Delivery::Unseen(value, _) => Ok(value),
            Delivery::Pending => {
                // Leaves under a sub-executor may have to be polled first, and a shield to end.
                if !this.scope.is_told() || this.scope.is_held() {
                    return Poll::Pending;
                }
                if !*this.is_told {
                    *this.is_told = true;
                    *this.timer = Some(Box::new(sleep(this.grace.unwrap_or(*this.after))));
                }
                if this.timer.as_mut().is_some_and(|timer| Pin::new(timer).poll(cx).is_pending()) {
                    return Poll::Pending;
                }
                Err(TimedOut { after: *this.after, at: this.at })
            }
            Delivery::Root(_) => Err(TimedOut { after: *this.after, at: this.at }),
        };
        this.future.set(None);
        Poll::Ready(end)
    }
}

impl<F: Future> Future for TaskTimeout<F> {
    type Output = Result<F::Output, TimedOut>;

    #[inline]
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.as_mut().project();
        let Some(future) = this.future.as_mut().as_pin_mut() else { polled_again() };
        if this.thrown.is_none() {
            if let Poll::Ready(value) = this.scope.poll(future, cx) {
                this.future.set(None);
                return Poll::Ready(Ok(value));
            }
            let (start, after) = (*this.start, *this.after);
            let timer = this.timer.get_or_insert_with(|| Box::new(until(start, after)));
            if Pin::new(timer).poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
        self.poll_late(cx)
    }
}

fn until(start: Instant, after: Duration) -> Sleep {
    start.checked_add(after).map_or_else(|| sleep(Duration::MAX), sleep_until)
}

#[cold]
#[track_caller]
fn polled_again() -> ! {
    panic!("a timeout was polled after it had ended")
}

impl<F> fmt::Debug for TaskTimeout<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskTimeout")
            .field("after", &self.after)
            .field("at", &format_args!("{}", self.at))
            .field("is_thrown", &self.thrown.is_some())
            .finish_non_exhaustive()
    }
}

pin_project! {
    /// The future of [`try_task_timeout`].
    ///
    /// # Examples
    /// ```
    /// use asynkit::{BoxError, Executor, try_task_timeout};
    /// use std::time::Duration;
    ///
    /// let in_time = try_task_timeout(Duration::from_secs(9), async { Ok::<_, BoxError>(7) });
    /// assert_eq!(Executor::run(in_time).unwrap(), 7);
    /// ```
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct TryTaskTimeout<F> {
        #[pin]
        body: TaskTimeout<F>,
    }
}

impl<F> TryTaskTimeout<F> {
    /// As [`TaskTimeout::grace`].
    ///
    /// # Examples
    /// ```
    /// use asynkit::{BoxError, Executor, InterruptExt, try_task_timeout};
    /// use std::{future::pending, time::Duration};
    ///
    /// let told = try_task_timeout(Duration::ZERO, async {
    ///     let _told = pending::<()>().interruptible().await;
    ///     pending::<Result<(), BoxError>>().await // a clean-up that never ends
    /// });
    /// assert!(Executor::run(told.grace(Duration::ZERO)).is_err());
    /// ```
    pub fn grace(self, grace: Duration) -> Self {
        TryTaskTimeout { body: self.body.grace(grace) }
    }
}

impl<T, E: From<TimedOut>, F: Future<Output = Result<T, E>>> Future for TryTaskTimeout<F> {
    type Output = Result<T, E>;

    #[inline]
    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut body = self.project().body;
        let end = match body.as_mut().poll(cx) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(end) => end,
        };
        let body = body.project();
        Poll::Ready(match end {
            Ok(Ok(value)) => Ok(value),
            // The body has returned and is dropped: if somebody else still holds the interrupt, it is in the error.
            Ok(Err(error)) if body.thrown.as_ref().is_some_and(Interrupt::is_shared) => {
                drop(error);
                Err(TimedOut { after: *body.after, at: body.at }.into())
            }
            Ok(Err(error)) => Err(error),
            Err(late) => Err(late.into()),
        })
    }
}

impl<F> fmt::Debug for TryTaskTimeout<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TryTaskTimeout").field(&self.body).finish()
    }
}
