//! Making tasks: queued, or run to their first suspension at once.

use super::{
    cell::{Fresh, Join, Site},
    error::{PanicPayload, TaskError},
    id::{Parts, SLOTS, TaskId},
    shared::{Life, Shared},
    slots::{Slot, State},
    waker::waker,
};
use crate::{
    context::{self, Context, TaskContext},
    priority::Priority,
    scope,
};
use alloc::{boxed::Box, rc::Rc};
use core::{
    any::Any,
    future::Future,
    panic::AssertUnwindSafe,
    task::{self, Poll},
};
use std::panic::catch_unwind;

/// How many eager starts may be on the stack: the next one is queued.
pub(super) const DEPTH: u32 = 64;

/// What a [task factory](crate::executor::ExecutorBuilder::task_factory) sees of a task, and may change.
///
/// # Examples
/// ```
/// use asynkit::{Executor, executor::TaskSpec, spawn};
///
/// fn named(mut task: TaskSpec) -> TaskSpec {
///     task.name.get_or_insert_with(|| "worker".into());
///     task
/// }
///
/// let executor = Executor::builder().task_factory(named).build();
/// let name = executor.block_on(async { spawn(async {}).name() });
/// assert_eq!(name.as_deref(), Some("worker"));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct TaskSpec {
    /// Its name.
    pub name: Option<Rc<str>>,
    /// Its priority.
    pub priority: Priority,
    /// Whether it runs to its first suspension at once.
    pub eager: bool,
    /// Its context; `None`: what it inherits.
    pub context: Option<Context>,
}

impl TaskSpec {
    pub(crate) const fn new() -> Self {
        TaskSpec { name: None, priority: Priority::NORMAL, eager: false, context: None }
    }
}

/// A task that was started eagerly.
pub(crate) enum Started<T> {
    Ready(T),
    Failed(TaskError),
    Task(TaskId, Join<T>),
}

/// A task in its first poll, and what ran before.
struct Start<F: Future> {
    fresh: Fresh<F>,
    index: u32,
    generation: u32,
    context: TaskContext,
    parent: u32,
    room: u32,
}

impl Shared {
    /// A task with what is usual here.
    #[inline(always)]
    pub(crate) fn spawn<F>(&self, future: F, site: Site) -> (TaskId, Join<F::Output>)
    where
        F: Future<Output: 'static> + 'static,
    {
        if self.is_plain.get() {
            return self.queue_task(future, Priority::NORMAL, TaskContext::inherited(), None, site);
        }
        self.spawn_as(future, TaskSpec::new(), site)
    }

    /// A task that is run to its first suspension; `made` makes of it what the caller gives.
    #[inline(always)]
    pub(crate) fn start<F, R>(&self, future: F, site: Site, made: impl FnOnce(Started<F::Output>) -> R) -> R
    where
        F: Future<Output: 'static> + 'static,
    {
        // Where nothing is set, the task that runs has not got a context since it was resumed.
        if self.is_plain.get() && context::is_empty() {
            let contexts = (TaskContext::empty(), context::Outside::empty());
            return self.start_task(future, Priority::NORMAL, contexts, None, site, made);
        }
        self.start_unusual(future, site, made)
    }

    #[inline(never)]
    fn start_unusual<F, R>(&self, future: F, site: Site, made: impl FnOnce(Started<F::Output>) -> R) -> R
    where
        F: Future<Output: 'static> + 'static,
    {
        made(self.start_as(future, TaskSpec { eager: true, ..TaskSpec::new() }, site))
    }

    /// A task as a builder says, and the options of the executor.
    #[cold]
    #[inline(never)]
    pub(crate) fn spawn_as<F>(&self, future: F, spec: TaskSpec, site: Site) -> (TaskId, Join<F::Output>)
    where
        F: Future<Output: 'static> + 'static,
    {
        let spec = TaskSpec { eager: spec.eager || self.options.eager_tasks, ..spec };
        self.spawn_queued(future, spec, site)
    }

