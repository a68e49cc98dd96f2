//! The order of tasks is yours: positions, switches, and the ready queue itself.
//!
//! | | |
//! |---|---|
//! | [`sleep_insert`], [`task_reinsert`] | the caller, or another task, at a position of the ready queue |
//! | [`task_switch`] | run that task now |
//! | [`create_task_descend`], [`create_task_start`] | spawn a task and let it run to its first suspension |
//! | [`task_is_blocked`], [`task_is_runnable`], [`runnable_tasks`], [`blocked_tasks`] | who waits, who is ready |
//! | [`call_soon`], [`call_pos`] | functions in the queue between the tasks |
//! | [`SchedulingLoop`], [`get_scheduling_loop`] | the queue as an object |
//!
//! # Positions
//! A position counts the entries of the ready queue that run before, without the caller: 0 is next, and one that is too
//! large is the end. Tasks and callbacks are entries. What was placed at a position, and everything before it, keeps that
//! order: whatever becomes ready later comes after it, of high priority too. Among what has no position the order is that
//! of [priorities](crate::Priority), and of becoming ready among equal ones.
//!
//! Finding, taking out and putting back an entry takes constant time, however long the queue is. Position `p` walks `p`
//! entries.
//!
//! # Whose tasks
//! All of it is about the executor that runs the caller. Every task is exactly one of current, [runnable](runnable_tasks)
//! and [blocked](blocked_tasks), at any time.

mod position;
mod query;
mod switch;
mod traits;

pub use crate::task::{all_tasks, current_task};
pub(crate) use position::Turn;
pub use position::{SleepInsert, sleep_insert, task_reinsert};
pub use query::{blocked_tasks, runnable_tasks, task_is_blocked, task_is_runnable};
pub use switch::{TaskSwitch, create_task_descend, create_task_start, task_switch};
pub use traits::{
    EnterGuard, Handle, NotScheduled, SchedulingLoop, call_pos, call_soon, enter_scheduling_loop,
    get_scheduling_loop,
};

use core::{error::Error, fmt};

/// Why a task could not be moved; nothing has changed then.
///
/// # Examples
/// ```
/// use asynkit::{Executor, ScheduleError, current_task, spawn, task_reinsert};
///
/// let outside = Executor::run(async {
///     let me = current_task().unwrap();
///     assert_eq!(task_reinsert(&me, 0), Err(ScheduleError::NotScheduled));
///     me
/// });
/// assert_eq!(task_reinsert(&outside, 0), Err(ScheduleError::NoExecutor));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScheduleError {
    /// The task is not in the ready queue: it waits, runs, or has ended.
    NotScheduled,
    /// No executor runs here; or, for what lets the caller sleep, the caller is no task of it.
    NoExecutor,
    /// The task is another executor's.
    WrongExecutor,
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ScheduleError::NotScheduled => "the task is not in the ready queue",
            ScheduleError::NoExecutor => "no executor runs the caller",
            ScheduleError::WrongExecutor => "the task is another executor's",
        })
    }
}

impl Error for ScheduleError {}
