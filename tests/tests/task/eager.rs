//! Tasks that run to their first suspension at once.

use asynkit::{
    Cancellable as _, Eager, Executor, InterruptExt as _, Task, TaskBuilder, TaskError, all_tasks,
    current_task, eager, eager_ctx, spawn, yield_now,
};
use asynkit_tests::{OnDrop, Trace, now, panic_text, point};
use std::{
    cell::Cell,
    future::{pending, poll_fn},
    rc::Rc,
    task::Poll,
};

#[test]
fn what_comes_before_the_first_suspension_runs_at_the_call() {
    let log = Trace::new();
    Executor::run(async {
        let inside = log.clone();
        log.log("1");
        let task = eager(async move {
            inside.log("a");
            yield_now().await;
            inside.log("b");
            7
        });
        log.log("2");
        assert_eq!(task.await, 7);
        log.log("3");
    });
    assert_eq!(log.take(), "1\na\n2\nb\n3\n");
}

#[test]
fn a_body_that_ends_at_once_needs_no_task() {
    Executor::run(async {
        let me = current_task().unwrap();
        let ready = eager(async { 3 });
        assert!(ready.task().is_none() && ready.is_finished() && !ready.cancel());
        assert_eq!(all_tasks(), [me]);
        assert_eq!(ready.await, 3);
        assert_eq!(eager(async { 4 }).join().await.unwrap(), 4);
    });
}

#[test]
fn the_child_is_itself_from_its_first_instruction() {
    Executor::run(async {
        let me = current_task();
        let child = eager(async move {
            let first = current_task();
            assert!(first != me && all_tasks().contains(&first.unwrap()));
            yield_now().await;
            assert_eq!(current_task(), first);
            first.unwrap()
        });
        assert_eq!(current_task(), me);
        let reference: asynkit::TaskRef = **child.task().unwrap();
        assert_eq!(child.await, reference);
    });
}

#[test]
fn the_rest_takes_its_turn_without_an_extra_pass() {
    let log = Trace::new();
    Executor::run(async {
        let steps = |name: &'static str| {
            let log = log.clone();
            async move {
                for step in 0..3 {
                    log.log(format!("{name}{step}"));
                    yield_now().await;
                }
            }
        };
        let first = eager(steps("e"));
        let second = spawn(steps("s"));
        first.await;
        second.await.unwrap();
    });
    assert_eq!(log.take(), "e0\ne1\ns0\ne2\ns1\ns2\n");
}

#[test]
fn a_child_that_waits_is_blocked_until_it_is_woken() {
    Executor::run(async {
        let gate = Rc::new(Cell::new(None));
        let opens = Rc::clone(&gate);
        let child = eager(async move {
            let mut polls = 0;
            poll_fn(|cx| {
                polls += 1;
                opens.set(Some(cx.waker().clone()));
                if polls == 2 { Poll::Ready(polls) } else { Poll::Pending }
            })
            .await
        });
        for _ in 0..5 {
            yield_now().await;
        }
        assert!(!child.is_finished());
        gate.take().unwrap().wake();
        assert_eq!(child.await, 2);
    });
}

#[test]
fn a_cancel_before_the_second_turn_is_told() {
    Executor::run(async {
        let child = eager(async { point().await.is_err() });
        assert!(child.cancel());
        assert!(child.await);
        let plain = eager(pending::<()>());
        plain.cancel();
        assert!(matches!(plain.join().await, Err(TaskError::Cancelled)));
    });
}

#[test]
fn awaiting_one_that_was_cancelled_panics_with_that_text() {
    let text = panic_text(|| {
        Executor::run(async {
            let child = eager(pending::<()>());
            child.cancel();
            child.await;
        });
    });
    assert_eq!(text, "the task was cancelled");
}

