//! [`cancelling`]: a guard that cancels.

use core::{
    future::Future,
    ops::{Deref, DerefMut},
    pin::Pin,
    task::{Context, Poll},
};

/// What can be asked to stop.
///
/// # Examples
/// ```
/// use asynkit::{Cancellable, Executor, spawn};
///
/// fn stop_all(jobs: &[impl Cancellable]) -> usize {
///     jobs.iter().filter(|job| job.cancel()).count()
/// }
///
/// Executor::run(async {
///     let jobs = [spawn(std::future::pending::<()>()), spawn(std::future::pending())];
///     assert_eq!(stop_all(&jobs), 2);
/// });
/// ```
pub trait Cancellable {
    /// Asks it to stop; `false` where it has ended.
    fn cancel(&self) -> bool;

    /// Whether it has ended, where that is known: `false` by default.
    fn is_finished(&self) -> bool {
        false
    }
}

/// A guard that cancels its target when it is dropped, however the scope ends.
///
/// It derefs to the target, and awaits to what the target awaits to. It does not wait for the target to end.
///
/// # Cancel safety
/// Cancel safe: dropped at any poll, it loses nothing. This is about a future that awaits a `&mut Cancelling`; the drop
/// of the guard itself cancels.
///
/// # Examples
/// ```
/// use asynkit::{Executor, cancelling, spawn};
/// use std::future::pending;
///
/// Executor::run(async {
///     let background = {
///         let guard = cancelling(spawn(pending::<()>()));
///         **guard // its `TaskRef`
///     };
///     asynkit::yield_now().await;
///     assert!(background.is_finished());
/// });
/// ```
#[derive(Debug)]
#[must_use = "the target is cancelled when this is dropped"]
pub struct Cancelling<C: Cancellable>(C);

/// Cancels `target` when the guard is dropped.
///
/// # Examples
/// ```
/// use asynkit::{Executor, cancelling, spawn};
///
/// Executor::run(async {
///     let guard = cancelling(spawn(async { 1 }));
///     assert_eq!(guard.await.unwrap(), 1);
/// });
/// ```
pub const fn cancelling<C: Cancellable>(target: C) -> Cancelling<C> {
    Cancelling(target)
}

impl<C: Cancellable> Deref for Cancelling<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.0
    }
}

impl<C: Cancellable> DerefMut for Cancelling<C> {
    fn deref_mut(&mut self) -> &mut C {
        &mut self.0
    }
}

impl<C: Cancellable> Drop for Cancelling<C> {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl<C: Cancellable + Future + Unpin> Future for Cancelling<C> {
    type Output = C::Output;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<C::Output> {
        Pin::new(&mut self.0).poll(cx)
    }
}
