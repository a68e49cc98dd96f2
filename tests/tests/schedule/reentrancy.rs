//! Calls from where they make no sense: each is a typed error, or a panic that says why, and changes nothing.

use crate::Order;
use asynkit::{
    Executor, ScheduleError, Task, TaskRef, call_soon, create_task_descend, create_task_start, current_task,
    eager, runnable_tasks, sleep_insert, spawn, task_reinsert, task_switch, yield_now,
};
use asynkit_tests::{OnDrop, now, panic_text, poll_once};
use std::{cell::Cell, future::pending, pin::pin, rc::Rc};

/// What the table is about: the target as the caller sees it.
struct Targets {
    queued: Task<()>,
    blocked: Task<()>,
    ended: Task<()>,
    me: TaskRef,
    foreign: TaskRef,
}

async fn targets(elsewhere: &Executor) -> Targets {
    let foreign = *elsewhere.spawn(async {});
    let blocked = spawn(pending());
    let ended = spawn(async {});
    yield_now().await;
    Targets { queued: spawn(async {}), blocked, ended, me: current_task().unwrap(), foreign }
}

#[test]
fn each_function_tells_each_misuse() {
    use ScheduleError::{NotScheduled, WrongExecutor};
    let elsewhere = Executor::new();
    Executor::run(async {
        let targets = targets(&elsewhere).await;
        let before = runnable_tasks();
        for (name, target, expected) in [
            ("blocked", *targets.blocked, NotScheduled),
            ("ended", *targets.ended, NotScheduled),
            ("the caller", targets.me, NotScheduled),
            ("of another executor", targets.foreign, WrongExecutor),
        ] {
            for pos in [0, 1, usize::MAX] {
                assert_eq!(task_reinsert(&target, pos), Err(expected), "{name}");
                // The first poll tells: the caller does not sleep.
                assert_eq!(now(task_switch(&target, Some(pos))), Some(Err(expected)), "{name}");
            }
            assert_eq!(now(task_switch(&target, None)), Some(Err(expected)), "{name}");
        }
        assert_eq!(runnable_tasks(), before);
        assert_eq!(task_reinsert(&targets.queued, 0), Ok(()));
    });
}

#[test]
fn outside_of_an_executor_nothing_is_moved() {
    let executor = Executor::new();
    let task = executor.spawn(async {});
    for pos in [0, usize::MAX] {
        assert_eq!(task_reinsert(&task, pos), Err(ScheduleError::NoExecutor));
        assert_eq!(now(task_switch(&task, Some(pos))), Some(Err(ScheduleError::NoExecutor)));
    }
    let nobody = "no executor runs the caller";
    assert!(panic_text(|| assert_eq!(now(sleep_insert(0)), None)).starts_with(nobody));
    assert!(panic_text(|| drop(now(create_task_descend(async {})))).starts_with(nobody));
    assert!(panic_text(|| drop(now(create_task_start(async {})))).starts_with(nobody));
}

#[test]
fn the_future_of_a_task_that_cannot_be_made_is_dropped_without_a_poll() {
    let dropped = Rc::new(Cell::new(false));
    let told = Rc::clone(&dropped);
    let guard = OnDrop(move || told.set(true));
    let text = panic_text(|| {
        drop(now(create_task_start(async move {
            let _guard = guard;
            unreachable!()
        })));
    });
    assert!(text.starts_with("no executor runs the caller") && dropped.get());
}

/// A callback is no task: it can move tasks, and cannot sleep.
#[test]
fn from_a_callback_tasks_can_be_moved_and_nobody_sleeps() {
    let order = Order::default();
    Executor::run(async {
        let names = order.clone();
        call_soon(move || {
            let [_first, second] = names.tasks();
            assert_eq!(now(task_switch(&second, None)), Some(Err(ScheduleError::NoExecutor)));
            assert_eq!(task_reinsert(&second, 0), Ok(()));
            let text = panic_text(|| assert_eq!(now(sleep_insert(1)), None));
            assert!(text.starts_with("no executor runs the caller"), "{text}");
            let text = panic_text(|| drop(now(create_task_start(async {}))));
            assert!(text.starts_with("no executor runs the caller"), "{text}");
            names.push("callback");
        });
        sleep_insert(usize::MAX).await;
        yield_now().await;
    });
    assert_eq!(order.take(), "callback 1 0");
}

#[test]
fn from_the_eager_part_of_a_task_it_is_that_task_that_moves() {
    let order = Order::default();
    Executor::run(async {
        let parent = current_task().unwrap();
        let _tasks = order.tasks::<3>();
        let names = order.clone();
        let child = eager(async move {
            // Who has started it is on the stack, not in the queue.
            assert_eq!(task_reinsert(&parent, 0), Err(ScheduleError::NotScheduled));
            assert_eq!(task_switch(&parent, None).await, Err(ScheduleError::NotScheduled));
            sleep_insert(1).await;
            names.push("child");
        });
        order.push("parent");
        child.await;
    });
    assert_eq!(order.take(), "parent 0 child 1 2");
}

#[test]
fn a_destructor_may_schedule() {
    let order = Order::default();
    Executor::run(async {
        let (names, target) = (order.clone(), Rc::new(Cell::new(None)));
        let held = OnDrop({
            let target = Rc::clone(&target);
            move || {
                let target: TaskRef = target.get().expect("it was set before the drop");
                task_reinsert(&target, 0).unwrap();
                call_soon(names.callback("called"));
                // The task that is dropped is current; its sleep ends with it.
                assert!(poll_once(pin!(sleep_insert(0))).is_pending());
            }
        });
        let doomed = spawn(async move {
            let _held = held;
            pending::<()>().await;
        });
        yield_now().await;
        doomed.abort();
        let [_first, second] = order.tasks();
        target.set(Some(*second));
        yield_now().await;
        assert!(doomed.is_finished());
        yield_now().await;
    });
    assert_eq!(order.take(), "1 0 called");
}

#[test]
fn a_switch_inside_of_a_switch_takes_the_place_over() {
    let order = Order::default();
    Executor::run(async {
        let [first, second, third] = order.tasks();
        futures::future::try_join(task_switch(&first, Some(1)), task_switch(&third, Some(1))).await.unwrap();
        order.push("me");
        yield_now().await;
        second.await.unwrap();
    });
    assert_eq!(order.take(), "2 me 0 1");
}

#[test]
fn a_task_moves_itself_only_by_sleeping() {
    Executor::run(async {
        let me = current_task().unwrap();
        let mut sleep = Box::pin(sleep_insert(0));
        assert!(poll_once(sleep.as_mut()).is_pending());
        // It has a place by now, and runs all the same.
        assert_eq!(task_reinsert(&me, 0), Err(ScheduleError::NotScheduled));
        assert_eq!(now(task_switch(&me, None)), Some(Err(ScheduleError::NotScheduled)));
        sleep.await;
    });
}
