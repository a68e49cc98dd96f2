//! [`Remote`]: an executor as other threads know it.

use super::NoExecutor;
#[cfg(any(asynkit_loom, asynkit_shuttle))]
use crate::util::sync::fault::{self, Fault};
use crate::{
    engine::{self, Inbox, Shared, TaskError, TaskId},
    task::Task,
    util::sync::{Mutex, MutexGuard},
};
use alloc::{boxed::Box, rc::Rc, sync::Arc};
use core::{
    error::Error,
    fmt,
    future::Future,
    mem,
    panic::Location,
    pin::Pin,
    task::{Context, Poll, Waker},
};
use std::sync::PoisonError;

/// The executor takes no tasks any more: it was stopped, or is gone.
///
/// # Examples
/// ```
/// use asynkit::{Executor, Stopped};
///
/// let remote = Executor::new().remote();
/// let error: Stopped = remote.spawn(|| async {}).unwrap_err();
/// println!("{error}");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped(());

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the executor takes no tasks any more")
    }
}

impl Error for Stopped {}

/// A handle of an executor for other threads: to start tasks there, and to end it.
///
/// It keeps nothing of the executor alive.
///
/// # Examples
/// ```
/// use asynkit::{Executor, executor::Remote};
/// use std::thread;
///
/// Executor::run(async {
///     let remote = Remote::current().unwrap();
///     let sum = thread::spawn(move || remote.spawn(|| async { 40 + 2 }).unwrap());
///     assert_eq!(sum.join().unwrap().await.unwrap(), 42);
/// });
/// ```
#[derive(Clone)]
pub struct Remote(Arc<Inbox>);

impl Remote {
    pub(super) fn of(shared: &Shared) -> Self {
        Remote(Arc::clone(&shared.inbox))
    }

    /// The handle of the executor that runs on this thread.
    ///
    /// # Errors
    /// Where none runs.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, executor::Remote};
    ///
    /// Executor::run(async {
    ///     let remote = Remote::current().unwrap();
    ///     let there = std::thread::spawn(move || remote.spawn(|| async { 7 }).unwrap());
    ///     assert_eq!(there.join().unwrap().await.unwrap(), 7);
    /// });
    /// ```
    pub fn current() -> Result<Remote, NoExecutor> {
        engine::with_current(|shared| shared.map(Remote::of)).ok_or(NoExecutor(()))
    }

    /// Sends `make` to the executor's thread, and runs there the future that it makes, which need not be `Send`.
    ///
    /// # Errors
    /// Where the executor takes no tasks any more; `make` is dropped.
    ///
    /// # Examples
    /// ```
    /// use asynkit::Executor;
    /// use std::{rc::Rc, thread};
    ///
    /// let executor = Executor::new();
    /// let remote = executor.remote();
    /// let task = remote.spawn(|| {
    ///     let local = Rc::new(1);
    ///     async move { *local }
    /// });
    /// assert_eq!(executor.block_on(task.unwrap()).unwrap(), 1);
    /// drop(executor);
    /// assert!(remote.spawn(|| async {}).is_err());
    /// ```
    #[track_caller]
    pub fn spawn<F, Fut>(&self, make: F) -> Result<RemoteTask<Fut::Output>, Stopped>
    where
        F: FnOnce() -> Fut + Send + 'static,
        Fut: Future<Output: Send + 'static> + 'static,
    {
        let site = Location::caller();
        let state = Arc::new(State::new());
        let told = Told(Some(Arc::clone(&state)));
        let start = move |shared: &Rc<Shared>| {
            let task = Task::spawn(shared, async move { make().await }, site);
            let id = task.id();
            told.started(shared, id);
            let finished: Box<dyn FnOnce()> = Box::new(move || {
                if let Some(result) = task.take() {
                    told.tell(result);
                }
            });
            // One that has ended at its start is told at once.
            if let Err(finished) = shared.on_finish(id, finished) {
                finished();
            }
        };
        self.0.send(Box::new(start)).map_err(|_job| Stopped(()))?;
        Ok(RemoteTask { state, inbox: Arc::clone(&self.0) })
    }

    /// Ends the executor: its tasks are dropped, on its thread, and it takes no more.
    ///
    /// As a future it is ready then. The future of a `run`, `block_on` or `run_until` is [cancelled] politely; that call
    /// panics, if the future answers without a value.
    ///
    /// [cancelled]: crate::TaskRef::cancel
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, InterruptExt as _};
    /// use std::{future::pending, thread};
    ///
    /// let executor = Executor::new();
    /// let remote = executor.remote();
    /// thread::spawn(move || remote.stop());
    /// executor.block_on(async { pending::<()>().interruptible().await.unwrap_err() });
    /// ```
    pub fn stop(&self) {
        self.0.stop();
    }

    /// Whether it was stopped, or is gone.
    ///
    /// # Examples
    /// ```
    /// use asynkit::Executor;
    ///
    /// let executor = Executor::new();
    /// let remote = executor.remote();
    /// assert!(!remote.is_stopped());
    /// drop(executor);
    /// assert!(remote.is_stopped());
    /// ```
    pub fn is_stopped(&self) -> bool {
        self.0.is_stopped()
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote").field("is_stopped", &self.is_stopped()).finish_non_exhaustive()
    }
}

/// What the two ends of a remote task share.
struct State<T>(Mutex<Inner<T>>);

