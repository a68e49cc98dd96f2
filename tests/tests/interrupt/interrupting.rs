//! `task_interrupt`: who runs when, and what it says.

use asynkit::{
    Executor, Interrupt, InterruptExt as _, Priority, Refused, TaskBuilder, TaskError, current_task, shield,
    spawn, task_interrupt, task_reinsert, task_switch, task_throw, yield_now,
};
use asynkit_tests::{Gate, Trace, block_on, panic_text, point, poll_once};
use futures::future::{join, poll_immediate};
use std::{
    cell::RefCell,
    future::{Future, pending, poll_fn},
    pin::{Pin, pin},
    rc::Rc,
    task::Poll,
};

/// A task that logs the error that it is told of.
fn logs(log: &Trace, name: &'static str) -> asynkit::Task<()> {
    let log = log.clone();
    spawn(async move { log.log(format!("{name} {}", point().await.unwrap_err())) })
}

fn ready(log: &Trace, name: &'static str) -> asynkit::Task<()> {
    let log = log.clone();
    spawn(async move { log.log(name) })
}

#[test]
fn the_task_runs_next_and_the_caller_after_those_that_are_ready() {
    let log = Trace::new();
    Executor::run(async {
        let task = logs(&log, "told:");
        yield_now().await;
        let _others = [ready(&log, "other"), ready(&log, "another")];
        task_interrupt(&task, "x").await.unwrap();
        log.log("caller");
    });
    assert_eq!(log.take(), "told: interrupted: x\nother\nanother\ncaller\n");
}

#[test]
fn the_task_runs_next_whatever_its_priority_and_the_caller_in_the_place_of_its_own() {
    let log = Trace::new();
    Executor::run(async {
        let inside = log.clone();
        let low = TaskBuilder::new(async move {
            let _told = point().await;
            inside.log("low told");
            yield_now().await;
            inside.log("low after");
        })
        .priority(Priority::LOW)
        .spawn();
        task_switch(&low, None).await.unwrap();
        let inside = log.clone();
        let high = TaskBuilder::new(async move {
            inside.log("high");
            yield_now().await;
            inside.log("high again");
        })
        .priority(Priority::HIGH)
        .spawn();
        task_interrupt(&low, "x").await.unwrap();
        log.log("caller");
        high.await.unwrap();
        low.await.unwrap();
    });
    assert_eq!(log.take(), "low told\nhigh\nhigh again\ncaller\nlow after\n");
}

#[test]
fn a_throw_puts_a_task_at_the_end_ready_or_not() {
    let log = Trace::new();
    Executor::run(async {
        let task = logs(&log, "told:");
        let runnable = {
            let log = log.clone();
            spawn(async move {
                yield_now().await;
                log.log("runnable");
            })
        };
        yield_now().await;
        let _other = ready(&log, "other");
        task_throw(&runnable, "x").unwrap();
        task_throw(&task, "y").unwrap();
        task.await.unwrap();
    });
    assert_eq!(log.take(), "other\nrunnable\ntold: interrupted: y\n");
}

#[test]
fn two_interrupts_in_a_row_are_two_errors() {
    Executor::run(async {
        let task = spawn(async {
            let mut told = Vec::new();
            while told.len() < 2 {
                told.push(point().await.unwrap_err().to_string());
            }
            told
        });
        yield_now().await;
        task_interrupt(&task, "a").await.unwrap();
        task_interrupt(&task, "b").await.unwrap();
        assert_eq!(task.await.unwrap(), ["interrupted: a", "interrupted: b"]);
    });
}

#[test]
fn an_error_that_comes_too_late_comes_back() {
    Executor::run(async {
        let gate = Gate::default();
        let waits = gate.clone();
        let task = spawn(async move { waits.wait().interruptible().await.is_ok() });
        yield_now().await;
        gate.open();
        let refused = task_interrupt(&task, "late").await.unwrap_err();
        assert_eq!((refused.why, refused.error.to_string()), (Refused::Completed, "late".into()));
        assert!(task.await.unwrap());
    });
}

#[test]
fn a_new_task_is_dropped_and_that_is_an_answer() {
    Executor::run(async {
        let task = spawn(async { unreachable!("it is never polled") });
        task_interrupt(&task, "x").await.unwrap();
        assert!(task.is_finished());
        assert!(matches!(task.await, Err::<(), _>(TaskError::Interrupted(_))));
    });
}

#[test]
fn of_two_errors_the_second_comes_back_where_the_first_has_ended_the_task() {
    Executor::run(async {
        let (returns, dies) = (spawn(async { point().await.is_err() }), spawn(pending::<()>()));
        yield_now().await;
        for (task, why) in [(*returns, Refused::Completed), (*dies, Refused::Done)] {
            task_throw(&task, "first").unwrap();
            let refused = task_interrupt(&task, "second").await.unwrap_err();
            assert_eq!((refused.why, refused.error.to_string()), (why, "second".into()));
        }
        assert!(returns.await.unwrap());
    });
}

#[test]
fn an_error_on_its_way_comes_back_from_a_task_that_is_aborted() {
    Executor::run(async {
        let task = spawn(shield(pending::<()>()));
        yield_now().await;
        let aborts = async {
            yield_now().await;
            task.abort();
        };
        let (told, ()) = join(task_interrupt(&task, "x"), aborts).await;
        let refused = told.unwrap_err();
        assert_eq!((refused.why, refused.error.to_string()), (Refused::Done, "x".into()));
    });
}

