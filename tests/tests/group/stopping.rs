//! Stops from outside, and how politely they reach the children.

use asynkit::{
    BoxError, Executor, GroupError, Interrupt, InterruptExt as _, InterruptKind, TaskError, TimedOut, shield,
    spawn, task_group, task_throw, task_timeout, try_task_timeout, yield_now,
};
use asynkit_tests::{OnDrop, Trace, point, poll_once};
use futures::{StreamExt as _, stream::FuturesUnordered};
use std::{
    cell::Cell,
    error::Error as _,
    future::{Future, pending},
    io,
    rc::Rc,
    time::Duration,
};

const SOON: Duration = Duration::from_millis(1);

/// A group with a child that cleans up, and one that does not ask.
fn waits(log: &Trace) -> impl Future<Output = Result<(), GroupError>> + use<> {
    let log = log.clone();
    task_group(async move |g| {
        let held = log.clone();
        g.start_soon(async move {
            let _guard = OnDrop(|| held.log("dropped"));
            pending::<()>().await;
        });
        g.start_soon(async move {
            let told = point().await.unwrap_err();
            log.log(told.to_string());
            yield_now().await;
            log.log("clean");
        });
        Ok(())
    })
}

fn kind(error: &GroupError) -> InterruptKind {
    let error = error.errors().next().unwrap();
    error.downcast_ref::<Interrupt>().unwrap_or_else(|| panic!("{error} is no stop")).kind()
}

#[test]
fn a_task_that_is_cancelled_waits_for_the_clean_up_of_its_children() {
    Executor::run(async {
        let log = Trace::new();
        let task = spawn(waits(&log));
        yield_now().await;
        task.cancel();
        let error = task.await.unwrap().unwrap_err();
        assert_eq!(kind(&error), InterruptKind::Cancel);
        assert_eq!(log.take(), "dropped\ninterrupted: cancelled\nclean\n");
    });
}

#[test]
fn a_second_cancel_drops_the_group_and_its_children() {
    Executor::run(async {
        let alive = Rc::new(Cell::new(0));
        let count = Rc::clone(&alive);
        let task = spawn(task_group(async move |g| {
            g.start_soon(async move {
                count.set(1);
                let _guard = OnDrop(|| count.set(0));
                let _told = point().await;
                pending::<()>().await;
            });
            Ok(())
        }));
        yield_now().await;
        task.cancel();
        yield_now().await;
        yield_now().await;
        assert_eq!(alive.get(), 1);
        task.cancel();
        assert!(matches!(task.await, Err(TaskError::Cancelled)));
        yield_now().await;
        assert_eq!(alive.get(), 0);
    });
}

#[test]
fn a_timeout_gives_the_children_its_grace() {
    Executor::run(async {
        let log = Trace::new();
        let late = task_timeout(SOON, waits(&log)).grace(Duration::MAX).await;
        assert_eq!(kind(&late.unwrap().unwrap_err()), InterruptKind::Timeout);
        assert_eq!(log.take(), "dropped\ninterrupted: cancelled\nclean\n");
        let late = try_task_timeout(SOON, async { Ok::<(), BoxError>(waits(&log).await?) });
        let error = late.grace(Duration::MAX).await.unwrap_err();
        assert!(error.is::<TimedOut>(), "{error}");
        let (told, dropped) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(false)));
        let (tell, drops) = (Rc::clone(&told), Rc::clone(&dropped));
        let endless = task_group(async move |g| {
            g.start_soon(async move {
                let _guard = OnDrop(|| drops.set(true));
                tell.set(point().await.is_err());
                pending::<()>().await;
            });
            Ok(())
        });
        assert!(task_timeout(SOON, endless).await.is_err());
        yield_now().await;
        assert!(told.get() && dropped.get());
    });
}

#[test]
fn an_error_that_is_thrown_to_a_group_that_waits_is_among_its_errors() {
    Executor::run(async {
        let log = Trace::new();
        let task = spawn(waits(&log));
        yield_now().await;
        task_throw(&task, io::Error::other("unplugged")).unwrap();
        let error = task.await.unwrap().unwrap_err();
        assert_eq!(crate::texts(&error), ["interrupted: unplugged"]);
        let told = error.source().unwrap().downcast_ref::<Interrupt>().unwrap();
        assert!(told.is::<io::Error>());
        assert_eq!(log.take(), "dropped\ninterrupted: cancelled\nclean\n");
    });
}

#[test]
fn a_body_that_asks_hears_of_it_first_and_may_handle_it() {
    Executor::run(async {
        let task = spawn(task_group(async |g| {
            let child = g.spawn(async {
                yield_now().await;
                yield_now().await;
                Ok::<_, io::Error>("child")
            });
            let told = point().await.unwrap_err();
            assert!(told.is::<io::Error>());
            Ok(child.await?)
        }));
        yield_now().await;
        task_throw(&task, io::Error::other("reload")).unwrap();
        assert_eq!(task.await.unwrap().unwrap(), "child");
    });
}

