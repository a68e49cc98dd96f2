//! [`TaskBuilder`].

use super::{Task, handle::no_executor};
use crate::{
    context::Context,
    engine::{self, Shared, Site, TaskSpec},
    priority::Priority,
};
use alloc::rc::Rc;
use core::{fmt, future::Future, panic::Location};

/// A task to be spawned, with a name, a context, a priority, or an eager start.
///
/// # Examples
/// ```
/// use asynkit::{Executor, Priority, TaskBuilder};
///
/// Executor::run(async {
///     let task = TaskBuilder::new(async { 1 }).name("one").priority(Priority::LOW).spawn();
///     assert_eq!(task.await.unwrap(), 1);
/// });
/// ```
#[doc(alias = "create_task")]
#[must_use = "the task starts with `spawn`"]
pub struct TaskBuilder<F> {
    future: F,
    spec: TaskSpec,
}

impl<F> TaskBuilder<F>
where
    F: Future<Output: 'static> + 'static,
{
    /// A task that runs `future`.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, TaskBuilder};
    ///
    /// Executor::run(async {
    ///     let task = TaskBuilder::new(async { 7 }).spawn();
    ///     assert_eq!(task.await.unwrap(), 7);
    /// });
    /// ```
    pub const fn new(future: F) -> Self {
        TaskBuilder { future, spec: TaskSpec::new() }
    }

    /// Names it.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, TaskBuilder};
    ///
    /// Executor::run(async {
    ///     let task = TaskBuilder::new(async {}).name("reader").spawn();
    ///     assert_eq!(task.name().as_deref(), Some("reader"));
    /// });
    /// ```
    pub fn name(mut self, name: impl Into<Rc<str>>) -> Self {
        self.spec.name = Some(name.into());
        self
    }

    /// Runs it in `context`, and not in a copy of the current one.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{ContextVar, Executor, TaskBuilder, copy_context};
    ///
    /// static USER: ContextVar<&str> = ContextVar::new();
    ///
    /// Executor::run(async {
    ///     let mut context = copy_context();
    ///     context.run(|| USER.set("ada"));
    ///     let task = TaskBuilder::new(async { USER.get() }).context(context).spawn();
    ///     assert_eq!(task.await.unwrap(), Some("ada"));
    ///     assert_eq!(USER.get(), None);
    /// });
    /// ```
    pub fn context(mut self, context: Context) -> Self {
        self.spec.context = Some(context);
        self
    }

    /// Gives it a priority.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, Priority, TaskBuilder};
    ///
    /// Executor::run(async {
    ///     let task = TaskBuilder::new(async {}).priority(Priority::HIGH).spawn();
    ///     assert_eq!(task.priority(), Priority::HIGH);
    /// });
    /// ```
    pub fn priority(mut self, priority: Priority) -> Self {
        self.spec.priority = priority;
        self
    }

    /// Whether it runs to its first suspension at once, inside of [`spawn`](Self::spawn).
    ///
    /// It is queued instead where 64 such starts are on the stack.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, TaskBuilder};
    /// use std::{cell::Cell, rc::Rc};
    ///
    /// Executor::run(async {
    ///     let ran = Rc::new(Cell::new(false));
    ///     let task = TaskBuilder::new({
    ///         let ran = ran.clone();
    ///         async move { ran.set(true) }
    ///     });
    ///     let task = task.eager(true).spawn();
    ///     assert!(ran.get() && task.is_finished());
    /// });
    /// ```
    #[doc(alias = "eager_start")]
    pub fn eager(mut self, on: bool) -> Self {
        self.spec.eager = on;
        self
    }

    /// Starts it, on the executor that runs the caller.
    ///
    /// # Panics
    /// Where no executor runs.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, TaskBuilder};
    ///
    /// Executor::run(async {
    ///     let task = TaskBuilder::new(async { 7 }).name("seven").spawn();
    ///     assert_eq!(task.await.unwrap(), 7);
    /// });
    /// ```
    #[track_caller]
    pub fn spawn(self) -> Task<F::Output> {
        let site = Location::caller();
        let TaskBuilder { future, spec } = self;
        engine::with_current(|shared| {
            let Some(shared) = shared else { no_executor() };
            let (id, join) = shared.spawn_as(future, spec, site);
            Task::new(id, site, join)
        })
    }
}

impl<F> TaskBuilder<F>
where
    F: Future<Output: 'static> + 'static,
{
    /// Queues it, whatever it and the executor say of eager starts.
    pub(crate) fn spawn_queued(self, shared: &Shared, site: Site) -> Task<F::Output> {
        let TaskBuilder { future, mut spec } = self;
        spec.eager = false;
        let (id, join) = shared.spawn_queued(future, spec, site);
        Task::new(id, site, join)
    }
}

impl<F> fmt::Debug for TaskBuilder<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskBuilder").field("spec", &self.spec).finish_non_exhaustive()
    }
}
