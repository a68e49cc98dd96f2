//! [`ExecutorBuilder`].

use super::Executor;
use crate::{
    engine::{Options, PanicPayload, Shared, TaskSpec},
    priority::Boost,
    task::TaskRef,
};
use alloc::rc::Rc;
use core::{fmt, num::NonZeroU32};

/// The options of an executor; from [`Executor::builder`].
///
/// # Examples
/// ```
/// use asynkit::{Executor, spawn};
///
/// let executor = Executor::builder()
///     .name("main")
///     .panic_hook(|task, payload| eprintln!("{task:?}: {:?}", payload.message()))
///     .build();
/// executor.block_on(async { spawn(async {}).await }).unwrap();
/// ```
#[must_use = "`build` makes the executor"]
pub struct ExecutorBuilder(Options);

impl ExecutorBuilder {
    pub(super) const fn new() -> Self {
        ExecutorBuilder(Options::new())
    }

    /// Whether tasks run to their first suspension when they are spawned; off by default.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, spawn};
    ///
    /// let executor = Executor::builder().eager_tasks(true).build();
    /// executor.block_on(async { assert!(spawn(async {}).is_finished()) });
    /// ```
    #[doc(alias = "eager_task_factory")]
    #[doc(alias = "create_eager_task_factory")]
    #[doc(alias = "enable_eager_tasks")]
    pub const fn eager_tasks(mut self, on: bool) -> Self {
        self.0.eager_tasks = on;
        self
    }

    /// Shows each task to `factory` before it starts, which may change it; see [`TaskSpec`].
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, current_task, executor::TaskSpec, spawn};
    ///
    /// let named = Executor::builder().task_factory(|mut spec: TaskSpec| {
    ///     spec.name = Some("worker".into());
    ///     spec
    /// });
    /// named.build().block_on(async {
    ///     let name = spawn(async { current_task().unwrap().name() }).await.unwrap();
    ///     assert_eq!(name.as_deref(), Some("worker"));
    /// });
    /// ```
    #[doc(alias = "set_task_factory")]
    pub fn task_factory(mut self, factory: impl Fn(TaskSpec) -> TaskSpec + 'static) -> Self {
        self.0.factory = Some(Rc::new(factory));
        self
    }

    /// Names it.
    ///
    /// # Examples
    /// ```
    /// use asynkit::Executor;
    ///
    /// assert!(format!("{:?}", Executor::builder().name("io").build()).contains("io"));
    /// ```
    pub fn name(mut self, name: impl Into<Rc<str>>) -> Self {
        self.0.name = Some(name.into());
        self
    }

    /// Is told of the panics of tasks that nobody awaits; without one they are printed to stderr.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, spawn, yield_now};
    /// use std::{cell::RefCell, rc::Rc};
    ///
    /// # std::panic::set_hook(Box::new(|_| ()));
    /// let told = Rc::new(RefCell::new(String::new()));
    /// let executor = Executor::builder().panic_hook({
    ///     let told = told.clone();
    ///     move |_, payload| *told.borrow_mut() = payload.message().unwrap().to_owned()
    /// });
    /// executor.build().block_on(async {
    ///     drop(spawn(async { panic!("nobody looks") }));
    ///     yield_now().await;
    /// });
    /// assert_eq!(*told.borrow(), "nobody looks");
    /// ```
    pub fn panic_hook(mut self, hook: impl Fn(TaskRef, &PanicPayload) + 'static) -> Self {
        self.0.hook = Some(Rc::new(move |id, site, payload| hook(TaskRef::new(id, site), payload)));
        self
    }

    /// How tasks of late priorities are kept from waiting for ever while earlier ones are always ready; off by default.
    ///
    /// A task that has waited too long is moved ahead in the ready queue, see [`Boost`]; its priority stays what it is,
    /// and counts again when it is queued next. What has a position is not moved. The same tasks and the same seed give
    /// the same order.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, Priority, TaskBuilder, priority::Boost, yield_now};
    ///
    /// async fn turns_before_backup() -> u32 {
    ///     let backup = TaskBuilder::new(async {}).priority(Priority::LOW).spawn();
    ///     let mut turns = 0;
    ///     while turns < 1000 && !backup.is_finished() {
    ///         yield_now().await; // always ready, and of an earlier priority
    ///         turns += 1;
    ///     }
    ///     turns
    /// }
    /// assert_eq!(Executor::builder().build().block_on(turns_before_backup()), 1000);
    /// let boosting = Executor::builder().boost(Boost::default().seed(7)).build();
    /// assert!(boosting.block_on(turns_before_backup()) < 100);
    /// ```
    #[doc(alias = "priority_boost_factor")]
    pub const fn boost(mut self, boost: Boost) -> Self {
        self.0.boost = boost;
        self
    }

    /// After how many polls the reactor, or the executor around this one, gets its turn; 61 by default.
    ///
    /// # Examples
    /// ```
    /// use asynkit::Executor;
    /// use std::num::NonZeroU32;
    ///
    /// let eager_for_io = Executor::builder().poll_budget(NonZeroU32::MIN).build();
    /// assert_eq!(eager_for_io.block_on(async { 7 }), 7);
    /// ```
    pub const fn poll_budget(mut self, polls: NonZeroU32) -> Self {
        self.0.budget = polls.get();
        self
    }

    /// Makes the executor.
    ///
    /// # Panics
    /// Where the process has 4096 executors already (64 where pointers have 32 bits).
    ///
    /// # Examples
    /// ```
    /// use asynkit::Executor;
    ///
    /// let executor = Executor::builder().eager_tasks(true).build();
    /// assert_eq!(executor.block_on(async { 7 }), 7);
    /// ```
    #[must_use = "an executor runs when it is driven"]
    #[track_caller]
    pub fn build(self) -> Executor {
        Executor::of(Shared::new(self.0))
    }
}

impl fmt::Debug for ExecutorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExecutorBuilder")
            .field("name", &self.0.name)
            .field("eager_tasks", &self.0.eager_tasks)
            .field("boost", &self.0.boost)
            .field("poll_budget", &self.0.budget)
            .finish_non_exhaustive()
    }
}
