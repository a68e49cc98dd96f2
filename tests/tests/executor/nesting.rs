//! Executors inside of executors, and calls that meet themselves.

use asynkit::{Executor, all_tasks, current_task, spawn, yield_now};
use asynkit_tests::{block_on, panic_text};
use std::{
    cell::Cell,
    future::{Future as _, pending, poll_fn},
    pin::{Pin, pin},
    rc::Rc,
    task::Poll,
};

#[test]
fn a_nested_run_is_refused_with_an_error_and_the_outer_one_goes_on() {
    let refused = Executor::run(async {
        yield_now().await;
        let refused = Executor::try_run(async {}).is_err();
        assert_eq!(spawn(async { 1 }).await.unwrap(), 1);
        refused
    });
    assert!(refused);
    assert!(Executor::try_run(async {}).is_ok());
}

#[test]
fn nested_blocking_calls_panic_with_the_cure() {
    let text = Executor::run(async { panic_text(|| Executor::run(async {})) });
    assert!(text.starts_with("an executor runs on this thread already"), "{text}");
    let other = Executor::new();
    let text = Executor::run(async { panic_text(|| other.block_on(async {})) });
    assert!(text.starts_with("an executor runs on this thread already"), "{text}");
}

#[test]
fn outside_of_executors_there_is_nobody_and_spawning_says_what_to_do() {
    assert_eq!(current_task(), None);
    assert_eq!(all_tasks(), []);
    let dropped = Rc::new(Cell::new(0));
    let held = Rc::clone(&dropped);
    let text = panic_text(move || {
        let on_drop = asynkit_tests::OnDrop(move || held.set(held.get() + 1));
        spawn(async move { drop(on_drop) })
    });
    assert!(text.starts_with("no executor runs here"), "{text}");
    assert_eq!(dropped.get(), 1, "the future is dropped");
}

#[test]
fn an_executor_is_a_future_that_ends_with_its_last_task() {
    let executor = Executor::new();
    let count = Rc::new(Cell::new(0));
    for n in 0..10 {
        let count = Rc::clone(&count);
        executor.spawn(async move {
            for _ in 0..n {
                yield_now().await;
            }
            count.set(count.get() + 1);
        });
    }
    block_on(executor);
    assert_eq!(count.get(), 10);
}

#[test]
fn an_executor_inside_of_another_runs_its_own_tasks() {
    Executor::run(async {
        let me = current_task();
        let inner = Executor::new();
        let named = inner.run_until(async {
            let task = spawn(async { current_task() });
            yield_now().await;
            (current_task(), task.await.unwrap())
        });
        let (root, task) = named.await;
        assert!(root != me && task != me && task != root);
        assert_eq!(current_task(), me);
    });
}

#[test]
fn an_executor_that_is_polled_by_its_own_task_panics_and_lives_on() {
    let executor = Rc::new(Executor::new());
    let inner = Rc::clone(&executor);
    let text = executor.block_on(poll_fn(move |cx| {
        let mut again = pin!(inner.run_until(async {}));
        Poll::Ready(panic_text(|| again.as_mut().poll(cx)))
    }));
    assert_eq!(text, "an executor was polled by one of its own tasks");
    assert_eq!(executor.block_on(async { spawn(async { 1 }).await.unwrap() }), 1);
}

#[test]
fn two_roots_drive_one_executor_and_each_gets_its_value() {
    let executor = Executor::new();
    block_on(async {
        let first = executor.run_until(async {
            for _ in 0..100 {
                yield_now().await;
            }
            1
        });
        let second = executor.run_until(async {
            let task = spawn(async {
                yield_now().await;
                2
            });
            task.await.unwrap()
        });
        assert_eq!(futures::join!(first, second), (1, 2));
    });
}

#[test]
fn a_root_that_is_dropped_leaves_its_driving_to_the_others() {
    let executor = Executor::new();
    block_on(async {
        let mut waits = Box::pin(executor.run_until(asynkit::sleep(std::time::Duration::from_millis(20))));
        let mut lost = Some(Box::pin(executor.run_until(pending::<()>())));
        let mut polls = 0;
        poll_fn(|cx| {
            polls += 1;
            let polled = waits.as_mut().poll(cx);
            if let Some(lost) = &mut lost {
                let _ = Pin::new(lost).poll(cx);
            }
            lost = None;
            polled
        })
        .await;
        assert!(polls < 100);
    });
}

#[test]
fn an_abandoned_root_is_dropped_as_a_task_and_is_not_run_again() {
    let executor = Executor::new();
    let log = asynkit_tests::Trace::new();
    block_on(async {
        let inside = log.clone();
        let mut root = Box::pin(executor.run_until(async move {
            let me = current_task();
            let at_drop = inside.clone();
            let _on_drop = asynkit_tests::OnDrop(move || {
                at_drop.log(format!("dropped as itself: {}", current_task() == me));
            });
            inside.log("began");
            pending::<()>().await;
        }));
        poll_fn(|cx| {
            assert!(root.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        drop(root);
        executor.run_until(yield_now()).await;
    });
    assert_eq!(log.take(), "began\ndropped as itself: true\n");
}

#[test]
fn on_tokio_its_timers_and_channels_work_in_our_tasks() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let executor = Executor::new();
        let (sender, receiver) = tokio::sync::oneshot::channel();
        executor.spawn(async move {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            sender.send(7).unwrap();
        });
        let value = executor.run_until(async { spawn(async { receiver.await.unwrap() }).await.unwrap() });
        assert_eq!(value.await, 7);
        executor.run_until(asynkit::sleep(std::time::Duration::from_millis(1))).await;
    });
}