    /// A task that is as eager as its builder and a task factory want it to be.
    pub(crate) fn spawn_queued<F>(&self, future: F, spec: TaskSpec, site: Site) -> (TaskId, Join<F::Output>)
    where
        F: Future<Output: 'static> + 'static,
    {
        match self.start_as(future, spec, site) {
            Started::Task(id, join) => (id, join),
            // The value goes back into a cell, so that the task is like any other.
            Started::Ready(value) => (self.nobody(), self.done_join(value)),
            Started::Failed(error) => (self.nobody(), self.failed_join(error)),
        }
    }

    fn done_join<T: 'static>(&self, value: T) -> Join<T> {
        let (cell, join) = Fresh::new(&self.pool, core::future::ready(value)).into_parts();
        cell.poll(&mut task::Context::from_waker(task::Waker::noop()));
        join
    }

    fn failed_join<T: 'static>(&self, error: TaskError) -> Join<T> {
        let (cell, join) = Fresh::new(&self.pool, core::future::pending::<T>()).into_parts();
        cell.drop_future();
        cell.fail(error);
        join
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn start_as<F>(&self, future: F, spec: TaskSpec, site: Site) -> Started<F::Output>
    where
        F: Future<Output: 'static> + 'static,
    {
        if self.life.get() != Life::Open {
            drop(future);
            return Started::Failed(TaskError::Cancelled);
        }
        let spec = match self.options.factory.clone() {
            Some(factory) => factory(spec),
            None => spec,
        };
        let TaskSpec { name, priority, eager, context } = spec;
        let context = context.map_or_else(TaskContext::inherited, TaskContext::of);
        if eager {
            if let Some(context) = context::take_grown() {
                self.core.borrow_mut().grow(self.current.get(), context);
            }
            let contexts = (context, context::Outside::remember_taken());
            return self.start_task(future, priority, contexts, name.as_ref(), site, |started| started);
        }
        let (id, join) = self.queue_task(future, priority, context, name.as_ref(), site);
        Started::Task(id, join)
    }

    /// The identity of tasks that have ended before they were anybody.
    pub(crate) fn nobody(&self) -> TaskId {
        TaskId::new(Parts { executor: self.number, generation: 0, slot: SLOTS - 1 })
    }

    #[inline(always)]
    fn queue_task<F>(
        &self,
        future: F,
        priority: Priority,
        context: TaskContext,
        name: Option<&Rc<str>>,
        site: Site,
    ) -> (TaskId, Join<F::Output>)
    where
        F: Future<Output: 'static> + 'static,
    {
        let (cell, join) = Fresh::new(&self.pool, future).into_parts();
        let mut core = self.core.borrow_mut();
        let core_ = &mut *core;
        let (index, slot) = core_.slots.occupy(State::Queued, 0);
        fill(slot, priority, context, name, site);
        slot.cell = Some(cell);
        let parts = Parts { executor: self.number, generation: slot.generation, slot: index };
        core_.queue.push(&mut core_.slots, index);
        drop(core);
        self.called();
        (TaskId::new(parts), join)
    }

    #[inline(always)]
    fn start_task<F, R>(
        &self,
        future: F,
        priority: Priority,
        (context, outer): (TaskContext, context::Outside),
        name: Option<&Rc<str>>,
        site: Site,
        made: impl FnOnce(Started<F::Output>) -> R,
    ) -> R
    where
        F: Future<Output: 'static> + 'static,
    {
        let room = self.room.get();
        if room == 0 {
            let (id, join) = self.queue_task(future, priority, context, name, site);
            return made(Started::Task(id, join));
        }
        self.room.set(room - 1);
        let mut fresh = Fresh::new(&self.pool, future);
        let parent = self.current.get();
        let (index, generation) = {
            let core = &mut *self.core.borrow_mut();
            let (index, slot) = core.slots.occupy(State::Running, 0);
            fill(slot, priority, context, name, site);
            (index, slot.generation)
        };
        self.current.set(index);
        let outside = (outer, scope::Outside::enter());
        outside.0.go_to(context);
        let waker = waker(self.tag, generation, index);
        let mut cx = task::Context::from_waker(&waker);
        let (first, own) = (&mut fresh, scope::enter_task(&cx));
        // Little is in here, since it is a call, and its outcome goes through memory.
        let mut polled = Poll::Pending;
        let mut panicked = catch_unwind(AssertUnwindSafe(|| polled = first.poll_first(&mut cx))).err();
        if scope::has_left(own) && panicked.is_none() {
            panicked = self.take_in_first(index).err();
        }
        if panicked.is_none() {
            if let Poll::Ready(value) = polled {
                fresh.give(&self.pool);
                if self.end_start(index, context) {
                    outside.0.come_back(context);
                    drop(outside.1);
                } else {
                    drop(outside);
                }
                self.current.set(parent);
                self.room.set(room);
                return made(Started::Ready(value));
            }
        }
        let started = Start { fresh, index, generation, context, parent, room };
        self.start_slowly(started, panicked, outside, made)
    }

    /// Takes in the leaves that have registered in a first poll: it may drop wakers.
    #[cold]
    #[inline(never)]
    fn take_in_first(&self, index: u32) -> Result<(), Box<dyn Any + Send>> {
        catch_unwind(AssertUnwindSafe(|| self.take_in(index)))
    }

    /// What comes after a first poll that has not ended the task.
    #[inline(never)]
    fn start_slowly<F, R>(
        &self,
        start: Start<F>,
        panicked: Option<Box<dyn Any + Send>>,
        outside: (context::Outside, scope::Outside),
        made: impl FnOnce(Started<F::Output>) -> R,
    ) -> R
    where
        F: Future<Output: 'static> + 'static,
    {
        let Start { fresh, index, generation, context, parent, room } = start;
        let started = match panicked {
            None => self.go_on(index, generation, fresh),
            Some(payload) => self.fail_start(index, context, fresh, payload),
        };
        drop(outside);
        self.current.set(parent);
        self.room.set(room);
        made(started)
    }

    /// A task waits in its first poll: it becomes one like those that were queued.
    #[inline(always)]
    fn go_on<F>(&self, index: u32, generation: u32, fresh: Fresh<F>) -> Started<F::Output>
    where
        F: Future<Output: 'static> + 'static,
    {
        let (cell, join) = fresh.into_begun_parts();
        let mut core = self.core.borrow_mut();
        let slot = core.slots.at(index);
        slot.cell = Some(cell);
        slot.context = slot.context.suspend();
        core.settle(index);
        let id = TaskId::new(Parts { executor: self.number, generation, slot: index });
        Started::Task(id, join)
    }

    #[cold]
    #[inline(never)]
    fn fail_start<F: Future>(
        &self,
        index: u32,
        context: TaskContext,
        fresh: Fresh<F>,
        payload: Box<dyn Any + Send>,
    ) -> Started<F::Output> {
        // What the destructor panics with comes second.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(fresh)));
        self.end_start(index, context);
        Started::Failed(TaskError::Panicked(PanicPayload::new(payload)))
    }

    /// A task has ended in its first poll; whether it was plain, and has set nothing.
    #[inline(always)]
    fn end_start(&self, index: u32, context: TaskContext) -> bool {
        let mut core = self.core.borrow_mut();
        let slot = core.slots.at(index);
        let is_plain = slot.extra.is_none() && slot.state == State::Running;
        if is_plain && context.is_empty() {
            core.slots.vacate(index);
            return true;
        }
        drop(core);
        self.end_unusual_start(index);
        false
    }

    #[cold]
    #[inline(never)]
    fn end_unusual_start(&self, index: u32) {
        let mut core = self.core.borrow_mut();
        core.dequeue(index);
        let slot = core.slots.at(index);
        let (extra, context) = (slot.extra.take(), slot.context.suspend());
        core.slots.vacate(index);
        drop(core);
        let ended = context.end();
        // Their destructors are of the user's.
        let _ = catch_unwind(AssertUnwindSafe(|| drop((extra, ended))));
    }
}

#[inline(always)]
fn fill(slot: &mut Slot, priority: Priority, context: TaskContext, name: Option<&Rc<str>>, site: Site) {
    slot.priority = priority;
    slot.context = context;
    slot.site = site;
    if let Some(name) = name {
        slot.extra().name = Some(Rc::clone(name));
    }
}
