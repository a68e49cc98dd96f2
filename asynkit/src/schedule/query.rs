//! Who is ready, and who waits.

use crate::{
    engine::{self, Shared, Site, Standing, TaskId},
    task::TaskRef,
};
use alloc::vec::Vec;

/// Whether the task waits: it is not in the ready queue, does not run, and has not ended.
///
/// One that was cancelled is in the queue at once. One that awaits it waits until that has run. One whose turn has come
/// to start another task [eagerly](crate::eager()) waits for the first suspension of that.
///
/// # Examples
/// ```
/// use asynkit::{Executor, spawn, task_is_blocked, yield_now};
/// use std::future::pending;
///
/// Executor::run(async {
///     let task = spawn(pending::<()>());
///     assert!(!task_is_blocked(&task));
///     yield_now().await;
///     assert!(task_is_blocked(&task));
///     task.cancel();
///     assert!(!task_is_blocked(&task));
/// });
/// ```
pub fn task_is_blocked(task: &TaskRef) -> bool {
    standing(task) == Standing::Blocked
}

/// Whether the task is in the ready queue, or runs: neither blocked nor ended.
///
/// # Examples
/// ```
/// use asynkit::{Executor, current_task, spawn, task_is_runnable, yield_now};
///
/// Executor::run(async {
///     let task = spawn(async {});
///     assert!(task_is_runnable(&task) && task_is_runnable(&current_task().unwrap()));
///     yield_now().await;
///     assert!(!task_is_runnable(&task));
/// });
/// ```
pub fn task_is_runnable(task: &TaskRef) -> bool {
    matches!(standing(task), Standing::Queued | Standing::Current)
}

/// It is its own executor that is asked, which need not run.
fn standing(task: &TaskRef) -> Standing {
    let id = task.id();
    engine::find(id.parts().executor).map_or(Standing::Gone, |shared| shared.standing(id))
}

/// The tasks in the ready queue, in the order in which they would run, without the caller; empty where no executor runs.
///
/// # Examples
/// ```
/// use asynkit::{Executor, runnable_tasks, spawn, task_reinsert};
///
/// Executor::run(async {
///     let [first, second] = [1, 2].map(|n| spawn(async move { n }));
///     assert_eq!(runnable_tasks(), [*first, *second]);
///     task_reinsert(&second, 0).unwrap();
///     assert_eq!(runnable_tasks(), [*second, *first]);
/// });
/// ```
pub fn runnable_tasks() -> Vec<TaskRef> {
    list(Shared::queued_tasks)
}

/// The tasks that are [blocked](task_is_blocked); empty where no executor runs.
///
/// # Examples
/// ```
/// use asynkit::{Executor, all_tasks, blocked_tasks, current_task, runnable_tasks, spawn, yield_now};
/// use std::future::pending;
///
/// Executor::run(async {
///     let idle = spawn(pending::<()>());
///     yield_now().await;
///     let ready = spawn(async {});
///     assert_eq!(blocked_tasks(), [*idle]);
///     // All tasks are one of three:
///     let mut tasks = [runnable_tasks(), blocked_tasks(), vec![current_task().unwrap()]].concat();
///     tasks.sort_by_key(|task| task.id());
///     let mut all = all_tasks();
///     all.sort_by_key(|task| task.id());
///     assert_eq!(tasks, all);
/// });
/// ```
pub fn blocked_tasks() -> Vec<TaskRef> {
    list(Shared::blocked_tasks)
}

fn list(ask: impl FnOnce(&Shared) -> Vec<(TaskId, Site)>) -> Vec<TaskRef> {
    let tasks = engine::with_current(|shared| shared.map(ask)).unwrap_or_default();
    tasks.into_iter().map(|(id, site)| TaskRef::new(id, site)).collect()
}
