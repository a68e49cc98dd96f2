//! [`spawn`] and [`Task`].

use super::{Cancellable, TaskRef};
use crate::engine::{self, Join, Shared, Site, TaskError, TaskId};
use core::{
    fmt,
    future::Future,
    ops::Deref,
    panic::Location,
    pin::Pin,
    task::{Context, Poll},
};

/// Starts a task on the executor that runs the caller; it runs when its turn in the ready queue comes.
///
/// It gets a copy of the caller's [context](crate::context), and goes on whether its handle is kept or not. On an
/// executor that [was stopped](crate::executor::Remote::stop) it is cancelled before it begins.
///
/// # Panics
/// Where no executor runs: `future` is dropped without a poll. [`Executor::spawn`](crate::Executor::spawn) needs none
/// to run.
///
/// # Examples
/// ```
/// use asynkit::{Executor, spawn};
///
/// Executor::run(async {
///     let answer = spawn(async { 6 * 7 });
///     assert_eq!(answer.await.unwrap(), 42);
/// });
/// ```
#[doc(alias = "create_task")]
#[inline]
#[track_caller]
pub fn spawn<F>(future: F) -> Task<F::Output>
where
    F: Future<Output: 'static> + 'static,
{
    let site = Location::caller();
    engine::with_current(|shared| match shared {
        Some(shared) => Task::spawn(shared, future, site),
        None => no_executor(),
    })
}

#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn no_executor() -> ! {
    panic!("no executor runs here: tasks are spawned inside of `Executor::run`, or by `Executor::spawn`")
}

/// The handle of a task: a future of what it returns.
///
/// Dropping it lets the task go on by itself ([`cancelling`](crate::cancelling) is for the opposite). It derefs to its
/// [`TaskRef`], which is what scheduling functions take.
///
/// # Errors
/// Awaiting it gives the task's value, or the [`TaskError`] that says why there is none. A panic that nobody awaits goes to
/// the executor's [panic hook](crate::executor::ExecutorBuilder::panic_hook).
///
/// # Panics
/// Awaiting it again after it has given its result.
///
/// # Cancel safety
/// Cancel safe: dropped at any poll, it loses nothing. This is about a future that awaits a `&mut Task`; without its
/// handle, the task goes on.
///
/// # Examples
/// ```
/// use asynkit::{Executor, spawn};
///
/// Executor::run(async {
///     let task = spawn(async { "done" });
///     assert!(!task.is_finished());
///     assert_eq!(task.await.unwrap(), "done");
/// });
/// ```
pub struct Task<T> {
    reference: TaskRef,
    join: Join<T>,
}

impl<T> Task<T> {
    #[inline(always)]
    pub(crate) fn new(id: TaskId, site: Site, join: Join<T>) -> Self {
        Task { reference: TaskRef::new(id, site), join }
    }

    #[inline(always)]
    pub(crate) fn spawn<F>(shared: &Shared, future: F, site: Site) -> Self
    where
        F: Future<Output = T> + 'static,
        T: 'static,
    {
        let (id, join) = shared.spawn(future, site);
        Task::new(id, site, join)
    }

    /// The result, if it is there and was not given before.
    pub(crate) fn take(&self) -> Option<Result<T, TaskError>> {
        self.join.take()
    }

    /// Whether it has ended: it has returned, panicked, or was dropped.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, spawn, yield_now};
    ///
    /// Executor::run(async {
    ///     let task = spawn(async {});
    ///     yield_now().await;
    ///     assert!(task.is_finished());
    /// });
    /// ```
    #[doc(alias = "done")]
    pub fn is_finished(&self) -> bool {
        self.join.is_finished()
    }
}

impl<T> Deref for Task<T> {
    type Target = TaskRef;

    fn deref(&self) -> &TaskRef {
        &self.reference
    }
}

impl<T> Future for Task<T> {
    type Output = Result<T, TaskError>;

    #[inline(always)]
    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.join.poll(cx)
    }
}

impl<T> Cancellable for Task<T> {
    fn cancel(&self) -> bool {
        self.reference.cancel()
    }

    fn is_finished(&self) -> bool {
        self.is_finished()
    }
}

impl<T> Drop for Task<T> {
    #[inline(never)]
    fn drop(&mut self) {
        if let Some(Err(TaskError::Panicked(payload))) = self.join.leave() {
            self.reference.report(&payload);
        }
    }
}

impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task")
            .field("id", &self.reference.id())
            .field("is_finished", &self.is_finished())
            .finish_non_exhaustive()
    }
}
