//! `task_reinsert` and `sleep_insert`: which position is which, and what becomes of what comes later.

use crate::Order;
use asynkit::{
    Executor, Priority, TaskBuilder, runnable_tasks, schedule::call_pos, sleep_insert, spawn, task_reinsert,
    yield_now,
};

#[test]
fn a_sleeper_runs_after_as_many_others_as_it_says() {
    for (pos, expected) in [
        (0, "me 0 1 2 3 4 5"),
        (1, "0 me 1 2 3 4 5"),
        (3, "0 1 2 me 3 4 5"),
        (5, "0 1 2 3 4 me 5"),
        (6, "0 1 2 3 4 5 me"),
        (7, "0 1 2 3 4 5 me"),
        (usize::MAX - 1, "0 1 2 3 4 5 me"),
        (usize::MAX, "0 1 2 3 4 5 me"),
    ] {
        let order = Order::default();
        Executor::run(async {
            let _tasks = order.tasks::<6>();
            sleep_insert(pos).await;
            order.push("me");
            assert_eq!(runnable_tasks().len(), 6_usize.saturating_sub(pos), "{pos}");
            yield_now().await;
        });
        assert_eq!(order.take(), expected, "{pos}");
    }
}

#[test]
fn a_task_is_moved_to_the_position_among_the_others() {
    for (which, pos, expected) in [
        (5, 0, "5 0 1 2 3 4"),
        (5, 3, "0 1 2 5 3 4"),
        (5, 5, "0 1 2 3 4 5"),
        (5, 6, "0 1 2 3 4 5"),
        (0, 0, "0 1 2 3 4 5"),
        (0, 1, "1 0 2 3 4 5"),
        (0, 5, "1 2 3 4 5 0"),
        (0, usize::MAX, "1 2 3 4 5 0"),
        (2, usize::MAX, "0 1 3 4 5 2"),
        (2, 2, "0 1 2 3 4 5"),
    ] {
        let order = Order::default();
        Executor::run(async {
            let tasks = order.tasks::<6>();
            task_reinsert(&tasks[which], pos).unwrap();
            yield_now().await;
        });
        assert_eq!(order.take(), expected, "{which} to {pos}");
    }
}

/// Row 18 of the limits: what a position that is too large does, for each function that takes one.
#[test]
fn a_position_beyond_the_end_is_the_end() {
    for pos in [3, 4, 1 << 31, 1 << 32, usize::MAX - 1, usize::MAX] {
        let order = Order::default();
        Executor::run(async {
            let [first, _second] = order.tasks();
            call_pos(pos, order.callback("callback"));
            task_reinsert(&first, pos).unwrap();
            sleep_insert(pos).await;
            order.push("me");
        });
        assert_eq!(order.take(), "1 callback 0 me", "{pos}");
    }
}

#[test]
fn every_position_is_the_end_of_an_empty_queue() {
    for pos in [0, 1, usize::MAX] {
        Executor::run(async {
            sleep_insert(pos).await;
            let alone = spawn(async {});
            task_reinsert(&alone, pos).unwrap();
            alone.await.unwrap();
        });
    }
}

#[test]
fn a_position_pins_what_is_before_it() {
    let order = Order::default();
    let high = |name| {
        let order = order.clone();
        TaskBuilder::new(async move { order.push(name) }).priority(Priority::HIGH).spawn()
    };
    Executor::run(async {
        let tasks = order.tasks::<4>();
        task_reinsert(&tasks[3], 1).unwrap();
        high("high");
        yield_now().await;
    });
    assert_eq!(order.take(), "0 3 high 1 2");
}

#[test]
fn priorities_are_the_order_that_positions_count() {
    let order = Order::default();
    Executor::run(async {
        let [first, second, third] = order.tasks();
        second.set_priority(Priority::HIGH);
        first.set_priority(Priority::LOW);
        task_reinsert(&third, 1).unwrap();
        sleep_insert(2).await;
        order.push("me");
        yield_now().await;
        assert!(first.is_finished() || runnable_tasks() == [*first]);
        first.await.unwrap();
    });
    assert_eq!(order.take(), "1 2 me 0");
}

#[test]
fn a_new_priority_does_not_move_what_has_a_position() {
    let order = Order::default();
    Executor::run(async {
        let [first, second, third] = order.tasks();
        task_reinsert(&second, 0).unwrap();
        second.set_priority(Priority::LOW);
        third.set_priority(Priority::HIGH);
        assert_eq!(runnable_tasks(), [*second, *third, *first]);
        yield_now().await;
    });
    assert_eq!(order.take(), "1 2 0");
}
