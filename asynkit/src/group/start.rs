//! Children that say when they are ready for work: [`TaskStatus`], [`Started`], [`StartError`].

use super::{member::End, members::Members};
use crate::error::BoxError;
use alloc::sync::Arc;
use core::{
    error::Error,
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, Waker},
};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// With it a child tells its starter that it is ready for work; see [`TaskGroup::start`](super::TaskGroup::start).
///
/// Dropping it tells the starter that nothing will come.
pub struct TaskStatus<V>(Arc<Start<V>>);

impl<V> TaskStatus<V> {
    /// Gives the starter what it waits for: an address, a handle, `()`.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, group::TaskStatus, task_group};
    ///
    /// async fn serve(status: TaskStatus<u16>) {
    ///     status.started(8080);
    ///     // .. and serve
    /// }
    /// Executor::run(task_group(async |g| {
    ///     assert_eq!(g.start(serve).await?, 8080);
    ///     Ok(())
    /// }))
    /// .unwrap();
    /// ```
    pub fn started(self, value: V) {
        self.0.settle(Ok(value));
    }
}

impl<V> Drop for TaskStatus<V> {
    fn drop(&mut self) {
        self.0.lose();
    }
}

impl<V> fmt::Debug for TaskStatus<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskStatus").finish_non_exhaustive()
    }
}

/// The future of [`TaskGroup::start`](super::TaskGroup::start): what the child says with
/// [`started`](TaskStatus::started).
///
/// The child runs whether this is awaited or not. Dropped with an error that it was not asked for, it gives that to the
/// group.
///
/// # Errors
/// [`StartError`]: the child will not call `started`. Until the call, an error of the child, or its panic, is its starter's:
/// the group goes on, unless the starter passes it on.
///
/// # Panics
/// Awaiting it again after it has given its result.
///
/// # Cancel safety
/// Cancel safe: dropped at any poll, it loses nothing. This is about a future that awaits a `&mut Started`; without it,
/// the child goes on.
#[must_use = "the value comes with the await; to let the child go on without it, drop this by name"]
pub struct Started<V> {
    start: Arc<Start<V>>,
    members: Arc<Members>,
}

impl<V> Started<V> {
    pub(super) const fn new(start: Arc<Start<V>>, members: Arc<Members>) -> Self {
        Started { start, members }
    }
}

impl<V> Future for Started<V> {
    type Output = Result<V, StartError>;

    #[inline]
    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(result) = self.start.take() {
            return Poll::Ready(result);
        }
        let waker = cx.waker().clone();
        let old = self.start.lock().starter.replace(waker);
        drop(old);
        // The answer may have come between the two locks, and have found no waker.
        self.start.take().map_or(Poll::Pending, Poll::Ready)
    }
}

impl<V> Drop for Started<V> {
    fn drop(&mut self) {
        if let Some(Err(StartError::Failed(error))) = self.start.forgo() {
            // Where nobody waits for the group, nobody hears of it.
            drop(self.members.fail(error));
        }
    }
}

impl<V> fmt::Debug for Started<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_waiting = matches!(self.start.lock().answer, Answer::None);
        f.debug_struct("Started").field("is_waiting", &is_waiting).finish_non_exhaustive()
    }
}

/// Why a child was not started.
///
/// # Examples
/// ```
/// use asynkit::{Executor, StartError, group::TaskStatus, task_group};
/// use std::io;
///
/// async fn listen(port: u16, status: TaskStatus<u16>) -> io::Result<()> {
///     if port == 80 {
///         return Err(io::ErrorKind::PermissionDenied.into());
///     }
///     status.started(port);
///     Ok(())
/// }
/// Executor::run(task_group(async |g| {
///     let refused = g.start(|status| listen(80, status)).await.unwrap_err();
///     assert_eq!(refused.to_string(), "the child failed before it called `started`: permission denied");
///     assert_eq!(g.start(|status| listen(8080, status)).await?, 8080); // the group goes on
///     Ok(())
/// }))
/// .unwrap();
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// It has ended, or has dropped its [`TaskStatus`], without calling `started`.
    NotStarted,
    /// It was cancelled before it called `started`.
    Cancelled,
    /// It has failed before it called `started`; a panic is a [`PanicPayload`](crate::PanicPayload).
    Failed(BoxError),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::NotStarted => {
                f.write_str("the child has ended, or has dropped its status, without calling `started`")
            }
            StartError::Cancelled => f.write_str("the child was cancelled before it called `started`"),
            StartError::Failed(error) => write!(f, "the child failed before it called `started`: {error}"),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            StartError::Failed(error) => Some(&**error),
            StartError::NotStarted | StartError::Cancelled => None,
        }
    }
}

