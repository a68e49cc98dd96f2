//! Rules 3 to 21 where what is thrown to is a task: `task_throw`, `cancel` and `abort`.

use asynkit::{
    Executor, Interrupt, InterruptExt as _, InterruptKind, Refused, Task, TaskError, TaskRef, ThrowRefused,
    current_task, eager, shield, spawn, task_throw, yield_now,
};
use asynkit_tests::{Gate, OnDrop, Trace, point};
use futures::{StreamExt as _, future::join, lock::Mutex, stream::FuturesUnordered};
use std::{cell::RefCell, future::pending, io, rc::Rc};

fn text(told: Result<(), Interrupt>) -> String {
    told.unwrap_err().to_string()
}

/// A way to tell a task of something, and what it is told.
type Way = (fn(&TaskRef), &'static str);

const WAYS: [Way; 3] = [
    (|task| task_throw(task, "x").unwrap(), "interrupted: x"),
    (|task| task_throw(task, Interrupt::close()).unwrap(), "interrupted: closed"),
    (|task| assert!(task.cancel()), "interrupted: cancelled"),
];

#[test]
fn rule_03_a_throw_tells_nobody_before_the_tasks_turn() {
    Executor::run(async {
        let told = Rc::new(RefCell::new(String::new()));
        let seen = Rc::clone(&told);
        let task = spawn(async move { *seen.borrow_mut() = text(point().await) });
        yield_now().await;
        task_throw(&task, "later").unwrap();
        assert_eq!(*told.borrow(), "");
        task.await.unwrap();
        assert_eq!(*told.borrow(), "interrupted: later");
    });
}

#[test]
fn rule_04_a_value_that_is_ready_wins_and_the_error_is_for_the_next_point() {
    Executor::run(async {
        for (throw, told) in WAYS {
            let gate = Gate::default();
            let waits = gate.clone();
            let task =
                spawn(async move { (waits.wait().interruptible().await.is_ok(), text(point().await)) });
            yield_now().await;
            gate.open();
            throw(&task);
            assert_eq!(task.await.unwrap(), (true, told.into()));
        }
    });
}

#[test]
fn rule_06_one_point_of_a_join_takes_an_error_and_every_one_is_told_of_a_stop() {
    Executor::run(async {
        let both = || spawn(async { join(point(), point()).await });
        let task = both();
        let stopped = both();
        yield_now().await;
        task_throw(&task, "one").unwrap();
        task_throw(&stopped, Interrupt::close()).unwrap();
        yield_now().await;
        assert!(!task.is_finished(), "the other one still waits");
        task_throw(&task, "two").unwrap();
        let (first, second) = task.await.unwrap();
        assert_eq!((text(first), text(second)), ("interrupted: one".into(), "interrupted: two".into()));
        let (first, second) = stopped.await.unwrap();
        assert_eq!([first, second].map(|told| told.unwrap_err().kind()), [InterruptKind::Close; 2]);
    });
}

#[test]
fn rule_08_a_task_that_does_not_ask_is_dropped_where_it_waits_and_keeps_the_error() {
    Executor::run(async {
        let task = spawn(pending::<()>());
        yield_now().await;
        task_throw(&task, io::Error::other("unplugged")).unwrap();
        let Err(TaskError::Interrupted(told)) = task.await else { panic!("it was dropped") };
        assert_eq!(told.downcast_ref::<io::Error>().unwrap().to_string(), "unplugged");
    });
}

#[test]
fn rule_09_a_new_task_is_dropped_without_a_poll() {
    Executor::run(async {
        let task = spawn(async { unreachable!("it is never polled") });
        task_throw(&task, "x").unwrap();
        task_throw(&task, "y").unwrap();
        let Err::<(), _>(TaskError::Interrupted(told)) = task.await else { panic!("it was dropped") };
        assert_eq!(told.to_string(), "interrupted: x");
    });
}

#[test]
fn rule_10_a_second_stop_drops_a_task_that_was_told_of_the_first() {
    Executor::run(async {
        let stubborn = || {
            spawn(async {
                let _told = point().await;
                pending::<()>().await;
            })
        };
        let (cancelled, closed) = (stubborn(), stubborn());
        yield_now().await;
        for task in [&cancelled, &closed] {
            task_throw(task, Interrupt::close()).unwrap();
        }
        yield_now().await;
        cancelled.cancel();
        task_throw(&closed, Interrupt::close()).unwrap();
        assert!(matches!(cancelled.await, Err(TaskError::Cancelled)));
        let Err(TaskError::Interrupted(told)) = closed.await else { panic!("it was dropped") };
        assert_eq!(told.kind(), InterruptKind::Close);
    });
}

#[test]
fn rule_10_an_abort_drops_at_the_next_turn_what_was_told_or_is_shielded() {
    Executor::run(async {
        let told = spawn(async {
            let _told = point().await;
            pending::<()>().await;
        });
        let shielded = spawn(shield(pending::<()>()));
        yield_now().await;
        task_throw(&told, "x").unwrap();
        task_throw(&shielded, "x").unwrap();
        yield_now().await;
        assert!(!told.is_finished() && !shielded.is_finished());
        assert!(told.abort() && shielded.abort());
        assert!(matches!(told.await, Err(TaskError::Cancelled)));
        assert!(matches!(shielded.await, Err(TaskError::Cancelled)));
    });
}

#[test]
fn rule_13_an_error_waits_for_the_end_of_a_shield() {
    Executor::run(async {
        for (throw, told) in WAYS {
            let gate = Gate::default();
            let waits = gate.clone();
            let task = spawn(async move {
                shield(async {
                    while !waits.is_open() {
                        yield_now().await;
                    }
                })
                .await;
                text(point().await)
            });
            yield_now().await;
            throw(&task);
            for _ in 0..5 {
                yield_now().await;
                assert!(!task.is_finished());
            }
            gate.open();
            assert_eq!(task.await.unwrap(), told);
        }
    });
}

#[test]
fn rule_13_a_second_stop_does_not_drop_inside_of_a_shield() {
    Executor::run(async {
        let (gate, log) = (Gate::default(), Trace::new());
        let (waits, inside) = (gate.clone(), log.clone());
        let task = spawn(async move {
            let _on_drop = OnDrop(|| inside.log("dropped"));
            point().await.unwrap_err();
            // The second stop meets a point, and then the shield, in one poll.
            let _ = point().await;
            shield(async {
                while !waits.is_open() {
                    yield_now().await;
                }
            })
            .await;
            inside.log("committed");
            pending::<()>().await;
        });
        yield_now().await;
        task.cancel();
        yield_now().await;
        task.cancel();
        for _ in 0..5 {
            yield_now().await;
        }
        assert_eq!(log.take(), "");
        gate.open();
        assert!(matches!(task.await, Err(TaskError::Cancelled)));
        assert_eq!(log.take(), "committed\ndropped\n");
    });
}

fn refused(thrown: Result<(), ThrowRefused>) -> (Refused, String) {
    let ThrowRefused { why, error, .. } = thrown.unwrap_err();
    (why, error.to_string())
}

#[test]
fn rule_14_a_task_that_runs_refuses_and_so_do_those_that_started_it() {
    Executor::run(async {
        let parent = current_task().unwrap();
        let child = eager(async move {
            let mine = refused(task_throw(&current_task().unwrap(), "me"));
            let parents = refused(task_throw(&parent, "parent"));
            yield_now().await; // it is a task of its own from here on
            (mine, parents, task_throw(&parent, "later").is_ok())
        });
        let told = point().await.unwrap_err().to_string();
        assert_eq!(told, "interrupted: later");
        let (mine, parents, later) = child.await;
        assert_eq!(mine, (Refused::Running, "me".into()));
        assert_eq!(parents, (Refused::Running, "parent".into()));
        assert!(later);
    });
}

#[test]
fn rule_14_a_task_that_has_ended_refuses_for_ever() {
    let mut kept = None;
    Executor::run(async {
        let task = kept.insert(spawn(async {}));
        yield_now().await;
        assert_eq!(refused(task_throw(task, "x")), (Refused::Done, "x".into()));
    });
    // Its executor is gone, too.
    let task = kept.expect("it was kept");
    assert_eq!(refused(task_throw(&task, "y")), (Refused::Done, "y".into()));
}

#[test]
fn rule_14_a_task_that_is_being_stopped_refuses_an_error_before_and_after_it_was_told() {
    Executor::run(async {
        let task = spawn(async {
            let _told = point().await;
            yield_now().await;
        });
        yield_now().await;
        task.cancel();
        assert_eq!(refused(task_throw(&task, "x")), (Refused::Stopping, "x".into()));
        // A second stop counts only once the first was told: until then it would replace it.
        let (why, _) = refused(task_throw(&task, Interrupt::close()));
        assert_eq!(why, Refused::Stopping);
        yield_now().await;
        assert_eq!(refused(task_throw(&task, "y")), (Refused::Stopping, "y".into()));
        task.await.unwrap();
        let aborted = spawn(pending::<()>());
        aborted.abort();
        assert_eq!(refused(task_throw(&aborted, "z")), (Refused::Stopping, "z".into()));
    });
}

#[test]
fn rule_14_a_refused_error_comes_back_as_it_was_thrown() {
    Executor::run(async {
        let me = current_task().unwrap();
        let refused = task_throw(&me, io::Error::other("mine")).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the task cannot be interrupted, it runs: mine",
            "the error is in the text"
        );
        assert!(std::error::Error::source(&refused).unwrap().is::<io::Error>());
        assert_eq!(refused.error.downcast::<io::Error>().unwrap().to_string(), "mine");
        let stop = task_throw(&me, Interrupt::close()).unwrap_err().error.downcast::<Interrupt>().unwrap();
        assert_eq!(stop.kind(), InterruptKind::Close);
    });
}

