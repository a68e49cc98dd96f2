//! [`Spawner`] and [`Spawn`]: where tasks run.

use super::{Cancellable, Eager, Task, TaskError};
use crate::{
    context::{self, TaskContext},
    scope,
    waker::IDLE,
};
use alloc::boxed::Box;
use core::{
    fmt,
    future::Future,
    panic::Location,
    pin::Pin,
    task::{Context, Poll},
};

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
    /// The first part runs on the caller's stack, in a context of its own, out of reach of what is thrown to the caller.
    /// A panic in it goes on in the caller.
    #[track_caller]
    fn start(&self, future: F) -> Eager<F::Output, Self::Handle<F::Output>>
    where
        Self: Spawn<Rest<F>>,
    {
        match Rest::start(future) {
            Ok(value) => Eager::ready(value),
            Err(rest) => Eager::of_task(self.spawn(rest)),
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

/// What is left of a future that ran to its first suspension: it runs in the context that the first part ran in.
pub struct Rest<F> {
    context: TaskContext,
    future: Option<Pin<Box<F>>>,
}

impl<F: Future> Rest<F> {
    fn start(future: F) -> Result<F::Output, Self> {
        let mut rest = Rest { context: TaskContext::inherited(), future: Some(Box::pin(future)) };
        let _outside = scope::Outside::enter();
        scope::leave_all();
        match Pin::new(&mut rest).poll(&mut Context::from_waker(IDLE)) {
            Poll::Ready(value) => Ok(value),
            Poll::Pending => Err(rest),
        }
    }
}

impl<F> Rest<F> {
    /// Runs `f` in the context.
    fn inside<R>(&mut self, f: impl FnOnce(&mut Option<Pin<Box<F>>>) -> R) -> R {
        let _outside = context::Outside::remember();
        self.context.resume();
        let result = f(&mut self.future);
        self.context = self.context.suspend();
        result
    }
}

impl<F: Future> Future for Rest<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.inside(|future| future.as_mut().expect("it is there until this is dropped").as_mut().poll(cx))
    }
}

impl<F> Drop for Rest<F> {
    fn drop(&mut self) {
        self.inside(|future| drop(future.take()));
        drop(self.context.end());
    }
}

impl<F> fmt::Debug for Rest<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rest").finish_non_exhaustive()
    }
}