#[test]
fn dropping_it_lets_the_task_go_on_and_a_guard_cancels() {
    Executor::run(async {
        let log = Trace::new();
        let body = |name: &'static str| {
            let log = log.clone();
            async move {
                let told = yield_now().interruptible().await.is_ok();
                log.log(format!("{name}: went on: {told}"));
            }
        };
        drop(eager(body("plain")));
        drop(eager_ctx(body("guarded")));
        yield_now().await;
        // A yield is ready at the second poll, and what is ready wins over the cancel.
        assert_eq!(log.take(), "plain: went on: true\nguarded: went on: true\n");
        let dropped = Rc::new(Cell::new(false));
        let flag = Rc::clone(&dropped);
        let guard = eager_ctx(async move {
            let _on_drop = OnDrop(|| flag.set(true));
            pending::<()>().await;
        });
        drop(guard);
        assert!(!dropped.get(), "a cancel is delivered at the task's next turn");
        yield_now().await;
        assert!(dropped.get());
    });
}

#[test]
fn outside_of_executors_it_panics_before_the_first_instruction() {
    let ran = Rc::new(Cell::new(false));
    let flag = Rc::clone(&ran);
    let text = panic_text(move || drop(eager(async move { flag.set(true) })));
    assert!(text.starts_with("no executor runs here"), "{text}");
    assert!(!ran.get());
}

#[test]
fn an_executor_can_start_all_its_tasks_at_once() {
    let executor = Executor::builder().eager_tasks(true).build();
    let early = executor.spawn(async { current_task().is_some() });
    assert!(!early.is_finished(), "nothing is started before the executor runs");
    executor.block_on(async {
        let ran = Rc::new(Cell::new(0));
        let count = Rc::clone(&ran);
        let task = spawn(async move {
            count.set(1);
            yield_now().await;
            count.set(2);
        });
        assert_eq!(ran.get(), 1);
        task.await.unwrap();
        assert_eq!(ran.get(), 2);
        let ready: Task<u32> = spawn(async { 5 });
        assert!(ready.is_finished() && !ready.cancel());
        assert_eq!(ready.await.unwrap(), 5);
        let failed = spawn(async { panic!("at once") });
        assert!(matches!(failed.await, Err(TaskError::Panicked(p)) if p.message() == Some("at once")));
        assert!(early.await.unwrap());
    });
}

#[test]
fn a_builder_starts_one_at_once() {
    Executor::run(async {
        let task =
            TaskBuilder::new(async { current_task().unwrap().name() }).eager(true).name("early").spawn();
        assert!(task.is_finished());
        assert_eq!(task.await.unwrap().as_deref(), Some("early"));
    });
}

#[test]
fn a_factory_decides_for_each_task() {
    let executor = Executor::builder()
        .task_factory(|mut task| {
            task.eager = task.name.is_some();
            task.priority = asynkit::Priority::LOW;
            task
        })
        .build();
    executor.block_on(async {
        let named = TaskBuilder::new(async { current_task().unwrap().priority() }).name("x").spawn();
        let plain = spawn(async {});
        assert!(named.is_finished() && !plain.is_finished());
        assert_eq!(named.await.unwrap(), asynkit::Priority::LOW);
        assert_eq!(plain.priority(), asynkit::Priority::LOW);
        // What is not eager is queued, also through `eager`.
        assert!(!eager(async {}).is_finished());
    });
}

#[test]
fn an_eager_can_be_stored_and_sent_down_the_stack() {
    fn start(n: u32) -> Eager<u32> {
        eager(async move {
            yield_now().await;
            n
        })
    }
    Executor::run(async {
        let all: Vec<Eager<u32>> = (0..3).map(start).collect();
        let mut sum = 0;
        for one in all {
            sum += one.await;
        }
        assert_eq!(sum, 3);
        let mut kept = start(4);
        assert_eq!((&mut kept).await, 4);
        assert_eq!(panic_text(|| now(kept)), "an `Eager` was awaited again after it had given its result");
    });
}

#[test]
fn a_child_that_ends_its_parent_s_wait_in_its_first_part_is_heard() {
    Executor::run(async {
        let waker = Rc::new(Cell::new(None));
        let (kept, parent_waker) = (Rc::clone(&waker), waker);
        let parent = spawn(poll_fn(move |cx| {
            kept.set(Some(cx.waker().clone()));
            let to_wake = Rc::clone(&parent_waker);
            drop(eager(async move { to_wake.take().map(std::task::Waker::wake) }));
            Poll::<()>::Pending
        }));
        yield_now().await;
        yield_now().await;
        assert!(!parent.is_finished(), "it was woken while it runs, and runs again");
        parent.abort();
    });
}
