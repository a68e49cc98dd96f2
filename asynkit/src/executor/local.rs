//! [`Executor`] and [`RunUntil`].

use super::{ExecutorBuilder, Remote};
use crate::{
    engine::{self, Root, Rooted, Shared, Site, TaskError},
    task::Task,
};
use alloc::rc::Rc;
use core::{
    error::Error,
    fmt,
    future::Future,
    panic::Location,
    pin::{Pin, pin},
    task::{Context, Poll},
};
use pin_project_lite::pin_project;

use crate::waker::IDLE;

/// `try_run` inside of a running executor.
///
/// # Examples
/// ```
/// use asynkit::Executor;
///
/// Executor::run(async {
///     let error = Executor::try_run(async {}).unwrap_err();
///     println!("{error}");
/// });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NestedRun(());

impl fmt::Display for NestedRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an executor runs on this thread already: await instead, or use another thread")
    }
}

impl Error for NestedRun {}

/// No executor runs on this thread.
///
/// # Examples
/// ```
/// use asynkit::executor::Remote;
///
/// let error = Remote::current().unwrap_err();
/// println!("{error}");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoExecutor(pub(super) ());

impl fmt::Display for NoExecutor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no executor runs on this thread")
    }
}

impl Error for NoExecutor {}

/// An executor of one thread, in an order that its tasks can change.
///
/// [`run`](Self::run) makes one for the length of a call. One that is kept is driven by [`block_on`](Self::block_on), by
/// [`run_until`](Self::run_until), or as a future inside of tokio, smol or any other executor: it is ready when no task is
/// left. Inside of tokio wrap it in `tokio::task::unconstrained`.
///
/// Dropping it drops its tasks, on this thread, whoever holds handles or wakers of them; what awaits them is told
/// [`Cancelled`](TaskError::Cancelled).
///
/// # Panics
/// Where it is polled by one of its own tasks.
///
/// # Cancel safety
/// Cancel safe: dropped at any poll, it loses nothing. This is about a future that awaits a `&mut Executor`; the drop of
/// the executor itself drops its tasks.
///
/// # Examples
/// ```
/// use asynkit::{Executor, spawn};
///
/// let executor = Executor::new();
/// let early = executor.spawn(async { 20 });
/// let sum = executor.block_on(async { early.await.unwrap() + spawn(async { 22 }).await.unwrap() });
/// assert_eq!(sum, 42);
/// ```
#[doc(alias = "SchedulingSelectorEventLoop")]
#[doc(alias = "SchedulingEventLoopPolicy")]
#[doc(alias = "scheduling_loop_factory")]
pub struct Executor(Rc<Shared>);

impl Executor {
    /// An executor with the default options.
    ///
    /// # Panics
    /// As [`ExecutorBuilder::build`].
    ///
    /// # Examples
    /// ```
    /// use asynkit::Executor;
    ///
    /// assert_eq!(Executor::new().block_on(async { 7 }), 7);
    /// ```
    #[must_use = "an executor runs when it is driven"]
    #[track_caller]
    pub fn new() -> Executor {
        Executor::builder().build()
    }

    /// The options.
    ///
    /// # Examples
    /// ```
    /// use asynkit::Executor;
    ///
    /// let executor = Executor::builder().name("io").build();
    /// assert_eq!(executor.block_on(async { 7 }), 7);
    /// ```
    pub const fn builder() -> ExecutorBuilder {
        ExecutorBuilder::new()
    }

    pub(super) const fn of(shared: Rc<Shared>) -> Self {
        Executor(shared)
    }

    /// Runs `future` on a new executor, and gives what it returns; the tasks that are left are dropped.
    ///
    /// The future is a task like any other (current, in the queue, with a priority), but it stays where it is: it may
    /// borrow what the caller has. Its panic goes on here.
    ///
    /// # Panics
    /// Inside of a running executor ([`try_run`](Self::try_run) is the form with an error), and where the future has no
    /// value: it was cancelled, or another thread has [stopped](Remote::stop) the executor.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, yield_now};
    ///
    /// let names = [String::from("ada"), String::from("bob")];
    /// let first: &str = Executor::run(async {
    ///     yield_now().await;
    ///     &names[0]
    /// });
    /// assert_eq!(first, "ada");
    /// ```
    #[track_caller]
    pub fn run<F: Future>(future: F) -> F::Output {
        match Executor::try_run(future) {
            Ok(value) => value,
            Err(nested) => panic!("{nested}"),
        }
    }