fn told_twice() -> Task<[String; 2]> {
    spawn(async { [text(point().await), text(point().await)] })
}

#[test]
fn rule_15_two_errors_are_told_in_their_order_one_a_poll() {
    Executor::run(async {
        let task = told_twice();
        yield_now().await;
        task_throw(&task, "a").unwrap();
        task_throw(&task, "b").unwrap();
        assert_eq!(task.await.unwrap(), ["interrupted: a", "interrupted: b"]);
    });
}

#[test]
fn rule_15_a_stop_after_an_error_is_told_after_it() {
    Executor::run(async {
        let task = told_twice();
        yield_now().await;
        task_throw(&task, "a").unwrap();
        assert!(task.cancel() && task.cancel());
        assert_eq!(refused(task_throw(&task, "b")).0, Refused::Stopping);
        assert_eq!(task.await.unwrap(), ["interrupted: a", "interrupted: cancelled"]);
    });
}

#[test]
fn rule_15_the_second_error_drops_what_answered_the_first_by_waiting_elsewhere() {
    Executor::run(async {
        let task = spawn(async {
            let _told = point().await;
            pending::<()>().await;
        });
        yield_now().await;
        task_throw(&task, "a").unwrap();
        task_throw(&task, "b").unwrap();
        let Err(TaskError::Interrupted(error)) = task.await else { panic!("it was dropped") };
        assert_eq!(error.to_string(), "interrupted: b");
    });
}

