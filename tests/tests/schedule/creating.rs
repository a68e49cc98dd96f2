//! `create_task_descend` and `create_task_start`.

use crate::Order;
use asynkit::{
    Executor, Task, TaskError, create_task_descend, create_task_start, executor::TaskSpec, spawn, yield_now,
};
use std::{future::pending, pin::Pin};

/// A child that notes its name before and after a suspension, if it has one.
async fn child(order: Order, names: [&'static str; 2], suspends: bool) -> u8 {
    order.push(names[0]);
    if suspends {
        yield_now().await;
    }
    order.push(names[1]);
    7
}

#[test]
fn a_descend_runs_the_child_to_its_first_suspension_and_comes_back() {
    for (suspends, expected) in [(false, "a b me 0 1"), (true, "a me 0 1 b")] {
        let order = Order::default();
        Executor::run(async {
            let _others = order.tasks::<2>();
            let task = create_task_descend(child(order.clone(), ["a", "b"], suspends)).await;
            order.push("me");
            assert_eq!(task.is_finished(), !suspends);
            yield_now().await;
            assert_eq!(task.await.unwrap(), 7);
        });
        assert_eq!(order.take(), expected);
    }
}

#[test]
fn a_start_lets_all_that_is_ready_go_first() {
    for (suspends, expected) in [(false, "0 1 a b me"), (true, "0 1 a me b")] {
        let order = Order::default();
        Executor::run(async {
            let _others = order.tasks::<2>();
            let task = create_task_start(child(order.clone(), ["a", "b"], suspends)).await;
            order.push("me");
            assert_eq!(task.await.unwrap(), 7);
        });
        assert_eq!(order.take(), expected);
    }
}

#[test]
fn descends_nest_depth_first() {
    fn node(order: Order, depth: usize) -> Pin<Box<dyn Future<Output = ()>>> {
        const NAMES: [[&str; 2]; 3] = [["0a", "0b"], ["1a", "1b"], ["2a", "2b"]];
        Box::pin(async move {
            order.push(NAMES[depth][0]);
            if depth < 2 {
                create_task_descend(node(order.clone(), depth + 1)).await;
            }
            order.push(NAMES[depth][1]);
        })
    }
    let order = Order::default();
    Executor::run(node(order.clone(), 0));
    assert_eq!(order.take(), "0a 1a 2a 2b 1b 0b");
}

#[test]
fn a_panic_of_the_child_is_the_childs() {
    Executor::run(async {
        let made: [Task<()>; 2] = [
            create_task_descend(async { panic!("a") }).await,
            create_task_start(async { panic!("b") }).await,
        ];
        for (task, text) in made.into_iter().zip(["a", "b"]) {
            match task.await {
                Err(TaskError::Panicked(payload)) => assert_eq!(payload.message(), Some(text)),
                other => panic!("{other:?}"),
            }
        }
    });
}

#[test]
fn the_task_is_made_by_the_await_and_knows_the_line_of_the_call() {
    Executor::run(async {
        let waits = create_task_descend(pending::<()>());
        let line = line!() - 1;
        assert_eq!(asynkit::all_tasks().len(), 1);
        let task = waits.await;
        assert_eq!(asynkit::all_tasks().len(), 2);
        assert_eq!((task.spawned_at().file(), task.spawned_at().line()), (file!(), line));
    });
}

#[test]
fn neither_is_eager_on_an_executor_that_is() {
    let order = Order::default();
    let executor = Executor::builder().eager_tasks(true).build();
    executor.block_on(async {
        let waits = create_task_start(child(order.clone(), ["a", "b"], false));
        order.push("me");
        spawn(async { yield_now().await });
        waits.await;
    });
    assert_eq!(order.take(), "me a b");
}

#[test]
fn a_factory_that_starts_the_child_has_come_to_its_suspension() {
    fn eager(mut task: TaskSpec) -> TaskSpec {
        task.eager = true;
        task
    }
    for suspends in [false, true] {
        let order = Order::default();
        let executor = Executor::builder().task_factory(eager).build();
        executor.block_on(async {
            let task = create_task_descend(child(order.clone(), ["a", "b"], suspends)).await;
            order.push("me");
            assert_eq!(task.await.unwrap(), 7);
        });
        assert_eq!(order.take().split(' ').next(), Some("a"));
    }
}

#[test]
fn a_caller_that_is_aborted_lets_the_child_go_on() {
    let order = Order::default();
    Executor::run(async {
        let names = order.clone();
        let parent = spawn(async move {
            create_task_start(child(names.clone(), ["a", "b"], true)).await;
            names.push("parent");
        });
        yield_now().await;
        parent.abort();
        assert!(matches!(parent.await, Err(TaskError::Cancelled)));
        yield_now().await;
        yield_now().await;
    });
    assert_eq!(order.take(), "a b");
}
