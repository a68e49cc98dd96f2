//! Timeouts in timeouts, in tasks, and in what is started eagerly.

use crate::{LONG, SOON};
use asynkit::{
    CoroStart, Executor, Interrupt, InterruptExt as _, InterruptKind, TaskError, TimedOut, await_sync,
    current_task, eager, sleep, spawn, task_interrupt, task_timeout, try_task_timeout, yield_now,
};
use asynkit_tests::{Gate, Trace, point};
use std::{cell::Cell, future::pending, rc::Rc};

#[test]
fn rule_12_the_outer_one_passes_through_the_inner_one_as_a_value() {
    Executor::run(async {
        let log = Trace::new();
        let outer = task_timeout(SOON, async {
            let inner = task_timeout(LONG, point()).await;
            log.log(format!("inner {:?}", inner.expect("it did not time out").unwrap_err()));
        });
        assert_eq!(outer.await, Ok(()));
        assert_eq!(log.take(), "inner Interrupt(Timeout)\n");
    });
}

#[test]
fn rule_12_each_knows_its_own() {
    Executor::run(async {
        let body = async {
            let inner: Result<(), Box<dyn std::error::Error>> =
                try_task_timeout(SOON, async { Ok(point().await?) }).await;
            assert_eq!(inner.unwrap_err().downcast::<TimedOut>().unwrap().after, SOON);
            "the outer body goes on"
        };
        assert_eq!(task_timeout(LONG, body).await, Ok("the outer body goes on"));

        let both: Result<(), Box<dyn std::error::Error>> = try_task_timeout(SOON * 5, async {
            let inner = task_timeout(SOON, pending::<()>()).await;
            assert!(inner.is_err());
            Ok(point().await?)
        })
        .await;
        assert_eq!(both.unwrap_err().downcast::<TimedOut>().unwrap().after, SOON * 5);
    });
}

#[test]
fn rule_12_the_root_is_that_of_the_inner_one_and_the_outer_body_goes_on() {
    Executor::run(async {
        let mut body = Box::pin(task_timeout(LONG, async {
            assert!(task_timeout(SOON, pending::<()>()).await.is_err());
            yield_now().await;
            1
        }));
        assert_eq!((&mut body).await, Ok(1));
    });
}

#[test]
fn rule_12_an_inner_one_dies_with_the_outer_root() {
    Executor::run(async {
        assert!(task_timeout(SOON, task_timeout(LONG, pending::<()>())).await.is_err());
        assert!(task_timeout(SOON, task_timeout(None, pending::<()>())).await.is_err());
    });
}

#[test]
fn a_cancel_of_the_task_passes_through_and_is_told_as_a_cancel() {
    Executor::run(async {
        let passes = spawn(async {
            let inner: Result<(), Box<dyn std::error::Error + Send + Sync>> =
                try_task_timeout(LONG, async { Ok(point().await?) }).await;
            inner.unwrap_err().downcast::<Interrupt>().unwrap().kind()
        });
        let dropped = spawn(task_timeout(LONG, pending::<()>()));
        yield_now().await;
        passes.cancel();
        dropped.cancel();
        assert_eq!(passes.await.unwrap(), InterruptKind::Cancel);
        assert!(matches!(dropped.await, Err(TaskError::Cancelled)));
    });
}

#[test]
fn a_timeout_comes_while_a_task_is_being_cancelled() {
    Executor::run(async {
        let task = spawn(async {
            let cancelled = point().await.unwrap_err().kind();
            // Clean-up has a limit of its own.
            let late = task_timeout(SOON, pending::<()>()).await.is_err();
            (cancelled, late)
        });
        yield_now().await;
        task.cancel();
        assert_eq!(task.await.unwrap(), (InterruptKind::Cancel, true));
    });
}

#[test]
fn a_task_that_is_awaited_inside_runs_on() {
    Executor::run(async {
        let gate = Gate::default();
        let waits = gate.clone();
        let mut inner = spawn(async move {
            while !waits.is_open() {
                yield_now().await;
            }
            "inner"
        });
        assert!(task_timeout(SOON, &mut inner).await.is_err());
        assert!(!inner.is_finished());
        gate.open();
        assert_eq!(inner.await.unwrap(), "inner");
    });
}

#[test]
fn in_an_eager_part_it_is_of_the_child_and_the_parent_is_not_disturbed() {
    Executor::run(async {
        let children: Vec<_> = (0..3).map(|_| eager(task_timeout(SOON, pending::<()>()))).collect();
        assert!(sleep(SOON * 3).interruptible().await.is_ok(), "the parent's own sleep");
        for child in children {
            assert!(child.await.is_err());
        }
        let parent = current_task().unwrap();
        let child = eager(async move {
            let late = task_timeout(SOON, point()).await.unwrap().is_err();
            (late, current_task() != Some(parent))
        });
        assert_eq!(child.await, (true, true));
    });
}

#[test]
fn around_a_coroutine_that_was_started_before_it_tells_only_what_is_awaited() {
    Executor::run(async {
        let told = Rc::new(Cell::new(false));
        let seen = Rc::clone(&told);
        let mut held = CoroStart::boxed(async move { seen.set(point().await.is_err()) });
        assert!(task_timeout(SOON, pending::<()>()).await.is_err());
        assert!(!told.get());
        assert_eq!(task_timeout(SOON, &mut held).await, Ok(()));
        assert!(told.get());
    });
}

#[test]
fn a_timeout_started_without_an_executor_goes_on_in_a_task() {
    let started = CoroStart::boxed(task_timeout(SOON, pending::<()>()));
    assert!(Executor::run(started).is_err());
}

#[test]
fn a_task_in_a_timeout_is_interrupted_as_ever() {
    Executor::run(async {
        let task = spawn(task_timeout(LONG, async { point().await.unwrap_err().to_string() }));
        yield_now().await;
        task_interrupt(&task, "reload").await.unwrap();
        assert_eq!(task.await.unwrap(), Ok("interrupted: reload".to_owned()));
    });
}

#[test]
fn a_sync_drive_stops_a_timeout_that_would_wait() {
    assert_eq!(await_sync(task_timeout(LONG, async { 1 })).unwrap(), Ok(1));
    let stopped = await_sync(task_timeout(LONG, async { point().await.unwrap_err().kind() }));
    assert_eq!(stopped.unwrap(), Ok(InterruptKind::SyncAbort));
    assert!(await_sync(task_timeout(LONG, pending::<()>())).is_err());
}
