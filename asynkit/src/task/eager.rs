//! [`eager`]: a task that runs to its first suspension at once.

use super::{
    Cancellable, Cancelling, Task, TaskError, cancelling,
    handle::no_executor,
    spawner::{Rest, Spawn},
};
use crate::engine::{self, Site, Started};
use alloc::boxed::Box;
use core::{
    fmt,
    future::Future,
    panic::Location,
    pin::Pin,
    task::{Context, Poll},
};

/// Runs `future` at once, as a task from its first instruction; what is left at its first suspension goes on by itself.
///
/// The first part runs inside of this call, under whatever the caller holds. It is the new task's own: its identity, its
/// context, its interrupt scope. A future that ends without a suspension costs no queue entry. Where 64 such starts are on
/// the stack, the task is queued instead.
///
/// # Panics
/// Where no executor runs: `future` is dropped without a poll. A panic of `future` is its task's: it goes on where the
/// `Eager` is awaited.
///
/// # Examples
/// ```
/// use asynkit::{Executor, eager};
/// use std::{cell::Cell, rc::Rc};
///
/// Executor::run(async {
///     let sent = Rc::new(Cell::new(false));
///     let request = eager({
///         let sent = sent.clone();
///         async move {
///             sent.set(true);
///             42
///         }
///     });
///     assert!(sent.get());
///     assert_eq!(request.await, 42);
/// });
/// ```
#[doc(alias = "coro_eager")]
#[doc(alias = "func_eager")]
#[inline]
#[track_caller]
pub fn eager<F>(future: F) -> Eager<F::Output>
where
    F: Future<Output: 'static> + 'static,
{
    start(future, Location::caller())
}

#[inline(always)]
#[track_caller]
pub(super) fn start<F>(future: F, site: Site) -> Eager<F::Output>
where
    F: Future<Output: 'static> + 'static,
{
    engine::with_current(|shared| {
        let Some(shared) = shared else { no_executor() };
        shared.start(future, site, |started| match started {
            Started::Ready(value) => Eager::ready(value),
            Started::Task(id, join) => Eager::of_task(Task::new(id, site, join)),
            Started::Failed(error) => Eager::failed(error, site),
        })
    })
}

/// The same with the rest on another executor.
///
/// # Panics
/// Where the spawner does: it has no executor here. A panic of `future` goes on where the `Eager` is awaited.
///
/// # Examples
/// ```
/// use asynkit::{Executor, eager_with, spawner::Local};
///
/// Executor::run(async {
///     let request = eager_with(async { 42 }, Local);
///     assert!(request.is_finished());
///     assert_eq!(request.await, 42);
/// });
/// ```
#[expect(
    clippy::needless_pass_by_value,
    reason = "spawners are unit structs, and handles: `eager_with(fut, Tokio)`"
)]
#[track_caller]
pub fn eager_with<F, S>(future: F, spawner: S) -> Eager<F::Output, S::Handle<F::Output>>
where
    F: Future<Output: 'static>,
    S: Spawn<F> + Spawn<Rest<F>>,
{
    Spawn::<F>::start(&spawner, future)
}

/// [`eager`], and the task is cancelled when the guard is dropped.
///
/// # Panics
/// As [`eager`].
///
/// # Examples
/// ```
/// use asynkit::{Executor, eager_ctx, yield_now};
/// use std::future::pending;
///
/// Executor::run(async {
///     let guard = eager_ctx(pending::<()>());
///     let task = **guard.task().unwrap();
///     drop(guard);
///     yield_now().await;
///     assert!(task.is_finished());
/// });
/// ```
#[track_caller]
pub fn eager_ctx<F>(future: F) -> Cancelling<Eager<F::Output>>
where
    F: Future<Output: 'static> + 'static,
{
    cancelling(start(future, Location::caller()))
}

/// A future that ran when it was made: its value, or the task `H` that runs the rest.
///
/// It awaits to the value, as the async fn would have. Dropping it lets the task go on.
///
/// # Panics
/// Where there is no value: a panic of the task goes on in whoever awaits; of one that was cancelled or interrupted the
/// await panics. [`join`](Self::join) gives these as errors. Awaiting it again panics, too.
///
/// # Cancel safety
/// Cancel safe: dropped at any poll, it loses nothing. This is about a future that awaits a `&mut Eager`; without its
/// handle, the task goes on.
///
/// # Examples
/// ```
/// use asynkit::{Eager, Executor, eager};
///
/// fn answer() -> Eager<u32> {
///     eager(async { 42 })
/// }
/// Executor::run(async { assert_eq!(answer().await, 42) });
/// ```
#[must_use = "the value comes with the await; to let the task go on, drop it by name"]
pub struct Eager<T, H = Task<T>>(State<T, H>);

enum State<T, H> {
    /// `None`: it was given.
    Ready(Option<T>),
    Failed(Box<Failed>),
    Task(H),
}