#[test]
fn rule_16_points_under_a_sub_executor_of_a_task_are_told() {
    Executor::run(async {
        for (throw, text) in WAYS {
            let task = spawn(async {
                let mut points: FuturesUnordered<_> = (0..5).map(|_| point()).collect();
                let mut told = vec![points.next().await.unwrap().unwrap_err().to_string()];
                while let Some(Some(next)) = futures::FutureExt::now_or_never(points.next()) {
                    told.push(next.unwrap_err().to_string());
                }
                told
            });
            yield_now().await;
            throw(&task);
            // One of them, but for a stop all.
            let told = if text.ends_with('x') { 1 } else { 5 };
            assert_eq!(task.await.unwrap(), vec![text; told]);
        }
    });
}

#[test]
fn rule_19_what_a_task_returns_after_it_was_told_counts() {
    Executor::run(async {
        for (throw, told) in WAYS {
            let task = spawn(async { text(point().await) });
            yield_now().await;
            throw(&task);
            assert_eq!(task.await.unwrap(), told);
        }
    });
}

#[test]
fn rule_21_a_lock_that_was_handed_over_is_a_ready_value_and_is_passed_on_otherwise() {
    Executor::run(async {
        let lock = Rc::new(Mutex::new(()));
        let waiter = |asks: bool| {
            let lock = Rc::clone(&lock);
            spawn(async move {
                if asks {
                    return lock.lock().interruptible().await.is_ok();
                }
                let _guard = lock.lock().await;
                pending().await
            })
        };
        let held = lock.lock().await;
        let (first, second) = (waiter(true), waiter(true));
        yield_now().await;
        drop(held); // the first has it
        task_throw(&first, "x").unwrap();
        assert!(first.await.unwrap(), "handed over: the value wins");
        assert!(second.await.unwrap());

        let held = lock.lock().await;
        let (first, second, third) = (waiter(true), waiter(false), waiter(true));
        yield_now().await;
        task_throw(&first, "x").unwrap();
        assert!(!first.await.unwrap(), "not handed over: it is removed");
        drop(held); // the second has it, and is dropped with it
        task_throw(&second, "x").unwrap();
        assert!(matches!(second.await, Err(TaskError::Interrupted(_))));
        assert!(third.await.unwrap(), "passed on");
        assert!(lock.try_lock().is_some());
    });
}

#[test]
fn a_task_of_another_executor_is_told_when_that_one_runs() {
    let other = Executor::new();
    let task = other.spawn(async { text(point().await) });
    other.block_on(yield_now());
    Executor::run(async {
        task_throw(&task, "from next door").unwrap();
    });
    assert_eq!(other.block_on(task).unwrap(), "interrupted: from next door");
}