#[test]
fn a_panic_instead_of_an_answer_gives_the_error_back_unless_it_was_taken() {
    Executor::run(async {
        let panics = |takes: bool| {
            let mut polled = false;
            spawn(async move {
                poll_fn(move |cx| {
                    assert!(!std::mem::replace(&mut polled, true) || takes, "boom");
                    let is_told = takes && pin!(point()).poll(cx).is_ready();
                    assert!(!is_told, "boom after it was told");
                    Poll::<()>::Pending
                })
                .await;
            })
        };
        let (before, after) = (panics(false), panics(true));
        yield_now().await;
        let refused = task_interrupt(&before, "x").await.unwrap_err();
        assert_eq!((refused.why, refused.error.to_string()), (Refused::Done, "x".into()));
        task_interrupt(&after, "y").await.unwrap();
        for task in [before, after] {
            assert!(matches!(task.await, Err(TaskError::Panicked(_))));
        }
    });
}

#[test]
fn the_caller_waits_for_the_end_of_a_shield() {
    Executor::run(async {
        let gate = Gate::default();
        let waits = gate.clone();
        let task = spawn(async move {
            shield(async {
                while !waits.is_open() {
                    yield_now().await;
                }
            })
            .await;
            point().await.is_err()
        });
        yield_now().await;
        let opens = async {
            for _ in 0..5 {
                yield_now().await;
            }
            assert!(!task.is_finished());
            gate.open();
        };
        let (told, ()) = join(task_interrupt(&task, "x"), opens).await;
        told.unwrap();
        assert!(task.await.unwrap());
    });
}

#[test]
fn tasks_interrupt_each_other_and_what_is_ready_wins() {
    Executor::run(async {
        let me = current_task().unwrap();
        let task = spawn(async move {
            let told = point().await.unwrap_err().to_string();
            task_throw(&me, "back at you").unwrap();
            told
        });
        yield_now().await;
        let answer = task_interrupt(&task, "hey").interruptible().await;
        assert!(answer.expect("it was ready").is_ok());
        assert_eq!(point().await.unwrap_err().to_string(), "interrupted: back at you");
        assert_eq!(task.await.unwrap(), "interrupted: hey");
    });
}

#[test]
fn an_interruptor_is_interrupted_while_it_waits_for_a_shield() {
    Executor::run(async {
        let task = spawn(shield(pending::<()>()));
        yield_now().await;
        let target = *task;
        let interruptor = spawn(async move { task_interrupt(&target, "x").interruptible().await.is_err() });
        yield_now().await;
        yield_now().await;
        task_interrupt(&interruptor, "give up").await.unwrap();
        assert!(interruptor.await.unwrap());
    });
}

#[test]
fn a_task_that_is_merely_awaited_runs_on() {
    Executor::run(async {
        let gate = Gate::default();
        let waits = gate.clone();
        let inner = Rc::new(RefCell::new(Some(spawn(async move {
            while !waits.is_open() {
                yield_now().await;
            }
            9
        }))));
        let shared = Rc::clone(&inner);
        let task = spawn(async move {
            let mut awaited = shared.take().unwrap();
            let told = (&mut awaited).interruptible().await.is_err();
            *shared.borrow_mut() = Some(awaited);
            told
        });
        yield_now().await;
        task_interrupt(&task, "let go").await.unwrap();
        assert!(task.await.unwrap());
        let inner = inner.take().unwrap();
        assert!(!inner.is_finished());
        gate.open();
        assert_eq!(inner.await.unwrap(), 9);
    });
}

#[test]
fn the_root_of_a_run_is_interrupted_as_any_task() {
    let told = Executor::run(async {
        let root = current_task().unwrap();
        let task = spawn(async move { task_interrupt(&root, "you, too").await });
        let told = point().await.unwrap_err().to_string();
        task.await.unwrap().unwrap();
        told
    });
    assert_eq!(told, "interrupted: you, too");
}

#[test]
fn an_interrupt_from_another_executor_waits_until_the_task_was_told() {
    let other = Executor::new();
    let task = other.spawn(async { point().await.is_err() });
    other.block_on(yield_now());
    let mut interrupt = pin!(task_interrupt(&task, "x"));
    assert!(poll_once(interrupt.as_mut()).is_pending(), "its executor does not run");
    block_on(join(interrupt, other.run_until(yield_now()))).0.unwrap();
    assert!(other.block_on(task).unwrap());
}

#[test]
fn nothing_is_thrown_before_the_first_poll_and_a_dropped_interrupt_is_still_told() {
    Executor::run(async {
        let task = spawn(async { point().await.unwrap_err().to_string() });
        yield_now().await;
        drop(task_interrupt(&task, "never"));
        assert!(poll_immediate(task_interrupt(&task, "told")).await.is_none());
        assert_eq!(task.await.unwrap(), "interrupted: told");
    });
}

#[test]
fn a_caller_that_is_moved_ahead_of_the_task_waits_all_the_same() {
    Executor::run(async {
        let me = current_task().unwrap();
        let task = spawn(async { point().await.is_err() });
        yield_now().await;
        let _meddler = asynkit::call_soon(move || task_reinsert(&me, 0).unwrap());
        task_interrupt(&task, "x").await.unwrap();
        assert!(task.is_finished());
    });
}

#[test]
fn a_stop_by_task_interrupt_keeps_its_kind() {
    Executor::run(async {
        let task = spawn(async { (point().await.unwrap_err().kind(), point().await.is_err()) });
        yield_now().await;
        task_interrupt(&task, Interrupt::close()).await.unwrap();
        assert_eq!(task.await.unwrap(), (asynkit::InterruptKind::Close, true));
    });
}

#[test]
fn polled_again_after_its_end_it_says_so() {
    Executor::run(async {
        let mut refused = task_interrupt(&current_task().unwrap(), "x");
        assert!(matches!(poll_once(Pin::new(&mut refused)), Poll::Ready(Err(_))));
        let text = panic_text(|| poll_once(Pin::new(&mut refused)));
        assert_eq!(text, "a `TaskInterrupt` was polled after it had ended");
    });
}
