//! `call_soon` and `call_pos`.

use crate::Order;
use asynkit::{
    ContextVar, Executor, Priority, call_soon, current_task, eager,
    schedule::{Handle, call_pos},
    sleep_insert, spawn, yield_now,
};
use asynkit_tests::{OnDrop, panic_text};
use std::{cell::Cell, pin::pin, rc::Rc};

#[test]
fn positions_are_those_of_a_list() {
    for (positions, expected) in [
        ([0, 1, 2], "0 1 2"),
        ([2, 1, 0], "2 0 1"),
        ([0, 0, 0], "2 1 0"),
        ([1, 1, 1], "0 2 1"),
        ([5, 0, 3], "1 0 2"),
        ([usize::MAX, usize::MAX, 0], "2 0 1"),
    ] {
        let order = Order::default();
        Executor::run(async {
            for (name, pos) in ["0", "1", "2"].into_iter().zip(positions) {
                call_pos(pos, order.callback(name));
            }
            yield_now().await;
        });
        assert_eq!(order.take(), expected, "{positions:?}");
    }
}

#[test]
fn callbacks_run_between_tasks_in_their_turn() {
    let order = Order::default();
    Executor::run(async {
        let _first = order.task("0");
        call_soon(order.callback("callback"));
        let second = order.task("1");
        second.set_priority(Priority::HIGH);
        yield_now().await;
    });
    assert_eq!(order.take(), "1 0 callback");
}

#[test]
fn no_task_is_current_in_one() {
    let seen = Rc::new(Cell::new(None));
    Executor::run(async {
        let told = Rc::clone(&seen);
        call_soon(move || told.set(Some(current_task())));
        yield_now().await;
    });
    assert_eq!(seen.take(), Some(None));
}

#[test]
fn one_runs_in_a_copy_of_the_context_of_who_asked_for_it() {
    static USER: ContextVar<u32> = ContextVar::new();
    for first in [None, Some(1)] {
        let seen = Rc::new(Cell::new(None));
        Executor::run(async {
            first.map(|value| USER.set(value));
            let told = Rc::clone(&seen);
            call_soon(move || {
                let before = USER.get();
                USER.set(7);
                // What it starts inherits what it has set.
                let task = eager(async { USER.get() });
                told.set(Some((before, asynkit_tests::now(task))));
            });
            USER.set(2);
            yield_now().await;
            assert_eq!(USER.get(), Some(2));
        });
        assert_eq!(seen.take(), Some((first, Some(Some(7)))));
    }
}

#[test]
fn one_may_spawn_and_call_again() {
    let order = Order::default();
    Executor::run(async {
        let inner = order.clone();
        call_soon(move || {
            inner.push("outer");
            call_pos(0, inner.callback("inner"));
            drop(inner.task("task"));
        });
        sleep_insert(usize::MAX).await;
        order.push("me");
        yield_now().await;
    });
    assert_eq!(order.take(), "outer inner me task");
}

#[test]
fn a_panic_goes_to_the_hook_and_nobody_else() {
    let told = Rc::new(Cell::new(None));
    let hook = Rc::clone(&told);
    let executor = Executor::builder()
        .panic_hook(move |task, payload| {
            hook.set(Some((task.spawned_at().line(), payload.message().map(str::to_owned))));
        })
        .build();
    let line = executor.block_on(async {
        call_soon(|| panic!("oh"));
        let line = line!() - 1;
        let other = spawn(async { 1 });
        assert_eq!(other.await.unwrap(), 1);
        line
    });
    assert_eq!(told.take(), Some((line, Some("oh".to_owned()))));
}

#[test]
fn one_that_never_runs_is_dropped_with_its_executor() {
    for pos in [None, Some(0)] {
        let dropped = Rc::new(Cell::new(0));
        let executor = Executor::new();
        executor.block_on(async {
            let count = Rc::clone(&dropped);
            let held = OnDrop(move || count.set(count.get() + 1));
            let callback = move || {
                let _held = &held;
                unreachable!("nothing runs after the root has ended")
            };
            match pos {
                None => call_soon(callback),
                Some(pos) => call_pos(pos, callback),
            }
        });
        assert_eq!(dropped.get(), 0, "it is run when the executor is");
        drop(executor);
        assert_eq!(dropped.get(), 1);
    }
}

#[test]
fn an_executor_that_is_awaited_runs_them_before_it_is_ready() {
    let order = Order::default();
    let mut executor = Executor::new();
    executor.block_on(async { call_soon(order.callback("called")) });
    assert!(asynkit_tests::poll_once(pin!(&mut executor)).is_ready());
    assert_eq!(order.take(), "called");
}

#[test]
fn a_panic_in_a_destructor_at_the_end_harms_nobody() {
    let executor = Executor::new();
    executor.block_on(async {
        let held = OnDrop(|| panic!("in a destructor"));
        call_soon(move || drop(held));
    });
    drop(executor);
}

#[test]
fn outside_of_a_loop_there_is_no_queue() {
    let soon = || call_soon(|| ());
    let at = || call_pos(0, || ());
    for text in [panic_text(|| assert_eq!(soon(), Handle(0))), panic_text(|| assert_eq!(at(), Handle(0)))] {
        assert_eq!(text, "no executor runs here: callbacks are queued inside of `Executor::run`");
    }
}
