//! Many of everything.

use asynkit::{Executor, Priority, TaskBuilder, eager, spawn, yield_now};
use std::{cell::Cell, future::pending, num::NonZeroU32, rc::Rc};

#[test]
fn a_million_tasks_are_spawned_and_finish() {
    Executor::run(async {
        let count = Rc::new(Cell::new(0));
        for _ in 0..10 {
            let tasks: Vec<_> = (0..100_000)
                .map(|_| {
                    let count = Rc::clone(&count);
                    spawn(async move { count.set(count.get() + 1) })
                })
                .collect();
            for task in tasks {
                task.await.unwrap();
            }
        }
        assert_eq!(count.get(), 1_000_000);
    });
}

#[test]
fn a_hundred_thousand_live_tasks_are_dropped_without_a_deep_stack() {
    let executor = Executor::new();
    let mut inner = executor.spawn(pending::<()>());
    for _ in 0..100_000 {
        // Each owns the handle of the one before.
        inner = executor.spawn(async move { inner.await.unwrap_or(()) });
    }
    executor.block_on(yield_now());
    drop(executor);
}

/// Starts one inside of the other.
fn descend(depth: u32, deepest: Rc<Cell<u32>>) -> std::pin::Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(async move {
        deepest.set(deepest.get().max(depth));
        if depth < 10_000 {
            eager(descend(depth + 1, deepest)).await;
        }
    })
}

#[test]
fn eager_starts_that_nest_deeply_are_queued_past_64() {
    let deepest = Rc::new(Cell::new(0));
    Executor::run(async {
        let all = eager(descend(0, Rc::clone(&deepest)));
        assert_eq!(deepest.get(), 63);
        all.await;
    });
    assert_eq!(deepest.get(), 10_000);
}

#[test]
fn priorities_at_the_ends_of_numbers() {
    Executor::run(async {
        let order = Rc::new(Cell::new(Vec::new()));
        for value in [f64::INFINITY, 0.0, f64::NEG_INFINITY, f64::MAX, f64::MIN, -0.0] {
            let held = Rc::clone(&order);
            let task = async move {
                let mut order = held.take();
                order.push(value);
                held.set(order);
            };
            TaskBuilder::new(task).priority(Priority::new(value).unwrap()).spawn();
        }
        asynkit::current_task().unwrap().set_priority(Priority::new(f64::INFINITY).unwrap());
        yield_now().await;
        yield_now().await;
        let sorted = [f64::NEG_INFINITY, f64::MIN, 0.0, -0.0, f64::MAX, f64::INFINITY];
        assert_eq!(order.take(), sorted);
    });
}

#[test]
fn a_budget_of_one_poll_still_runs_everything() {
    let executor = Executor::builder().poll_budget(NonZeroU32::MIN).build();
    let sum = executor.block_on(async {
        let tasks: Vec<_> = (0..100_u32)
            .map(|n| {
                spawn(async move {
                    yield_now().await;
                    n
                })
            })
            .collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await.unwrap();
        }
        sum
    });
    assert_eq!(sum, 4950);
}
