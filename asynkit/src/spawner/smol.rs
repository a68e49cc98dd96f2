//! [`Smol`] and [`SmolLocal`].

use super::{
    Rest, Spawn, Spawner,
    guest::{self, Guest, Joint},
};
use crate::task::{Cancellable, Eager, TaskError};
use ::smol::{LocalExecutor, Task};
use alloc::rc::Rc;
use core::{
    cell::RefCell,
    fmt,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::{Context, Poll},
};

std::thread_local! {
    /// The executor that `SmolLocal::run` runs.
    static CURRENT: RefCell<Option<Rc<LocalExecutor<'static>>>> = const { RefCell::new(None) };
}

/// smol's global executor: that of `smol::spawn`, with `SMOL_THREADS` threads. What is spawned is `Send`.
///
/// # Examples
/// ```
/// use asynkit::{eager, spawner::Smol};
///
/// #[eager(spawn = Smol)]
/// async fn fetch(n: u32) -> u32 {
///     // Runs at the call;
///     smol::future::yield_now().await;
///     // from here on as a task of smol's.
///     n + 1
/// }
///
/// assert_eq!(smol::block_on(fetch(1)), 2);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Smol;

/// The `smol::LocalExecutor` that [`SmolLocal::run`] runs, on its thread.
///
/// smol does not say which executor runs a task; so it is run by [`SmolLocal::run`].
///
/// # Panics
/// Spawning and starting panic outside of [`SmolLocal::run`], before the future's first instruction.
///
/// # Examples
/// ```
/// use asynkit::{eager, spawner::SmolLocal};
/// use smol::LocalExecutor;
/// use std::rc::Rc;
///
/// #[eager(spawn = SmolLocal)]
/// async fn count(words: Rc<[&'static str]>) -> usize {
///     smol::future::yield_now().await;
///     words.len()
/// }
///
/// let executor = Rc::new(LocalExecutor::new());
/// let words = Rc::from(["to", "be"]);
/// assert_eq!(smol::block_on(SmolLocal::run(&executor, async { count(words).await })), 2);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct SmolLocal;

impl SmolLocal {
    /// Runs the tasks of `executor` until `future` has ended; what they and `future` spawn on `SmolLocal` goes there.
    ///
    /// # Cancel safety
    /// As cancel safe as what it runs, which is dropped with it; nothing else is lost. The tasks stay.
    ///
    /// # Examples
    /// ```
    /// use asynkit::spawner::{SmolLocal, Spawn};
    /// use smol::LocalExecutor;
    /// use std::rc::Rc;
    ///
    /// let executor = Rc::new(LocalExecutor::new());
    /// let answer = SmolLocal::run(&executor, async { SmolLocal.spawn(async { 42 }).await.unwrap() });
    /// assert_eq!(smol::block_on(answer), 42);
    /// ```
    pub async fn run<F: Future>(executor: &Rc<LocalExecutor<'static>>, future: F) -> F::Output {
        let mut running = pin!(executor.run(future));
        poll_fn(|cx| {
            let _entered = Entered(CURRENT.replace(Some(Rc::clone(executor))));
            running.as_mut().poll(cx)
        })
        .await
    }

    #[inline]
    #[track_caller]
    fn require() {
        if CURRENT.with_borrow(Option::is_none) {
            no_executor();
        }
    }

    #[track_caller]
    fn current() -> Rc<LocalExecutor<'static>> {
        CURRENT.with_borrow(Clone::clone).unwrap_or_else(|| no_executor())
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn no_executor() -> ! {
    panic!("no local executor of smol's runs here: `SmolLocal` spawns inside of `SmolLocal::run`")
}

/// Gives the place back to the executor that was run before.
struct Entered(Option<Rc<LocalExecutor<'static>>>);

impl Drop for Entered {
    fn drop(&mut self) {
        drop(CURRENT.replace(self.0.take()));
    }
}

/// The handle of a task on smol: a future of what it returns.
///
/// Dropping it lets the task go on, which that of smol does not.
///
/// # Errors
/// [`Cancelled`](TaskError::Cancelled) where it was dropped: by a cancel that nobody took, or with its executor.
/// [`Panicked`](TaskError::Panicked).
///
/// # Panics
/// Awaiting it again after it has given its result.
///
/// # Cancel safety
/// Cancel safe: dropped at any poll, it loses nothing. This is about a future that awaits a `&mut SmolTask`; without its
/// handle, the task goes on.
///
/// # Examples
/// ```
/// use asynkit::{Cancellable, TaskError, spawner::{Smol, Spawn}};
///
/// let task = Smol.spawn(std::future::pending::<()>());
/// assert!(task.cancel());
/// assert!(matches!(smol::block_on(task), Err(TaskError::Cancelled)));
/// ```
pub struct SmolTask<T>(Joint<T>);

impl<T> SmolTask<T> {
    fn spawned<F: Future<Output = T>>(rest: Rest<F>, spawn: impl FnOnce(Guest<F>) -> Task<()>) -> Self {
        let (guest, joint) = Guest::new(rest);
        spawn(guest).detach();
        SmolTask(joint)
    }

    /// Has it dropped at its next turn, without being told; `false` where it has ended.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{TaskError, shield, spawner::{Smol, Spawn}};
    ///
    /// let task = Smol.spawn(shield(std::future::pending::<()>()));
    /// assert!(task.abort());
    /// assert!(matches!(smol::block_on(task), Err(TaskError::Cancelled)));
    /// ```
    pub fn abort(&self) -> bool {
        self.0.abort()
    }
}

impl<T> Future for SmolTask<T> {
    type Output = Result<T, TaskError>;

    #[inline]
    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll(cx)
    }
}

impl<T> Cancellable for SmolTask<T> {
    fn cancel(&self) -> bool {
        self.0.cancel()
    }

    fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

impl<T> fmt::Debug for SmolTask<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmolTask").field("is_finished", &self.is_finished()).finish_non_exhaustive()
    }
}

impl Spawner for Smol {
    type Handle<T: 'static> = SmolTask<T>;
}

impl<F: Future<Output: Send + 'static> + Send + 'static> Spawn<F> for Smol {
    fn spawn(&self, future: F) -> SmolTask<F::Output> {
        SmolTask::spawned(Rest::new(future), ::smol::spawn)
    }

    #[inline]
    #[track_caller]
    fn start(&self, future: F) -> Eager<F::Output, SmolTask<F::Output>>
    where
        Self: Spawn<Rest<F>>,
    {
        guest::start(future, |rest| SmolTask::spawned(rest, ::smol::spawn))
    }
}

impl Spawner for SmolLocal {
    type Handle<T: 'static> = SmolTask<T>;
}

impl<F: Future<Output: 'static> + 'static> Spawn<F> for SmolLocal {
    #[track_caller]
    fn spawn(&self, future: F) -> SmolTask<F::Output> {
        let executor = SmolLocal::current();
        SmolTask::spawned(Rest::new(future), |guest| executor.spawn(guest))
    }

    #[inline]
    #[track_caller]
    fn start(&self, future: F) -> Eager<F::Output, SmolTask<F::Output>>
    where
        Self: Spawn<Rest<F>>,
    {
        SmolLocal::require();
        guest::start(future, |rest| SmolTask::spawned(rest, |guest| SmolLocal::current().spawn(guest)))
    }
}
