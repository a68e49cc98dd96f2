//! [`TaskRef`]: which task; [`current_task`] and [`all_tasks`].

use crate::{
    context::Context,
    engine::{self, PanicPayload, Shared, Site, TaskId},
    priority::Priority,
};
use alloc::{rc::Rc, vec::Vec};
use core::{
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
    panic::Location,
};

/// Which task: `Copy`, without its type, and keeping nothing alive.
///
/// It is what the scheduling functions take and give. It stays on its task's thread; [`id`](Self::id) may leave it. Once
/// the task has ended there is nothing to be told of it but where it was spawned.
///
/// # Examples
/// ```
/// use asynkit::{Executor, TaskRef, current_task, spawn};
///
/// Executor::run(async {
///     let me: TaskRef = current_task().unwrap();
///     let other = spawn(async {});
///     assert_ne!(me, *other);
/// });
/// ```
#[derive(Clone, Copy)]
pub struct TaskRef {
    id: TaskId,
    site: Site,
    /// Its executor is of this thread.
    home: PhantomData<*const ()>,
}

impl TaskRef {
    #[inline(always)]
    pub(crate) const fn new(id: TaskId, site: Site) -> Self {
        TaskRef { id, site, home: PhantomData }
    }

    fn ask<R>(self, question: impl FnOnce(&Shared) -> R) -> Option<R> {
        engine::find(self.id.parts().executor).map(|shared| question(&shared))
    }

    /// Its identity, which other threads may have.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, spawn};
    ///
    /// Executor::run(async {
    ///     let task = spawn(async {});
    ///     assert_eq!(task.id().task().unwrap(), *task);
    /// });
    /// ```
    pub const fn id(&self) -> TaskId {
        self.id
    }

    /// Its name, if it has one and has not ended.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, TaskBuilder};
    ///
    /// Executor::run(async {
    ///     let task = TaskBuilder::new(async {}).name("worker").spawn();
    ///     assert_eq!(task.name().as_deref(), Some("worker"));
    /// });
    /// ```
    #[doc(alias = "get_name")]
    pub fn name(&self) -> Option<Rc<str>> {
        self.ask(|shared| shared.name(self.id))?
    }

    /// Asks it to stop; `false` where it has ended.
    ///
    /// At its next turn every [interrupt point](crate::InterruptExt::interruptible) that would wait is told, from then on
    /// until the task ends, so that it may clean up; what it returns then is its result. A task that nobody is told of is
    /// dropped where it waits, and one that was never polled is dropped without a poll: [`TaskError::Cancelled`]. A second
    /// cancel, once the first was told, drops it where it waits next. [`shield`](crate::shield) holds a cancel back.
    ///
    /// [`TaskError::Cancelled`]: crate::TaskError::Cancelled
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, InterruptExt as _, spawn, yield_now};
    /// use std::future::pending;
    ///
    /// Executor::run(async {
    ///     let polite = spawn(async {
    ///         match pending::<()>().interruptible().await {
    ///             Ok(()) => "never",
    ///             Err(_cancelled) => "cleaned up",
    ///         }
    ///     });
    ///     yield_now().await;
    ///     polite.cancel();
    ///     assert_eq!(polite.await.unwrap(), "cleaned up");
    /// });
    /// ```
    pub fn cancel(&self) -> bool {
        self.ask(|shared| shared.cancel(self.id)).unwrap_or(false)
    }

    /// Has it dropped at its next turn, without a poll; `false` where it has ended.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, TaskError, spawn};
    ///
    /// Executor::run(async {
    ///     let task = spawn(async { unreachable!() });
    ///     assert!(task.abort());
    ///     assert!(matches!(task.await, Err::<(), _>(TaskError::Cancelled)));
    /// });
    /// ```
    pub fn abort(&self) -> bool {
        self.ask(|shared| shared.abort(self.id)).unwrap_or(false)
    }

    /// Whether it has ended.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, spawn, yield_now};
    ///
    /// Executor::run(async {
    ///     let task = spawn(async {});
    ///     assert!(!task.is_finished());
    ///     yield_now().await;
    ///     assert!(task.is_finished());
    /// });
    /// ```
    #[doc(alias = "done")]
    pub fn is_finished(&self) -> bool {
        self.ask(|shared| shared.is_finished(self.id)).unwrap_or(true)
    }

    /// Its own priority; [`NORMAL`](Priority::NORMAL) where it has ended.
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
    pub fn priority(&self) -> Priority {
        self.ask(|shared| shared.priority(self.id)).flatten().unwrap_or(Priority::NORMAL)
    }

    /// Its priority with what it inherits from those that wait for a [`PriorityLock`](crate::PriorityLock) that it
    /// holds, however indirectly: what it runs with. [`NORMAL`](Priority::NORMAL) where it has ended.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, Priority, PriorityLock, TaskBuilder, current_task, yield_now};
    /// use std::rc::Rc;
    ///
    /// Executor::run(async {
    ///     let lock = Rc::new(PriorityLock::new(()));
    ///     let guard = lock.lock().await.unwrap();
    ///     let waits = lock.clone();
    ///     let urgent = TaskBuilder::new(async move { drop(waits.lock().await.unwrap()) });
    ///     let urgent = urgent.priority(Priority::HIGH).spawn();
    ///     yield_now().await;
    ///     let me = current_task().unwrap();
    ///     assert_eq!((me.priority(), me.effective_priority()), (Priority::NORMAL, Priority::HIGH));
    ///     drop(guard);
    ///     assert_eq!(me.effective_priority(), Priority::NORMAL);
    ///     urgent.await.unwrap();
    /// });
    /// ```
    pub fn effective_priority(&self) -> Priority {
        self.ask(|shared| shared.effective_priority(self.id)).flatten().unwrap_or(Priority::NORMAL)
    }

    /// Changes its priority; one that is ready moves to the place that is due to it, one that waits for a
    /// [`PriorityLock`](crate::PriorityLock) to its place there, and whoever holds that lock inherits it.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, Priority, spawn, yield_now};
    /// use std::{cell::RefCell, rc::Rc};
    ///
    /// Executor::run(async {
    ///     let order = Rc::new(RefCell::new(Vec::new()));
    ///     let [_first, second] = [1, 2].map(|n| {
    ///         let order = order.clone();
    ///         spawn(async move { order.borrow_mut().push(n) })
    ///     });
    ///     second.set_priority(Priority::HIGH);
    ///     yield_now().await;
    ///     assert_eq!(*order.borrow(), [2, 1]);
    /// });
    /// ```
    pub fn set_priority(&self, priority: Priority) {
        self.ask(|shared| shared.set_priority(self.id, priority));
    }

    /// A copy of its context, if it has not ended.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{ContextVar, Executor, spawn};
    ///
    /// static USER: ContextVar<&str> = ContextVar::new();
    ///
    /// Executor::run(async {
    ///     USER.set("ada");
    ///     let task = spawn(async {});
    ///     USER.set("bob");
    ///     assert_eq!(task.context().unwrap().run(|| USER.get()), Some("ada"));
    /// });
    /// ```
    #[doc(alias = "get_context")]
    pub fn context(&self) -> Option<Context> {
        self.ask(|shared| shared.context(self.id))?
    }

    /// The line that spawned it.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, spawn};
    ///
    /// Executor::run(async {
    ///     let task = spawn(async {});
    ///     assert_eq!(task.spawned_at().line(), line!() - 1);
    /// });
    /// ```
    pub const fn spawned_at(&self) -> &'static Location<'static> {
        self.site
    }

    /// Tells its executor's hook of a panic that nobody has awaited.
    #[cold]
    pub(super) fn report(self, payload: &PanicPayload) {
        if self.ask(|shared| shared.report(self.id, self.site, payload)).is_none() {
            engine::print(self.id, self.site, payload);
        }
    }
}

