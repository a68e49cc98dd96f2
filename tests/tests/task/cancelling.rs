//! Cancel and abort: who is told, who is dropped, and when. What holds of every error is in `interrupt/tasks.rs`, and in
//! the table of `interrupt/exhaustive.rs`.

use asynkit::{CoroStart, Executor, TaskError, cancelling, current_task, eager, spawn, start, yield_now};
use asynkit_tests::{OnDrop, Trace, point};
use std::{
    cell::Cell,
    future::{pending, poll_fn},
    rc::Rc,
    task::Poll,
};

#[test]
fn a_task_that_is_not_told_is_dropped_where_it_waits() {
    let log = Trace::new();
    Executor::run(async {
        let inside = log.clone();
        let task = spawn(async move {
            let _on_drop = OnDrop(|| inside.log("dropped"));
            pending::<()>().await;
        });
        yield_now().await;
        task.cancel();
        log.log("cancelled");
        assert!(matches!(task.await, Err(TaskError::Cancelled)));
    });
    assert_eq!(log.take(), "cancelled\ndropped\n");
}

#[test]
fn a_cancel_before_the_first_poll_drops_without_one() {
    Executor::run(async {
        let polled = Rc::new(Cell::new(false));
        let flag = Rc::clone(&polled);
        let task = spawn(async move { flag.set(true) });
        assert!(task.cancel() && task.cancel());
        assert!(matches!(task.await, Err(TaskError::Cancelled)));
        assert!(!polled.get());
    });
}

#[test]
fn a_second_cancel_counts_only_once_the_first_was_told() {
    Executor::run(async {
        let log = Trace::new();
        let inside = log.clone();
        let task = spawn(async move {
            let _ = point().await;
            inside.log("told");
            let _ = point().await;
            inside.log("told again");
            pending::<()>().await;
        });
        yield_now().await;
        task.cancel();
        task.cancel(); // not told yet: the same one
        yield_now().await;
        assert_eq!((log.take().as_str(), task.is_finished()), ("told\ntold again\n", false));
        task.cancel();
        assert!(matches!(task.await, Err(TaskError::Cancelled)));
    });
}

#[test]
fn a_second_cancel_drops_a_task_that_is_told_again_and_suspends() {
    Executor::run(async {
        let task = spawn(async {
            loop {
                let _swallowed = point().await;
                yield_now().await;
            }
        });
        yield_now().await;
        task.cancel();
        for _ in 0..5 {
            yield_now().await;
        }
        assert!(!task.is_finished());
        task.cancel();
        assert!(matches!(task.await, Err::<(), _>(TaskError::Cancelled)));
    });
}

#[test]
fn a_loop_that_swallows_a_cancel_is_cut_off() {
    Executor::run(async {
        let task = spawn(async {
            loop {
                let _ = point().await;
            }
        });
        yield_now().await;
        task.cancel();
        assert!(matches!(task.await, Err::<(), _>(TaskError::Cancelled)));
    });
}

#[test]
fn a_task_cancels_itself_and_is_told_at_its_next_turn() {
    Executor::run(async {
        let polite = spawn(async {
            assert!(current_task().unwrap().cancel());
            point().await.is_err()
        });
        assert!(polite.await.unwrap());
        let plain = spawn(async {
            current_task().unwrap().cancel();
            pending::<()>().await;
        });
        assert!(matches!(plain.await, Err(TaskError::Cancelled)));
        let done = spawn(async {
            current_task().unwrap().cancel();
            1
        });
        assert_eq!(done.await.unwrap(), 1, "it has returned before its next turn");
    });
}

#[test]
fn abort_drops_at_the_next_turn_whatever_asks() {
    Executor::run(async {
        let asks = spawn(async { point().await.is_err() });
        let fresh = spawn(async { true });
        yield_now().await;
        let fresh_too = spawn(async { true });
        assert!(asks.abort() && !fresh.abort() && fresh_too.abort());
        assert!(!asks.is_finished());
        assert!(matches!(asks.await, Err(TaskError::Cancelled)));
        assert!(fresh.await.unwrap());
        assert!(matches!(fresh_too.await, Err(TaskError::Cancelled)));
        let itself = spawn(async {
            current_task().unwrap().abort();
            point().await.is_err()
        });
        assert!(matches!(itself.await, Err(TaskError::Cancelled)));
    });
}

#[test]
fn the_root_is_told_as_well() {
    let told = Executor::run(async {
        let me = current_task().unwrap();
        spawn(async move { me.cancel() });
        point().await.is_err()
    });
    assert!(told);
}

#[test]
fn what_a_parent_is_told_is_not_told_to_the_child_that_it_starts_meanwhile() {
    Executor::run(async {
        let parent = spawn(async {
            point().await.unwrap_err();
            let child = eager(async { poll_point_once().await });
            assert_eq!(child.await, None, "the child is not being stopped");
            point().await.is_err()
        });
        yield_now().await;
        parent.cancel();
        assert!(parent.await.unwrap());
    });
}

/// Polls a point once: whether it is told.
async fn poll_point_once() -> Option<bool> {
    let mut point = std::pin::pin!(point());
    poll_fn(|cx| match point.as_mut().poll(cx) {
        Poll::Ready(result) => Poll::Ready(Some(result.is_err())),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

#[test]
fn a_coroutine_that_is_awaited_is_inside_of_its_task_and_one_that_was_only_started_is_not() {
    Executor::run(async {
        let awaited = spawn(async {
            start!(let c = async { point().await.is_err() });
            c.await
        });
        let started = spawn(async {
            let _kept = CoroStart::boxed(async { point().await.is_err() });
            pending::<bool>().await
        });
        yield_now().await;
        awaited.cancel();
        started.cancel();
        assert!(awaited.await.unwrap());
        assert!(matches!(started.await, Err(TaskError::Cancelled)));
    });
}

#[test]
fn cancelling_what_has_ended_says_so() {
    Executor::run(async {
        let task = spawn(async {});
        yield_now().await;
        assert!(!task.cancel() && !task.abort());
        let guard = cancelling(task);
        assert!(guard.is_finished());
    });
}
