//! `task_is_blocked`, `task_is_runnable`, `runnable_tasks`, `blocked_tasks` in each phase of a task.

use asynkit::{
    Executor, Task, TaskRef, all_tasks, blocked_tasks, current_task, eager, runnable_tasks, spawn,
    task_is_blocked, task_is_runnable, yield_now,
};
use futures::channel::oneshot;
use std::future::pending;

/// Blocked, runnable, ended: exactly one.
fn state(task: &TaskRef) -> &'static str {
    match (task_is_blocked(task), task_is_runnable(task), task.is_finished()) {
        (true, false, false) => "blocked",
        (false, true, false) => "runnable",
        (false, false, true) => "ended",
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_task_is_runnable_then_blocked_then_ended() {
    Executor::run(async {
        let (set, get) = oneshot::channel::<()>();
        let waits = spawn(async move { get.await.unwrap() });
        let awaits = spawn(waits);
        let waits = runnable_tasks()[0];
        assert_eq!((state(&waits), state(&awaits)), ("runnable", "runnable"));
        yield_now().await;
        assert_eq!((state(&waits), state(&awaits)), ("blocked", "blocked"));
        assert_eq!(blocked_tasks(), [waits, *awaits]);
        set.send(()).unwrap();
        assert_eq!((state(&waits), state(&awaits)), ("runnable", "blocked"));
        assert_eq!((runnable_tasks(), blocked_tasks()), (vec![waits], vec![*awaits]));
        yield_now().await;
        assert_eq!((state(&waits), state(&awaits)), ("ended", "runnable"));
        yield_now().await;
        assert_eq!((state(&waits), state(&awaits)), ("ended", "ended"));
        assert_eq!((runnable_tasks(), blocked_tasks()), (vec![], vec![]));
    });
}

#[test]
fn one_that_is_cancelled_is_runnable_at_once_and_who_awaits_it_later() {
    Executor::run(async {
        let waits = spawn(pending::<()>());
        let target = *waits;
        let awaits = spawn(waits);
        yield_now().await;
        target.cancel();
        assert_eq!((state(&target), state(&awaits)), ("runnable", "blocked"));
        yield_now().await;
        assert_eq!((state(&target), state(&awaits)), ("ended", "runnable"));
    });
}

#[test]
fn the_task_that_runs_is_runnable_and_not_in_the_queue() {
    Executor::run(async {
        let me = current_task().unwrap();
        assert_eq!(state(&me), "runnable");
        assert_eq!((runnable_tasks(), blocked_tasks()), (vec![], vec![]));
    });
}

#[test]
fn one_that_starts_another_eagerly_is_blocked_meanwhile() {
    Executor::run(async {
        let parent = current_task().unwrap();
        eager(async move {
            assert_eq!(state(&parent), "blocked");
            assert_eq!((runnable_tasks(), blocked_tasks()), (vec![], vec![parent]));
            assert_eq!(state(&current_task().unwrap()), "runnable");
        })
        .await;
        assert_eq!(state(&parent), "runnable");
    });
}

#[test]
fn outside_of_an_executor_the_lists_are_empty() {
    assert!(all_tasks().is_empty());
    assert!(runnable_tasks().is_empty());
    assert!(blocked_tasks().is_empty());
    assert_eq!(current_task(), None);
}

#[test]
fn a_task_can_be_asked_about_where_its_executor_does_not_run() {
    let executor = Executor::new();
    let [ready, waits]: [Task<()>; 2] = [executor.spawn(async {}), executor.spawn(pending())];
    assert_eq!((state(&ready), state(&waits)), ("runnable", "runnable"));
    executor.block_on(yield_now());
    assert_eq!((state(&ready), state(&waits)), ("ended", "blocked"));
    Executor::run(async {
        assert_eq!(state(&waits), "blocked");
        assert!(blocked_tasks().is_empty(), "it is not of this executor");
    });
    drop(executor);
    assert_eq!(state(&waits), "ended");
}
