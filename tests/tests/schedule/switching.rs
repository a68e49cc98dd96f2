//! `task_switch`: who runs next, and where the caller goes.

use crate::Order;
use asynkit::{Executor, Priority, ScheduleError, TaskBuilder, spawn, task_switch, yield_now};

#[test]
fn the_target_runs_next_and_the_caller_where_it_says() {
    for (which, pos, expected) in [
        (0, None, "0 1 2 3 4 5 me"),
        (3, None, "3 0 1 2 4 5 me"),
        (5, None, "5 0 1 2 3 4 me"),
        (3, Some(0), "me 3 0 1 2 4 5"),
        (3, Some(1), "3 me 0 1 2 4 5"),
        (3, Some(2), "3 0 me 1 2 4 5"),
        (0, Some(4), "0 1 2 3 me 4 5"),
        (5, Some(6), "5 0 1 2 3 4 me"),
        (5, Some(usize::MAX), "5 0 1 2 3 4 me"),
    ] {
        let order = Order::default();
        Executor::run(async {
            let tasks = order.tasks::<6>();
            task_switch(&tasks[which], pos).await.unwrap();
            order.push("me");
            yield_now().await;
        });
        assert_eq!(order.take(), expected, "{which}, {pos:?}");
    }
}

#[test]
fn two_tasks_that_switch_to_each_other_keep_a_third_waiting() {
    let order = Order::default();
    Executor::run(async {
        let me = asynkit::current_task().unwrap();
        let names = order.clone();
        let other = spawn(async move {
            for _ in 0..3 {
                names.push("other");
                task_switch(&me, Some(1)).await.unwrap();
            }
        });
        let _third = order.task("third");
        for _ in 0..3 {
            order.push("me");
            task_switch(&other, Some(1)).await.unwrap();
        }
        order.push("done");
        yield_now().await;
    });
    assert_eq!(order.take(), "me other me other me other done third");
}

/// Priorities: the end of the queue is the end of one's own priority, and a position is a position.
#[test]
fn the_caller_goes_to_the_end_of_its_priority() {
    for (pos, expected) in
        [(None, "low.0 high.0 high.end me low.end"), (Some(1), "low.0 me high.0 high.end low.end")]
    {
        let order = Order::default();
        Executor::run(async {
            let start = |names: [&'static str; 2], priority| {
                let order = order.clone();
                let task = async move {
                    order.push(names[0]);
                    yield_now().await;
                    order.push(names[1]);
                };
                TaskBuilder::new(task).priority(priority).spawn()
            };
            let low = start(["low.0", "low.end"], Priority::LOW);
            let high = start(["high.0", "high.end"], Priority::new(-5.0).unwrap());
            task_switch(&low, pos).await.unwrap();
            order.push("me");
            high.await.unwrap();
            low.await.unwrap();
        });
        assert_eq!(order.take(), expected, "{pos:?}");
    }
}

#[test]
fn the_caller_does_not_sleep_where_there_is_nobody_to_switch_to() {
    let order = Order::default();
    Executor::run(async {
        let blocked = spawn(std::future::pending::<()>());
        let done = spawn(async {});
        yield_now().await;
        let _other = order.task("other");
        for target in [*blocked, *done, asynkit::current_task().unwrap()] {
            for pos in [None, Some(0), Some(usize::MAX)] {
                assert_eq!(task_switch(&target, pos).await, Err(ScheduleError::NotScheduled));
            }
        }
        order.push("me");
        assert_eq!(asynkit::runnable_tasks().len(), 1);
        yield_now().await;
    });
    assert_eq!(order.take(), "me other");
}

#[test]
fn a_switch_that_is_dropped_early_has_been_made() {
    let order = Order::default();
    Executor::run(async {
        let [_first, second] = order.tasks();
        let mut switch = Box::pin(task_switch(&second, Some(1)));
        assert!(asynkit_tests::poll_once(switch.as_mut()).is_pending());
        drop(switch);
        order.push("me");
        // Its place is still the caller's: this is the poll there.
        std::future::poll_fn({
            let mut polls = 0;
            move |_| {
                polls += 1;
                if polls == 2 { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
            }
        })
        .await;
        order.push("me again");
        yield_now().await;
    });
    assert_eq!(order.take(), "me 1 me again 0");
}