    /// The same with an error.
    ///
    /// # Errors
    /// Inside of a running executor: it would wait for this call.
    ///
    /// # Panics
    /// Where the future panics, or has no value.
    ///
    /// # Examples
    /// ```
    /// use asynkit::Executor;
    ///
    /// let nested = Executor::run(async { Executor::try_run(async {}) });
    /// assert!(nested.is_err());
    /// ```
    #[track_caller]
    pub fn try_run<F: Future>(future: F) -> Result<F::Output, NestedRun> {
        refuse_nested()?;
        Ok(Executor::new().drive(future))
    }

    /// Blocks the thread until `future` has ended; the tasks stay, and go on in the next call.
    ///
    /// # Panics
    /// As [`run`](Self::run).
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, yield_now};
    ///
    /// let executor = Executor::new();
    /// let task = executor.spawn(async {
    ///     yield_now().await;
    ///     1
    /// });
    /// executor.block_on(async {}); // the task has run to its first suspension, or not at all
    /// assert_eq!(executor.block_on(task).unwrap(), 1);
    /// ```
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        if let Err(nested) = refuse_nested() {
            panic!("{nested}");
        }
        self.drive(future)
    }

    #[track_caller]
    fn drive<F: Future>(&self, future: F) -> F::Output {
        let mut run = pin!(self.run_until(future));
        // What is ready without waiting starts no reactor.
        match run.as_mut().poll(&mut Context::from_waker(IDLE)) {
            Poll::Ready(value) => value,
            Poll::Pending => async_io::block_on(run),
        }
    }

    /// Drives the tasks until `future` has ended; for use inside of another executor.
    ///
    /// The future is a task of this executor while it is awaited. The tasks stay.
    ///
    /// # Cancel safety
    /// As cancel safe as what it runs, which is dropped with it; nothing else is lost. The tasks stay where they are.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, spawn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let executor = Executor::new();
    /// let value = executor.run_until(async { spawn(async { 1 }).await.unwrap() }).await;
    /// assert_eq!(value, 1);
    /// # }
    /// ```
    #[track_caller]
    pub fn run_until<F: Future>(&self, future: F) -> RunUntil<'_, F> {
        RunUntil { executor: self, site: Location::caller(), root: Root::new(future), rooted: None }
    }

    /// Starts a task on it, whether it runs or not.
    ///
    /// # Examples
    /// ```
    /// use asynkit::Executor;
    ///
    /// let executor = Executor::new();
    /// let task = executor.spawn(async { 1 });
    /// assert_eq!(executor.block_on(task).unwrap(), 1);
    /// ```
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> Task<F::Output>
    where
        F: Future<Output: 'static> + 'static,
    {
        Task::spawn(&self.0, future, Location::caller())
    }

    /// A handle for other threads.
    ///
    /// # Examples
    /// ```
    /// use asynkit::Executor;
    /// use std::thread;
    ///
    /// let executor = Executor::new();
    /// let remote = executor.remote();
    /// let task = thread::spawn(move || remote.spawn(|| async { 1 }).unwrap()).join().unwrap();
    /// assert_eq!(executor.block_on(task).unwrap(), 1);
    /// ```
    pub fn remote(&self) -> Remote {
        Remote::of(&self.0)
    }
}

fn refuse_nested() -> Result<(), NestedRun> {
    engine::with_current(|shared| if shared.is_some() { Err(NestedRun(())) } else { Ok(()) })
}

impl Default for Executor {
    fn default() -> Self {
        Executor::new()
    }
}

impl Future for Executor {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.0.drive(cx) { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor")
            .field("name", &self.0.options.name)
            .field("tasks", &self.0.task_count())
            .finish_non_exhaustive()
    }
}

pin_project! {
    /// The future of [`Executor::run_until`].
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, spawn};
    ///
    /// let executor = Executor::new();
    /// let inside = executor.run_until(async { spawn(async { 7 }).await.unwrap() });
    /// assert_eq!(smol::block_on(inside), 7);
    /// ```
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct RunUntil<'a, F: Future> {
        executor: &'a Executor,
        site: Site,
        #[pin]
        root: Root<F>,
        rooted: Option<Rooted>,
    }

    impl<F: Future> PinnedDrop for RunUntil<'_, F> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if let Some(rooted) = this.rooted.take() {
                rooted.end(this.root);
            }
        }
    }
}

impl<F: Future> Future for RunUntil<'_, F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let (shared, site) = (&this.executor.0, *this.site);
        let rooted = this.rooted.get_or_insert_with(|| Rooted::new(shared, site));
        match rooted.poll(this.root, cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(value)) => Poll::Ready(value),
            Poll::Ready(Err(TaskError::Panicked(payload))) => payload.resume(),
            Poll::Ready(Err(error)) => panic!("the future that the executor runs has no value: {error}"),
        }
    }
}

impl<F: Future> fmt::Debug for RunUntil<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunUntil").field("executor", &self.executor).finish_non_exhaustive()
    }
}