/// The error of a task that has ended at its start.
struct Failed {
    error: Option<TaskError>,
    site: Site,
}

impl Drop for Failed {
    #[cold]
    #[inline(never)]
    fn drop(&mut self) {
        if let Some(TaskError::Panicked(payload)) = self.error.take() {
            let tell = |shared: &engine::Shared| shared.report(shared.nobody(), self.site, &payload);
            engine::with_current(|shared| shared.map(tell));
        }
    }
}

impl<T, H: Unpin> Unpin for Eager<T, H> {}

impl<T, H> Eager<T, H> {
    #[inline(always)]
    pub(crate) const fn ready(value: T) -> Self {
        Eager(State::Ready(Some(value)))
    }

    #[inline(always)]
    pub(crate) const fn of_task(task: H) -> Self {
        Eager(State::Task(task))
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn failed(error: TaskError, site: Site) -> Self {
        Eager(State::Failed(Box::new(Failed { error: Some(error), site })))
    }

    /// The same future, with a [`TaskError`] where there is no value.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, TaskError, eager};
    /// use std::future::pending;
    ///
    /// Executor::run(async {
    ///     let request = eager(pending::<()>());
    ///     request.task().unwrap().cancel();
    ///     assert!(matches!(request.join().await, Err(TaskError::Cancelled)));
    /// });
    /// ```
    pub const fn join(self) -> Join<T, H> {
        Join(self)
    }

    /// The task, if one was needed.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, eager};
    ///
    /// Executor::run(async {
    ///     assert!(eager(async {}).task().is_none());
    ///     assert!(eager(asynkit::yield_now()).task().is_some());
    /// });
    /// ```
    pub fn task(&self) -> Option<&H> {
        match &self.0 {
            State::Task(task) => Some(task),
            State::Ready(_) | State::Failed(_) => None,
        }
    }
}

impl<T, H: Cancellable> Eager<T, H> {
    /// Whether the value is there, or was taken, or the task has ended without one.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, eager};
    ///
    /// Executor::run(async { assert!(eager(async {}).is_finished()) });
    /// ```
    pub fn is_finished(&self) -> bool {
        self.task().is_none_or(Cancellable::is_finished)
    }
}

impl<T, H: Future<Output = Result<T, TaskError>> + Unpin> Eager<T, H> {
    #[inline(always)]
    #[track_caller]
    fn poll_result(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, TaskError>> {
        match &mut self.0 {
            State::Ready(value) => Poll::Ready(Ok(value.take().unwrap_or_else(|| taken()))),
            State::Task(task) => {
                let result = core::task::ready!(Pin::new(task).poll(cx));
                self.0 = State::Ready(None);
                Poll::Ready(result)
            }
            State::Failed(failed) => Poll::Ready(Err(failed.error.take().unwrap_or_else(|| taken()))),
        }
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn taken() -> ! {
    panic!("an `Eager` was awaited again after it had given its result")
}

/// There is no value.
#[cold]
#[inline(never)]
#[track_caller]
fn failed(error: TaskError) -> ! {
    match error {
        TaskError::Panicked(payload) => payload.resume(),
        error => panic!("{error}"),
    }
}

impl<T, H: Future<Output = Result<T, TaskError>> + Unpin> Future for Eager<T, H> {
    type Output = T;

    #[inline(always)]
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        match self.poll_result(cx) {
            Poll::Ready(Ok(value)) => Poll::Ready(value),
            Poll::Ready(Err(error)) => failed(error),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T, H: Cancellable> Cancellable for Eager<T, H> {
    fn cancel(&self) -> bool {
        self.task().is_some_and(Cancellable::cancel)
    }

    fn is_finished(&self) -> bool {
        self.is_finished()
    }
}

impl<T, H> fmt::Debug for Eager<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Eager").field("has_task", &self.task().is_some()).finish_non_exhaustive()
    }
}

/// The future of [`Eager::join`].
///
/// # Cancel safety
/// Cancel safe: dropped at any poll, it loses nothing. This is about a future that awaits a `&mut Join`; without it, the
/// task goes on.
///
/// # Examples
/// ```
/// use asynkit::{Executor, TaskError, eager};
///
/// Executor::run(async {
///     let unlucky = eager(async { panic!("no luck") });
///     let quiet: Result<(), TaskError> = unlucky.join().await;
///     assert!(matches!(quiet, Err(TaskError::Panicked(_))));
/// });
/// ```
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Join<T, H = Task<T>>(Eager<T, H>);

impl<T, H: Future<Output = Result<T, TaskError>> + Unpin> Future for Join<T, H> {
    type Output = Result<T, TaskError>;

    #[inline]
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_result(cx)
    }
}

impl<T, H: Cancellable> Cancellable for Join<T, H> {
    fn cancel(&self) -> bool {
        self.0.cancel()
    }

    fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

impl<T, H> fmt::Debug for Join<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Join").field(&self.0).finish()
    }
}