impl TaskId {
    /// The task, where it is at home on this thread and has not ended.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, spawn, yield_now};
    ///
    /// Executor::run(async {
    ///     let id = spawn(async {}).id();
    ///     assert!(id.task().is_some());
    ///     yield_now().await;
    ///     assert!(id.task().is_none());
    /// });
    /// ```
    pub fn task(&self) -> Option<TaskRef> {
        let site = engine::find(self.parts().executor)?.site(*self)?;
        Some(TaskRef::new(*self, site))
    }
}

impl PartialEq for TaskRef {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for TaskRef {}

impl Hash for TaskRef {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl fmt::Debug for TaskRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskRef")
            .field("id", &self.id)
            .field("spawned_at", &format_args!("{}", self.site))
            .finish_non_exhaustive()
    }
}

/// The task that runs; `None` outside of tasks.
///
/// In the eager part of a task that is the task itself, not the one that has started it.
///
/// # Examples
/// ```
/// use asynkit::{Executor, current_task, spawn};
///
/// assert_eq!(current_task(), None);
/// Executor::run(async {
///     let task = spawn(async { current_task() });
///     let id = task.id();
///     assert_eq!(task.await.unwrap().unwrap().id(), id);
/// });
/// ```
pub fn current_task() -> Option<TaskRef> {
    engine::with_current(|shared| {
        let shared = shared?;
        let id = shared.current_id()?;
        Some(TaskRef::new(id, shared.site(id)?))
    })
}

/// The tasks of the executor that runs here, that have not ended; empty where none runs.
///
/// # Examples
/// ```
/// use asynkit::{Executor, all_tasks, spawn};
///
/// Executor::run(async {
///     let task = spawn(async {});
///     assert_eq!(all_tasks().len(), 2); // this one, and that one
///     task.await.unwrap();
///     assert_eq!(all_tasks().len(), 1);
/// });
/// ```
pub fn all_tasks() -> Vec<TaskRef> {
    engine::with_current(|shared| {
        let Some(shared) = shared else { return Vec::new() };
        let refer = |id| Some(TaskRef::new(id, shared.site(id)?));
        shared.all().into_iter().filter_map(refer).collect()
    })
}
