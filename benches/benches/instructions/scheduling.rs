//! The order of tasks: positions, switches, priorities of what is queued.
//!
//! 100 tasks are queued, and stay so: who does the operation is always before them.

use std::future::Future;
use std::hint::black_box;

use asynkit::{
    Executor, Priority, Task, TaskRef, create_task_descend, current_task, sleep_insert, spawn, task_reinsert,
    task_switch,
};
use asynkit_benches::Row;

pub(crate) fn rows() -> Vec<Row> {
    vec![sleep(), reinsert(), switch(), reprioritise(), descend()]
}

/// Start-up differs by some thousand instructions from run to run: so many turns make that little.
const LONG: (u32, u32) = (10_000, 30_000);

/// Runs the body as a task before 100 that are ready.
fn before_others<F: Future<Output = ()> + 'static>(body: impl FnOnce(Vec<Task<()>>) -> F) {
    Executor::run(async {
        let others = (0..100).map(|_| spawn(async {})).collect();
        create_task_descend(body(others)).await.await.expect("it returns");
    });
}

/// Goes through the tasks in steps, so that neighbours in time are none in the queue.
fn each(tasks: &[Task<()>], n: u32) -> impl Iterator<Item = TaskRef> + use<'_> {
    (0..n as usize).map(|i| *tasks[i * 37 % tasks.len()])
}

fn sleep() -> Row {
    Row::new("sleep_insert: to the head").at_most(231.0).lengths(LONG.0, LONG.1).ours(|n| {
        before_others(|_others| async move {
            for _ in 0..n {
                sleep_insert(black_box(0)).await;
            }
        });
    })
}

fn reinsert() -> Row {
    Row::new("task_reinsert: any of 100 tasks").at_most(178.0).ours(|n| {
        before_others(|others| async move {
            for task in each(&others, n) {
                task_reinsert(&task, black_box(0)).expect("it is queued");
            }
        });
    })
}

fn switch() -> Row {
    Row::new("task_switch: there and back").at_most(650.0).lengths(LONG.0, LONG.1).ours(|n| {
        before_others(|_others| async move {
            let me = current_task().expect("it runs in a task");
            let other = spawn(async move {
                for _ in 0..n {
                    task_switch(&me, Some(1)).await.expect("it is queued");
                }
            });
            for _ in 0..n {
                task_switch(&other, Some(1)).await.expect("it is queued");
            }
        });
    })
}

fn reprioritise() -> Row {
    Row::new("set_priority: any of 100 queued tasks").at_most(318.0).ours(|n| {
        before_others(|others| async move {
            let priorities =
                [0.0, -10.0, 10.0, 1.0, 2.5].map(|value| Priority::new(value).expect("a number"));
            for (task, priority) in each(&others, n).zip(priorities.iter().cycle()) {
                task.set_priority(*priority);
            }
        });
    })
}

fn descend() -> Row {
    Row::new("create_task_descend: ready body, join").ours(|n| {
        before_others(|_others| async move {
            for i in 0..n {
                let task = create_task_descend(async move { black_box(i) }).await;
                black_box(task.await.expect("it returns"));
            }
        });
    })
}
