//! [`Child`]: the handle of a child.

use super::members::Control;
use crate::task::Cancellable;
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

/// The handle of a child of a [task group](super::task_group): a future of its value.
///
/// Dropping it lets the child go on in its group, which waits for it.
///
/// # Errors
/// [`ChildFailed`], where there is no value: the child's own error is with its group.
///
/// # Panics
/// Awaiting it again after it has given its result.
///
/// # Cancel safety
/// Cancel safe: dropped at any poll, it loses nothing. This is about a future that awaits a `&mut Child`; without its
/// handle, the child goes on.
///
/// # Examples
/// ```
/// use asynkit::{Executor, task_group};
///
/// Executor::run(async {
///     let sum = task_group(async |g| {
///         let a = g.start_soon(async { Ok::<u32, std::num::ParseIntError>("20".parse()?) });
///         let b = g.start_soon(async { "22".parse::<u32>() });
///         Ok(a.await? + b.await?)
///     });
///     assert_eq!(sum.await.unwrap(), 42);
/// });
/// ```
pub struct Child<T> {
    joined: Arc<Joined<T>>,
    /// `None`: it was not taken in.
    control: Option<Arc<Control>>,
}

impl<T> Child<T> {
    pub(super) const fn new(joined: Arc<Joined<T>>, control: Arc<Control>) -> Self {
        Child { joined, control: Some(control) }
    }

    /// Of a child that its group has not taken in.
    pub(super) fn refused() -> Self {
        let joined = Joined::new();
        joined.settle(Err(ChildFailed::cancelled()));
        Child { joined: Arc::new(joined), control: None }
    }

    /// Asks it to stop; `false` where it has ended. The group goes on.
    ///
    /// It is told as [any task](crate::TaskRef::cancel) is: it may clean up at an
    /// [interrupt point](crate::InterruptExt::interruptible), is dropped where it waits elsewhere, and a second cancel by its
    /// handle, after one that was told, drops it at its next suspension. What it returns counts, but an error that still
    /// holds the interrupt is none of the group's.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, task_group};
    /// use std::future::pending;
    ///
    /// Executor::run(task_group(async |g| {
    ///     let endless = g.start_soon(pending::<()>());
    ///     assert!(endless.cancel());
    ///     assert!(endless.await.unwrap_err().is_cancelled());
    ///     Ok(())
    /// }))
    /// .unwrap();
    /// ```
    pub fn cancel(&self) -> bool {
        let Some(control) = self.control.as_ref().filter(|_| !self.is_finished()) else { return false };
        control.cancel();
        true
    }

    /// Whether it has ended.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, task_group};
    ///
    /// Executor::run(task_group(async |g| {
    ///     assert!(g.start_soon(async {}).is_finished());
    ///     assert!(!g.spawn(async {}).is_finished());
    ///     Ok(())
    /// }))
    /// .unwrap();
    /// ```
    #[doc(alias = "done")]
    pub fn is_finished(&self) -> bool {
        !matches!(self.joined.lock().result, Outcome::None)
    }
}

impl<T> Cancellable for Child<T> {
    fn cancel(&self) -> bool {
        self.cancel()
    }

    fn is_finished(&self) -> bool {
        self.is_finished()
    }
}

impl<T> Future for Child<T> {
    type Output = Result<T, ChildFailed>;

    #[inline]
    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(result) = self.joined.take() {
            return Poll::Ready(result);
        }
        let waker = cx.waker().clone();
        let old = self.joined.lock().joiner.replace(waker);
        drop(old);
        // It may have ended between the two locks, and have found no waker.
        self.joined.take().map_or(Poll::Pending, Poll::Ready)
    }
}

impl<T> fmt::Debug for Child<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Child").field("is_finished", &self.is_finished()).finish_non_exhaustive()
    }
}

/// What a child and its handle share.
pub(super) struct Joined<T>(Mutex<State<T>>);

struct State<T> {
    result: Outcome<T>,
    joiner: Option<Waker>,
}

enum Outcome<T> {
    None,
    Some(Result<T, ChildFailed>),
    Taken,
}

impl<T> Joined<T> {
    pub(super) const fn new() -> Self {
        Joined(Mutex::new(State { result: Outcome::None, joiner: None }))
    }

    /// No code of others runs while this is held.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn settle(&self, result: Result<T, ChildFailed>) {
        let mut state = self.lock();
        state.result = Outcome::Some(result);
        let joiner = state.joiner.take();
        drop(state);
        if let Some(joiner) = joiner {
            joiner.wake();
        }
    }

    #[track_caller]
    fn take(&self) -> Option<Result<T, ChildFailed>> {
        let mut state = self.lock();
        let taken = match &state.result {
            Outcome::None => return None,
            Outcome::Some(_) | Outcome::Taken => mem::replace(&mut state.result, Outcome::Taken),
        };
        drop(state);
        match taken {
            Outcome::Some(result) => Some(result),
            Outcome::None | Outcome::Taken => {
                panic!("a child was awaited again after it had given its result")
            }
        }
    }
}

/// A child has no value: it has failed, and its group has the error, or it was cancelled.
///
/// A body or a child that passes it on with `?`, as a `Box<dyn Error + Send + Sync>`, adds nothing to the group's errors.
///
/// # Examples
/// ```
/// use asynkit::{Executor, task_group};
///
/// Executor::run(async {
///     let failed = task_group(async |g| {
///         let child = g.start_soon(async { Err::<(), _>("no such file") });
///         Ok(child.await?)
///     });
///     let error = failed.await.unwrap_err();
///     assert_eq!(error.to_string(), "a task group failed: no such file");
/// });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChildFailed {
    /// The group that has its error; `None`: it was cancelled.
    group: Option<u64>,
}

impl ChildFailed {
    pub(super) const fn cancelled() -> Self {
        ChildFailed { group: None }
    }

    pub(super) const fn failed(group: u64) -> Self {
        ChildFailed { group: Some(group) }
    }

    pub(super) const fn group(self) -> Option<u64> {
        self.group
    }

    /// Whether it was cancelled, and has not failed.
    pub const fn is_cancelled(&self) -> bool {
        self.group.is_none()
    }
}

impl fmt::Display for ChildFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_cancelled() {
            "the child of a task group was cancelled"
        } else {
            "the child of a task group has failed, and the group has its error"
        })
    }
}

impl Error for ChildFailed {}