/// What a child and its starter share.
pub(super) struct Start<V>(Mutex<State<V>>);

struct State<V> {
    answer: Answer<V>,
    /// The child is being polled, or will be: how that ends says more than that its status is lost.
    is_polled: bool,
    is_lost: bool,
    starter: Option<Waker>,
}

enum Answer<V> {
    None,
    Some(Result<V, StartError>),
    Taken,
    /// The starter does not wait.
    Unwanted,
}

impl<V> Start<V> {
    pub(super) fn new() -> (Arc<Self>, TaskStatus<V>) {
        let state = State { answer: Answer::None, is_polled: true, is_lost: false, starter: None };
        let start = Arc::new(Start(Mutex::new(state)));
        (Arc::clone(&start), TaskStatus(start))
    }

    /// No code of others runs while this is held.
    fn lock(&self) -> MutexGuard<'_, State<V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the answer, if that is still open; otherwise it comes back.
    pub(super) fn settle(&self, answer: Result<V, StartError>) -> Option<Result<V, StartError>> {
        let mut state = self.lock();
        if !matches!(state.answer, Answer::None) {
            return Some(answer);
        }
        state.answer = Answer::Some(answer);
        let starter = state.starter.take();
        drop(state);
        if let Some(starter) = starter {
            starter.wake();
        }
        None
    }

    /// The status was dropped, used or not.
    fn lose(&self) {
        let mut state = self.lock();
        state.is_lost = true;
        let is_polled = state.is_polled;
        drop(state);
        if !is_polled {
            self.settle(Err(StartError::NotStarted));
        }
    }

    /// The child is not taken in.
    pub(super) fn refuse(&self) {
        self.settle(Err(StartError::Cancelled));
    }

    /// A poll of the child begins.
    pub(super) fn begin(&self) {
        self.lock().is_polled = true;
    }

    /// The child has suspended.
    pub(super) fn suspend(&self) {
        let mut state = self.lock();
        state.is_polled = false;
        let is_lost = state.is_lost;
        drop(state);
        if is_lost {
            self.settle(Err(StartError::NotStarted));
        }
    }

    /// The child has ended; an error that is not its starter's comes back.
    pub(super) fn end<T>(&self, end: End<T>) -> Option<BoxError> {
        let answer = match end {
            End::Value(_) => StartError::NotStarted,
            End::Cancelled => StartError::Cancelled,
            End::Failed(error) => StartError::Failed(error),
        };
        match self.settle(Err(answer))? {
            Err(StartError::Failed(error)) => Some(error),
            _ => None,
        }
    }

    #[track_caller]
    fn take(&self) -> Option<Result<V, StartError>> {
        let mut state = self.lock();
        let taken = match &state.answer {
            Answer::None => return None,
            _ => mem::replace(&mut state.answer, Answer::Taken),
        };
        drop(state);
        match taken {
            Answer::Some(answer) => Some(answer),
            _ => panic!("a `Started` was awaited again after it had given its result"),
        }
    }

    /// The starter does not wait any more; an answer that is there was not asked for.
    fn forgo(&self) -> Option<Result<V, StartError>> {
        let mut state = self.lock();
        let answer = mem::replace(&mut state.answer, Answer::Unwanted);
        let starter = state.starter.take();
        drop(state);
        drop(starter);
        match answer {
            Answer::Some(answer) => Some(answer),
            Answer::None | Answer::Taken | Answer::Unwanted => None,
        }
    }
}
