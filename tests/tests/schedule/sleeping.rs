//! Sleeps with a position under combinators, wakes, cancels and other drivers.

use crate::Order;
use asynkit::{
    Executor, TaskError, runnable_tasks, sleep_insert, spawn, start, task_reinsert, task_switch, yield_now,
};
use asynkit_tests::poll_once;
use futures::{
    future::{join, select},
    stream::{FuturesUnordered, StreamExt as _},
};
use std::{cell::OnceCell, future::poll_fn, pin::pin, rc::Rc, task::Poll};

#[test]
fn one_that_is_polled_beside_others_sleeps_until_its_turn() {
    let order = Order::default();
    Executor::run(async {
        let _tasks = order.tasks::<3>();
        join(sleep_insert(2), async {}).await;
        order.push("me");
        yield_now().await;
    });
    assert_eq!(order.take(), "0 1 me 2");
}

#[test]
fn one_in_a_sub_executor_that_polls_what_was_woken_sleeps_until_its_turn() {
    // More than two at a time are polled in several turns, each with a place of its own: it is its way to yield.
    for children in [1, 2] {
        let order = Order::default();
        Executor::run(async {
            let _tasks = order.tasks::<3>();
            let mut sleeps: FuturesUnordered<_> = (0..children).map(|_| sleep_insert(2)).collect();
            assert_eq!(sleeps.next().await, Some(()));
            order.push("me");
            while sleeps.next().await.is_some() {}
            yield_now().await;
        });
        assert!(order.take().starts_with("0 1 me 2"), "{children}");
    }
}

#[test]
fn a_loop_that_blocks_on_it_inside_of_a_task_comes_to_an_end() {
    Executor::run(async {
        let other = spawn(async {});
        futures::executor::block_on(sleep_insert(1));
        assert!(!other.is_finished());
        // The place is the caller's still, and does no harm.
        yield_now().await;
        other.await.unwrap();
    });
}

#[test]
fn the_last_one_of_a_poll_has_the_place() {
    let order = Order::default();
    Executor::run(async {
        let _tasks = order.tasks::<3>();
        join(sleep_insert(0), sleep_insert(2)).await;
        order.push("me");
        yield_now().await;
    });
    assert_eq!(order.take(), "0 1 me 2");
}

#[test]
fn a_place_that_another_branch_takes_in_a_later_poll_does_not_prolong_it() {
    let order = Order::default();
    Executor::run(async {
        let again = async {
            for _ in 0..3 {
                sleep_insert(0).await;
            }
        };
        // The branch that goes first has the task polled again and again.
        select(pin!(sleep_insert(0)), pin!(again)).await;
        order.push("first");
        let again = async {
            for _ in 0..3 {
                sleep_insert(0).await;
            }
            order.push("again");
        };
        let once = async {
            sleep_insert(0).await;
            order.push("once");
        };
        join(again, once).await;
    });
    assert_eq!(order.take(), "first once again");
}

#[test]
fn a_wake_in_between_does_not_end_it_early() {
    let order = Order::default();
    Executor::run(async {
        let (names, waker) = (order.clone(), Rc::new(OnceCell::new()));
        let sleeper = spawn({
            let waker = Rc::clone(&waker);
            async move {
                let own = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
                waker.set(own).unwrap();
                sleep_insert(usize::MAX).await;
                names.push("sleeper");
            }
        });
        let _first = order.task("0");
        sleep_insert(1).await;
        let _second = order.task("1");
        waker.get().unwrap().wake_by_ref();
        assert_eq!(runnable_tasks().iter().position(|task| *task == *sleeper), Some(1));
        sleeper.await.unwrap();
    });
    assert_eq!(order.take(), "0 sleeper 1");
}

#[test]
fn a_sleeper_can_be_moved_and_switched_to() {
    let order = Order::default();
    Executor::run(async {
        let names = order.clone();
        let sleeper = spawn(async move {
            for name in ["moved", "switched"] {
                sleep_insert(usize::MAX).await;
                names.push(name);
            }
        });
        sleep_insert(1).await;
        let _tasks = order.tasks::<3>();
        task_reinsert(&sleeper, 1).unwrap();
        sleep_insert(2).await;
        assert_eq!(order.take(), "0 moved");
        task_switch(&sleeper, Some(1)).await.unwrap();
        assert_eq!(order.take(), "switched");
        yield_now().await;
    });
    assert_eq!(order.take(), "1 2");
}

#[test]
fn a_sleeper_that_is_cancelled_is_told_at_its_place() {
    let order = Order::default();
    Executor::run(async {
        let sleeper = spawn(sleep_insert(2));
        sleep_insert(1).await;
        let [first, second, third] = order.tasks();
        sleeper.cancel();
        task_reinsert(&sleeper, 1).unwrap();
        assert_eq!(runnable_tasks(), [*first, *sleeper, *second, *third]);
        // It is told in the poll in which it is ready: the value wins.
        assert!(matches!(sleeper.await, Ok(())));
        let waits = spawn(async {
            sleep_insert(usize::MAX).await;
            std::future::pending::<()>().await;
        });
        yield_now().await;
        waits.cancel();
        assert!(matches!(waits.await, Err(TaskError::Cancelled)));
    });
}

#[test]
fn one_that_is_started_early_takes_its_place_then() {
    let order = Order::default();
    Executor::run(async {
        start!(let sleep = sleep_insert(1));
        order.push("started");
        let _tasks = order.tasks::<2>();
        sleep.await;
        order.push("me");
        yield_now().await;
    });
    // The place was the head of an empty queue.
    assert_eq!(order.take(), "started me 0 1");
}

#[test]
fn one_that_ends_its_task_leaves_no_place_behind() {
    Executor::run(async {
        let task = spawn(async { assert!(poll_once(pin!(sleep_insert(0))).is_pending()) });
        task.await.unwrap();
        assert_eq!(asynkit::get_scheduling_loop().unwrap().queue_len(), 0);
    });
}

#[test]
fn one_that_is_moved_to_another_task_is_over_there() {
    Executor::run(async {
        let mut sleep = Box::pin(sleep_insert(0));
        assert!(poll_once(sleep.as_mut()).is_pending());
        let mut polls = 0;
        let task = spawn(poll_fn(move |cx| {
            polls += 1;
            sleep.as_mut().poll(cx).map(|()| polls)
        }));
        assert_eq!(task.await.unwrap(), 1);
    });
}
