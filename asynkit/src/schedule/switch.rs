//! [`task_switch`]; [`create_task_descend`] and [`create_task_start`], which switch to a new task.

use super::{
    ScheduleError,
    position::{Turn, executor_of, sleep_end},
};
use crate::{
    engine,
    task::{Task, TaskBuilder, TaskRef},
};
use core::{
    future::Future,
    panic::Location,
    pin::Pin,
    task::{Context, Poll},
};

/// Runs a task that is in the ready queue now; the caller goes to `insert_pos`.
///
/// The task goes to the head of the queue; then the caller as in [`sleep_insert`](super::sleep_insert): `None` is the end
/// of its priority, 1 right behind the task, and 0 even before it.
///
/// # Errors
/// [`NotScheduled`](ScheduleError::NotScheduled) where the task waits, has ended, or is the caller;
/// [`NoExecutor`](ScheduleError::NoExecutor) where the caller is no task of a running executor;
/// [`WrongExecutor`](ScheduleError::WrongExecutor). The caller does not sleep then, and nothing has changed.
///
/// # Cancel safety
/// Not undone: what it has done before it is dropped stays done. Dropped while the caller sleeps, the switch has been
/// made: the caller keeps its place, and is polled there.
///
/// # Examples
/// ```
/// use asynkit::{Executor, ScheduleError, spawn, task_switch};
///
/// Executor::run(async {
///     let [first, second] = [1, 2].map(|n| spawn(async move { n }));
///     task_switch(&second, Some(1)).await?;
///     assert!(second.is_finished() && !first.is_finished());
///     assert_eq!(task_switch(&second, None).await, Err(ScheduleError::NotScheduled));
///     Ok::<_, ScheduleError>(())
/// })
/// .unwrap();
/// ```
pub const fn task_switch(task: &TaskRef, insert_pos: Option<usize>) -> TaskSwitch {
    TaskSwitch { task: *task, insert_pos, turn: Turn::New }
}

/// The future of [`task_switch`].
///
/// # Examples
/// ```
/// use asynkit::{Executor, spawn, task_switch};
///
/// Executor::run(async {
///     let task = spawn(async {});
///     let switch = task_switch(&task, None);
///     switch.await.unwrap();
///     assert!(task.is_finished());
/// });
/// ```
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct TaskSwitch {
    task: TaskRef,
    insert_pos: Option<usize>,
    turn: Turn,
}

impl Future for TaskSwitch {
    type Output = Result<(), ScheduleError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.turn {
            Turn::New => self.switch(cx),
            turn @ Turn::Asleep(..) => turn.poll(cx).map(Ok),
        }
    }
}

impl TaskSwitch {
    #[inline(never)]
    fn switch(&mut self, cx: &Context<'_>) -> Poll<Result<(), ScheduleError>> {
        engine::with_current(|shared| {
            let shared = executor_of(&self.task, shared.filter(|shared| shared.has_current()))?;
            let is_own = shared.is_of_current(cx.waker());
            let Some(place) = shared.switch(self.task.id(), self.insert_pos) else {
                return Poll::Ready(Err(ScheduleError::NotScheduled));
            };
            self.turn.sleep(place, is_own, cx);
            Poll::Pending
        })
    }
}

/// Spawns a task and runs it to its first suspension; then the caller goes on, and the rest of the queue after it.
///
/// The task is made when this is awaited. [`TaskBuilder::spawn_descend`] is the form with a name.
///
/// # Panics
/// Where it is awaited outside of the tasks of an executor: `future` is dropped without a poll.
///
/// # Cancel safety
/// Not undone: what it has done before it is dropped stays done. Dropped while the caller sleeps, it lets the task go
/// on.
///
/// # Examples
/// ```
/// use asynkit::{Executor, create_task_descend, spawn};
///
/// Executor::run(async {
///     let other = spawn(async {});
///     let task = create_task_descend(async { 1 }).await;
///     assert!(task.is_finished() && !other.is_finished());
///     assert_eq!(task.await.unwrap(), 1);
/// });
/// ```
#[track_caller]
pub fn create_task_descend<F>(future: F) -> impl Future<Output = Task<F::Output>>
where
    F: Future<Output: 'static> + 'static,
{
    descend(TaskBuilder::new(future), Location::caller())
}

/// Spawns a task, and lets everything that is ready go before the caller: the new task last.
///
/// The task is made when this is awaited. [`TaskBuilder::spawn_start`] is the form with a name.
///
/// # Panics
/// Where it is awaited outside of the tasks of an executor: `future` is dropped without a poll.
///
/// # Cancel safety
/// Not undone: what it has done before it is dropped stays done. Dropped while the caller sleeps, it lets the task go
/// on.
///
/// # Examples
/// ```
/// use asynkit::{Executor, create_task_start, spawn};
///
/// Executor::run(async {
///     let other = spawn(async {});
///     let task = create_task_start(async { 1 }).await;
///     assert!(other.is_finished() && task.is_finished());
/// });
/// ```
#[track_caller]
pub fn create_task_start<F>(future: F) -> impl Future<Output = Task<F::Output>>
where
    F: Future<Output: 'static> + 'static,
{
    start(TaskBuilder::new(future), Location::caller())
}

impl<F> TaskBuilder<F>
where
    F: Future<Output: 'static> + 'static,
{
    /// [`create_task_descend`] with what this builder was told; not eager.
    ///
    /// # Panics
    /// As [`create_task_descend`].
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. See [`create_task_descend`]: the task goes on.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, TaskBuilder};
    ///
    /// Executor::run(async {
    ///     let task = TaskBuilder::new(std::future::pending::<()>()).name("idle").spawn_descend().await;
    ///     assert_eq!(task.name().as_deref(), Some("idle"));
    /// });
    /// ```
    #[track_caller]
    pub fn spawn_descend(self) -> impl Future<Output = Task<F::Output>> {
        descend(self, Location::caller())
    }

    /// [`create_task_start`] with what this builder was told; not eager.
    ///
    /// # Panics
    /// As [`create_task_start`].
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. See [`create_task_start`]: the task goes on.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, Priority, TaskBuilder};
    ///
    /// Executor::run(async {
    ///     let task = TaskBuilder::new(async { 1 }).priority(Priority::HIGH).spawn_start().await;
    ///     assert_eq!(task.await.unwrap(), 1);
    /// });
    /// ```
    #[track_caller]
    pub fn spawn_start(self) -> impl Future<Output = Task<F::Output>> {
        start(self, Location::caller())
    }
}

type Site = &'static Location<'static>;

async fn descend<F>(builder: TaskBuilder<F>, site: Site) -> Task<F::Output>
where
    F: Future<Output: 'static> + 'static,
{
    let task = spawn_queued(builder, site);
    // A task factory may have had it started: then it has come to its first suspension already.
    let _ = task_switch(&task, Some(1)).await;
    task
}

async fn start<F>(builder: TaskBuilder<F>, site: Site) -> Task<F::Output>
where
    F: Future<Output: 'static> + 'static,
{
    let task = spawn_queued(builder, site);
    sleep_end().await;
    task
}

fn spawn_queued<F>(builder: TaskBuilder<F>, site: Site) -> Task<F::Output>
where
    F: Future<Output: 'static> + 'static,
{
    engine::with_current(|shared| match shared {
        Some(shared) if shared.has_current() => builder.spawn_queued(shared, site),
        _ => nobody(site),
    })
}

#[cold]
#[inline(never)]
fn nobody(site: Site) -> ! {
    panic!("no executor runs the caller: the task at {site} is spawned by a task only")
}