#[test]
fn a_stop_that_the_body_has_heard_of_is_for_the_wait_too() {
    Executor::run(async {
        for waits_on in [false, true] {
            let log = Trace::new();
            let child = log.clone();
            let task = spawn(task_group(async move |g| {
                g.start_soon(async move { child.log(point().await.unwrap_err().to_string()) });
                let _told = point().await;
                if waits_on {
                    yield_now().await;
                }
                Ok(())
            }));
            yield_now().await;
            task.cancel();
            assert_eq!(kind(&task.await.unwrap().unwrap_err()), InterruptKind::Cancel);
            assert_eq!(log.take(), "interrupted: cancelled\n");
        }
    });
}

#[test]
fn a_body_in_a_shield_is_not_cut() {
    Executor::run(async {
        for from_outside in [true, false] {
            let log = Trace::new();
            let body = log.clone();
            let task = spawn(task_group(async move |g| {
                if !from_outside {
                    g.spawn(async { Err::<(), _>("cause") });
                }
                shield(async {
                    for _ in 0..5 {
                        yield_now().await;
                    }
                    body.log("committed");
                })
                .await;
                let told = point().await;
                body.log(told.unwrap_err().to_string());
                Ok(())
            }));
            yield_now().await;
            if from_outside {
                task.cancel();
            }
            task.await.unwrap().unwrap_err();
            assert_eq!(log.take(), "committed\ninterrupted: cancelled\n");
        }
    });
}

#[test]
fn a_group_under_a_sub_executor_is_reached() {
    Executor::run(async {
        let logs = [Trace::new(), Trace::new()];
        let groups: FuturesUnordered<_> = logs.iter().map(waits).collect();
        let task = spawn(groups.collect::<Vec<_>>());
        yield_now().await;
        task.cancel();
        let ended = task.await.unwrap();
        assert!(ended.len() == 2 && ended.iter().all(Result::is_err));
        for log in logs {
            assert_eq!(log.take(), "dropped\ninterrupted: cancelled\nclean\n");
        }
    });
}

#[test]
fn an_inner_group_is_stopped_with_the_outer_one_and_waits_for_its_own() {
    let log = Trace::new();
    let inner = log.clone();
    let error = Executor::run(task_group(async |g| {
        g.start_soon(async move { waits(&inner).await });
        g.spawn(async { Err::<(), _>("cause") });
        Ok(())
    }));
    assert_eq!(crate::texts(&error.unwrap_err()), ["cause"]);
    assert_eq!(log.take(), "dropped\ninterrupted: cancelled\nclean\n");
}

#[test]
fn dropping_a_group_drops_its_children_at_their_next_turns_without_telling_them() {
    Executor::run(async {
        let log = Trace::new();
        let mut group = Box::pin(waits(&log));
        assert!(poll_once(group.as_mut()).is_pending());
        drop(group);
        log.log("left");
        yield_now().await;
        assert_eq!(log.take(), "left\ndropped\n");
    });
}

#[test]
fn a_destructor_that_panics_after_the_group_was_dropped_is_reported() {
    let log = Trace::new();
    let hook = log.clone();
    let executor =
        Executor::builder().panic_hook(move |_task, payload| hook.log(payload.to_string())).build();
    executor.block_on(async {
        let mut group = Box::pin(task_group(async |g| {
            g.start_soon(async {
                let _guard = OnDrop(|| panic!("unheard"));
                pending::<()>().await;
            });
            Ok(())
        }));
        assert!(poll_once(group.as_mut()).is_pending());
        drop(group);
        yield_now().await;
    });
    assert_eq!(log.take(), "panicked: unheard\n");
}

#[test]
fn an_executor_that_goes_takes_groups_and_children_with_it() {
    let log = Trace::new();
    let executor = Executor::new();
    executor.run_until_stalled(&log);
    drop(executor);
    assert_eq!(log.take(), "dropped\n");
}

trait RunUntilStalled {
    fn run_until_stalled(&self, log: &Trace);
}

impl RunUntilStalled for Executor {
    /// A task with a group, which waits.
    fn run_until_stalled(&self, log: &Trace) {
        self.block_on(async {
            spawn(waits(log));
            yield_now().await;
        });
    }
}

#[test]
fn a_group_that_nobody_polls_does_nothing() {
    drop(task_group(async |_| -> Result<(), BoxError> { unreachable!() }));
    let never = pending::<()>().interruptible();
    drop(never);
}

#[test]
fn a_group_is_cancelled_from_another_task_by_its_handle() {
    Executor::run(async {
        let log = Trace::new();
        let child = log.clone();
        let handle = Rc::new(Cell::new(None));
        let tell = Rc::clone(&handle);
        let task = spawn(task_group(async move |g| {
            tell.set(Some(g.clone()));
            g.start_soon(async move { child.log(point().await.unwrap_err().to_string()) });
            let told = point().await;
            assert_eq!(told.unwrap_err().kind(), InterruptKind::Cancel);
            Ok("body")
        }));
        yield_now().await;
        let g = handle.take().unwrap();
        g.cancel();
        g.cancel(); // once, however often
        yield_now().await;
        g.cancel();
        assert_eq!(task.await.unwrap().unwrap(), "body");
        assert_eq!(log.take(), "interrupted: cancelled\n");
    });
}
