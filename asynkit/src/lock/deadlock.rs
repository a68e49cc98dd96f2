//! [`Deadlock`].

use super::graph::Sketch;
use crate::engine::TaskId;
use alloc::{boxed::Box, vec::Vec};
use core::{error::Error, fmt, panic::Location};

/// A wait that would never end: the lock is held by a task that waits, directly or by way of others, for this one.
///
/// It says who waits where. See [`PriorityLock::lock`](crate::PriorityLock::lock) for what is a deadlock and what is not.
///
/// # Examples
/// ```
/// use asynkit::{Executor, PriorityLock, TaskBuilder};
/// use std::rc::Rc;
///
/// Executor::run(async {
///     let lock = Rc::new(PriorityLock::new(0));
///     let task = TaskBuilder::new(async move {
///         let _held = lock.lock().await.unwrap();
///         lock.lock().await.map(drop).unwrap_err()
///     });
///     let deadlock = task.name("forgetful").spawn().await.unwrap();
///     assert_eq!(deadlock.tasks().len(), 1);
///     assert_eq!(deadlock.tasks()[0].name(), Some("forgetful"));
///     assert!(deadlock.to_string().contains("forgetful"));
/// });
/// ```
pub struct Deadlock(Box<[BlockedTask]>);

/// A task of a [`Deadlock`], and what it waits for.
pub struct BlockedTask {
    task: Sketch,
    waits_at: &'static Location<'static>,
    made_at: &'static Location<'static>,
}

impl BlockedTask {
    pub(super) const fn new(
        task: Sketch,
        waits_at: &'static Location<'static>,
        made_at: &'static Location<'static>,
    ) -> Self {
        BlockedTask { task, waits_at, made_at }
    }

    /// Which task it is.
    pub const fn id(&self) -> TaskId {
        self.task.id
    }

    /// Its name, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.task.name.as_deref()
    }

    /// The line that spawned it.
    pub const fn spawned_at(&self) -> &'static Location<'static> {
        self.task.site
    }

    /// The line where it waits.
    pub const fn waits_at(&self) -> &'static Location<'static> {
        self.waits_at
    }

    /// The line that made the lock that it waits for, which the next task of the list holds.
    pub const fn lock_made_at(&self) -> &'static Location<'static> {
        self.made_at
    }
}

impl Deadlock {
    pub(super) fn new(tasks: Vec<BlockedTask>) -> Self {
        Deadlock(tasks.into_boxed_slice())
    }

    /// The tasks in their order: each waits for a lock that the next one holds, the last one for one that the first one
    /// holds. The first one is the one whose wait has failed.
    pub fn tasks(&self) -> &[BlockedTask] {
        &self.0
    }
}

impl fmt::Display for BlockedTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.task.id)?;
        if let Some(name) = &self.task.name {
            write!(f, " {name:?}")?;
        }
        write!(f, " waits at {} for the lock made at {}", self.waits_at, self.made_at)
    }
}

/// Lines as they are printed: it is what `unwrap` shows.
impl fmt::Debug for BlockedTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockedTask")
            .field("id", &self.task.id)
            .field("name", &self.task.name)
            .field("spawned_at", &format_args!("{}", self.task.site))
            .field("waits_at", &format_args!("{}", self.waits_at))
            .field("lock_made_at", &format_args!("{}", self.made_at))
            .finish()
    }
}

impl fmt::Display for Deadlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("deadlock: ")?;
        for task in &self.0 {
            write!(f, "{task}, which is held by ")?;
        }
        let first = self.0.first();
        match first.map(|task| (task.id(), task.name())) {
            Some((id, Some(name))) => write!(f, "{id} {name:?}"),
            Some((id, None)) => write!(f, "{id}"),
            None => f.write_str("nobody"),
        }
    }
}

impl fmt::Debug for Deadlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Deadlock").field(&self.0).finish()
    }
}

impl Error for Deadlock {}