enum Inner<T> {
    /// Not ended: its identity once it has started, whether it is to stop, and who waits.
    Open {
        id: Option<TaskId>,
        is_cancelled: bool,
        waker: Option<Waker>,
    },
    Done(Result<T, TaskError>),
    Taken,
}

impl<T> State<T> {
    fn new() -> Self {
        State(Mutex::new(Inner::Open { id: None, is_cancelled: false, waker: None }))
    }

    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The task's end: dropped without a result, the other end is told that the task was cancelled.
struct Told<T>(Option<Arc<State<T>>>);

impl<T> Told<T> {
    fn started(&self, shared: &Shared, started: TaskId) {
        let Some(state) = &self.0 else { return };
        let mut inner = state.lock();
        let Inner::Open { id, is_cancelled, .. } = &mut *inner else { return };
        *id = Some(started);
        let is_cancelled = *is_cancelled;
        drop(inner);
        if is_cancelled {
            shared.cancel(started);
        }
    }

    fn tell(mut self, result: Result<T, TaskError>) {
        if let Some(state) = self.0.take() {
            finish(&state, result);
        }
    }
}

impl<T> Drop for Told<T> {
    fn drop(&mut self) {
        if let Some(state) = self.0.take() {
            finish(&state, Err(TaskError::Cancelled));
        }
    }
}

fn finish<T>(state: &State<T>, result: Result<T, TaskError>) {
    #[cfg(any(asynkit_loom, asynkit_shuttle))]
    if fault::is(Fault::EarlyTell) {
        if let Inner::Open { waker: Some(waker), .. } = &*state.lock() {
            waker.wake_by_ref();
        }
        *state.lock() = Inner::Done(result);
        return;
    }
    let old = mem::replace(&mut *state.lock(), Inner::Done(result));
    if let Inner::Open { waker: Some(waker), .. } = old {
        waker.wake();
    }
}

/// The handle of a task on another thread: a `Send` future of what it returns.
///
/// Dropping it lets the task go on.
///
/// # Panics
/// Awaiting it again after it has given its result.
///
/// # Cancel safety
/// Cancel safe: dropped at any poll, it loses nothing. This is about a future that awaits a `&mut RemoteTask`.
///
/// # Examples
/// ```
/// use asynkit::{Executor, executor::Remote};
///
/// # async fn work(remote: Remote) -> Result<(), Box<dyn std::error::Error>> {
/// let task = remote.spawn(|| async { 1 })?;
/// assert_eq!(task.await?, 1);
/// # Ok(()) }
/// # Executor::run(async { work(Remote::current().unwrap()).await.unwrap() });
/// ```
#[must_use = "dropping it lets the task go on, which `drop` says"]
pub struct RemoteTask<T> {
    state: Arc<State<T>>,
    inbox: Arc<Inbox>,
}

impl<T> RemoteTask<T> {
    /// Asks the task to stop; see [`TaskRef::cancel`](crate::TaskRef::cancel).
    ///
    /// # Examples
    /// ```
    /// use asynkit::Executor;
    ///
    /// let executor = Executor::new();
    /// let task = executor.remote().spawn(|| std::future::pending::<()>()).unwrap();
    /// task.cancel();
    /// assert!(executor.block_on(task).is_err());
    /// ```
    pub fn cancel(&self) {
        let mut inner = self.state.lock();
        let Inner::Open { id, is_cancelled, .. } = &mut *inner else { return };
        #[cfg(any(asynkit_loom, asynkit_shuttle))]
        if fault::is(Fault::LateCancel) && id.is_none() {
            drop(inner);
            if let Inner::Open { is_cancelled, .. } = &mut *self.state.lock() {
                *is_cancelled = true;
            }
            return;
        }
        *is_cancelled = true;
        let Some(id) = *id else { return };
        drop(inner);
        // Where nobody is at home any more, it has ended.
        let _ = self.inbox.send(Box::new(move |shared| {
            shared.cancel(id);
        }));
    }

    /// Whether it has ended.
    ///
    /// # Examples
    /// ```
    /// use asynkit::Executor;
    ///
    /// let executor = Executor::new();
    /// let task = executor.remote().spawn(|| async {}).unwrap();
    /// assert!(!task.is_finished());
    /// ```
    pub fn is_finished(&self) -> bool {
        !matches!(&*self.state.lock(), Inner::Open { .. })
    }
}

impl<T> Future for RemoteTask<T> {
    type Output = Result<T, TaskError>;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // A waker's clone and drop are code of others: not under the lock.
        let new = cx.waker().clone();
        let mut inner = self.state.lock();
        match &mut *inner {
            Inner::Open { waker, .. } => {
                let old = waker.replace(new);
                drop(inner);
                drop(old);
                Poll::Pending
            }
            Inner::Done(_) => match mem::replace(&mut *inner, Inner::Taken) {
                Inner::Done(result) => Poll::Ready(result),
                Inner::Open { .. } | Inner::Taken => unreachable!("it was matched above"),
            },
            Inner::Taken => {
                drop(inner);
                panic!("a remote task was awaited again after it had given its result")
            }
        }
    }
}

/// Nobody awaits it any more.
impl<T> Drop for RemoteTask<T> {
    fn drop(&mut self) {
        let mut inner = self.state.lock();
        let waker = if let Inner::Open { waker, .. } = &mut *inner { waker.take() } else { None };
        drop(inner);
        drop(waker);
    }
}

impl<T> fmt::Debug for RemoteTask<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteTask").field("is_finished", &self.is_finished()).finish_non_exhaustive()
    }
}
