//! [`Spawner`] and [`Spawn`]: where tasks run.

pub(crate) use super::rest::First;
pub use super::rest::Rest;
#[cfg(any(feature = "tokio", feature = "smol"))]
pub(crate) use super::rest::Turn;
use super::{Cancellable, Eager, Task, TaskError};
use core::{future::Future, panic::Location};

/// An executor that takes tasks; it names their handle.
///
/// # Examples
/// ```
/// use asynkit::{Executor, spawner::{Local, Spawn, Spawner}};
///
/// fn start<S: Spawner + Spawn<F>, F: Future<Output = u8>>(spawner: &S, future: F) -> S::Handle<u8> {
///     spawner.spawn(future)
/// }
///
/// Executor::run(async { assert_eq!(start(&Local, async { 1 }).await.unwrap(), 1) });
/// ```
pub trait Spawner {
    /// The handle of a task.
    type Handle<T: 'static>: Future<Output = Result<T, TaskError>> + Cancellable + Unpin + 'static;
}

/// Which futures an executor takes, so that each has bounds of its own.
///
/// # Examples
/// ```
/// use asynkit::{Executor, spawner::{Local, Spawn}};
///
/// Executor::run(async { assert_eq!(Local.spawn(async { 1 }).await.unwrap(), 1) });
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot run this future",
    note = "multi-thread executors need `Send + 'static`"
)]
pub trait Spawn<F: Future<Output: 'static>>: Spawner {
    /// Starts a task.
    #[track_caller]
    fn spawn(&self, future: F) -> Self::Handle<F::Output>;

    /// Runs `future` to its first suspension, and starts a task for the rest; what [`eager_with`](crate::eager_with)
    /// calls.
    ///
    /// The first part runs on the caller's stack, in a context and an interrupt scope of its own, out of reach of what is
    /// thrown to the caller. A panic in it goes on where the result is awaited. Where 64 such starts are on the stack,
    /// all of it is spawned.
    #[track_caller]
    fn start(&self, future: F) -> Eager<F::Output, Self::Handle<F::Output>>
    where
        Self: Spawn<Rest<F>>,
    {
        match Rest::start(future) {
            First::Ready(value) => Eager::ready(value),
            First::Rest(rest) => Eager::of_task(self.spawn(rest)),
            First::Panicked(payload) => Eager::failed(TaskError::Panicked(payload), Location::caller()),
        }
    }
}

/// The executor that runs the caller.
///
/// # Examples
/// ```
/// use asynkit::{Executor, eager_with, spawner::Local};
///
/// Executor::run(async { assert_eq!(eager_with(async { 1 }, Local).await, 1) });
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Local;

impl Spawner for Local {
    type Handle<T: 'static> = Task<T>;
}

impl<F: Future<Output: 'static> + 'static> Spawn<F> for Local {
    #[track_caller]
    fn spawn(&self, future: F) -> Task<F::Output> {
        super::spawn(future)
    }

    #[inline]
    #[track_caller]
    fn start(&self, future: F) -> Eager<F::Output> {
        super::eager::start(future, Location::caller())
    }
}
