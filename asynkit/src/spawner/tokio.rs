//! [`Tokio`] and [`TokioLocal`].

use super::{
    Rest, Spawn, Spawner,
    guest::{self, Guest, Joint},
};
use crate::task::{Cancellable, Eager, TaskError};
use ::tokio::{
    runtime::Handle,
    task::{self, Id, JoinHandle},
};
use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

/// tokio's runtime around the caller, multi-thread or not. What is spawned is `Send`.
///
/// # Panics
/// Spawning and starting panic where no runtime is entered, before the future's first instruction.
///
/// # Examples
/// ```
/// use asynkit::{eager, spawner::Tokio};
///
/// #[eager(spawn = Tokio)]
/// async fn fetch(n: u32) -> u32 {
///     // Runs at the call;
///     tokio::task::yield_now().await;
///     // from here on as a task, on any thread of the runtime.
///     n + 1
/// }
///
/// # #[tokio::main]
/// # async fn main() {
/// let page = fetch(1);
/// assert_eq!(page.await, 2);
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Tokio;

/// tokio's `LocalSet` or `LocalRuntime` around the caller, on its thread.
///
/// # Panics
/// Spawning and starting panic where no runtime is entered, before the future's first instruction. Inside of a runtime, but
/// outside of a `LocalSet`, tokio tells when it is asked to spawn: at the future's first suspension, which drops it.
///
/// # Examples
/// ```
/// use asynkit::{eager, spawner::TokioLocal};
/// use std::rc::Rc;
///
/// #[eager(spawn = TokioLocal)]
/// async fn count(words: Rc<[&'static str]>) -> usize {
///     tokio::task::yield_now().await;
///     words.len()
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let set = tokio::task::LocalSet::new();
/// let words = Rc::from(["to", "be"]);
/// assert_eq!(set.run_until(async { count(words).await }).await, 2);
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct TokioLocal;

/// The handle of a task on tokio: a future of what it returns.
///
/// Dropping it lets the task go on.
///
/// # Errors
/// [`Cancelled`](TaskError::Cancelled) where it was dropped: by a cancel that nobody took, or with its runtime.
/// [`Panicked`](TaskError::Panicked).
///
/// # Panics
/// Awaiting it again after it has given its result.
///
/// # Cancel safety
/// Cancel safe: dropped at any poll, it loses nothing. This is about a future that awaits a `&mut TokioTask`; without
/// its handle, the task goes on.
///
/// # Examples
/// ```
/// use asynkit::{Cancellable, TaskError, spawner::{Spawn, Tokio}};
///
/// # #[tokio::main]
/// # async fn main() {
/// let task = Tokio.spawn(std::future::pending::<()>());
/// assert!(task.cancel());
/// assert!(matches!(task.await, Err(TaskError::Cancelled)));
/// # }
/// ```
pub struct TokioTask<T> {
    joint: Joint<T>,
    id: Id,
}

impl<T> TokioTask<T> {
    fn spawned<F: Future<Output = T>>(rest: Rest<F>, spawn: impl FnOnce(Guest<F>) -> JoinHandle<()>) -> Self {
        let (guest, joint) = Guest::new(rest);
        TokioTask { joint, id: spawn(guest).id() }
    }

    /// Has it dropped at its next turn, without being told; `false` where it has ended.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{TaskError, shield, spawner::{Spawn, Tokio}};
    ///
    /// # #[tokio::main]
    /// # async fn main() {
    /// let task = Tokio.spawn(shield(std::future::pending::<()>()));
    /// assert!(task.abort());
    /// assert!(matches!(task.await, Err(TaskError::Cancelled)));
    /// # }
    /// ```
    pub fn abort(&self) -> bool {
        self.joint.abort()
    }

    /// tokio's identity of it.
    ///
    /// # Examples
    /// ```
    /// use asynkit::spawner::{Spawn, Tokio};
    ///
    /// # #[tokio::main]
    /// # async fn main() {
    /// let task = Tokio.spawn(async { tokio::task::id() });
    /// let id = task.id();
    /// assert_eq!(task.await.unwrap(), id);
    /// # }
    /// ```
    pub fn id(&self) -> Id {
        self.id
    }
}

impl<T> Future for TokioTask<T> {
    type Output = Result<T, TaskError>;

    #[inline]
    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.joint.poll(cx)
    }
}

impl<T> Cancellable for TokioTask<T> {
    fn cancel(&self) -> bool {
        self.joint.cancel()
    }

    fn is_finished(&self) -> bool {
        self.joint.is_finished()
    }
}

impl<T> fmt::Debug for TokioTask<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokioTask")
            .field("id", &self.id())
            .field("is_finished", &self.is_finished())
            .finish_non_exhaustive()
    }
}

/// There is a runtime around the caller. Inside of a task of tokio there is one, which is cheaper to find.
#[inline]
#[track_caller]
fn require_runtime() {
    if task::try_id().is_none() && Handle::try_current().is_err() {
        no_runtime();
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn no_runtime() -> ! {
    panic!(
        "no tokio runtime runs here: `Tokio` and `TokioLocal` spawn inside of `Runtime::block_on` or `#[tokio::main]`"
    )
}

impl Spawner for Tokio {
    type Handle<T: 'static> = TokioTask<T>;
}

impl<F: Future<Output: Send + 'static> + Send + 'static> Spawn<F> for Tokio {
    #[track_caller]
    fn spawn(&self, future: F) -> TokioTask<F::Output> {
        require_runtime();
        TokioTask::spawned(Rest::new(future), ::tokio::spawn)
    }

    #[inline]
    #[track_caller]
    fn start(&self, future: F) -> Eager<F::Output, TokioTask<F::Output>>
    where
        Self: Spawn<Rest<F>>,
    {
        require_runtime();
        guest::start(future, |rest| TokioTask::spawned(rest, ::tokio::spawn))
    }
}

impl Spawner for TokioLocal {
    type Handle<T: 'static> = TokioTask<T>;
}

impl<F: Future<Output: 'static> + 'static> Spawn<F> for TokioLocal {
    #[track_caller]
    fn spawn(&self, future: F) -> TokioTask<F::Output> {
        require_runtime();
        TokioTask::spawned(Rest::new(future), ::tokio::task::spawn_local)
    }

    #[inline]
    #[track_caller]
    fn start(&self, future: F) -> Eager<F::Output, TokioTask<F::Output>>
    where
        Self: Spawn<Rest<F>>,
    {
        require_runtime();
        guest::start(future, |rest| TokioTask::spawned(rest, ::tokio::task::spawn_local))
    }
}
