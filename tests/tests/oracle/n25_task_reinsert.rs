use crate::{
    compare::{Difference, compare},
    python::list,
};
use asynkit::{Executor, Task, TaskRef, current_task, spawn, task_reinsert, yield_now};
use asynkit_tests::Trace;
use futures::{channel::oneshot, future::join_all};
use std::{cell::RefCell, future::pending, rc::Rc};

const UNSIGNED: &str = "a position is a `usize`: negative ones do not compile";
const TYPED: &str = "a typed error";

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "task 5 to -1: [0, 1, 2, 3, 5, 4]\ntask 5 to -2: [0, 1, 2, 5, 3, 4]\ntask 5 to -99: [5, 0, 1, 2, 3, 4]",
        "",
        UNSIGNED,
    ),
    (
        "task 0 to -1: [1, 2, 3, 4, 0, 5]\ntask 0 to -2: [1, 2, 3, 0, 4, 5]\ntask 0 to -99: [0, 1, 2, 3, 4, 5]",
        "",
        UNSIGNED,
    ),
    (
        "task 2 to -1: [0, 1, 3, 4, 2, 5]\ntask 2 to -2: [0, 1, 3, 2, 4, 5]\ntask 2 to -99: [2, 0, 1, 3, 4, 5]",
        "",
        UNSIGNED,
    ),
    ("done task: ValueError: Task is not scheduled", "done task: NotScheduled", TYPED),
    ("current task: ValueError: Task is not scheduled", "current task: NotScheduled", TYPED),
    ("blocked task: ValueError: Task is not scheduled", "blocked task: NotScheduled", TYPED),
];

type Out = Rc<RefCell<Vec<String>>>;

fn tasks(count: usize, out: &Out) -> Vec<Task<()>> {
    let task = |n: usize| {
        let out = Rc::clone(out);
        spawn(async move { out.borrow_mut().push(n.to_string()) })
    };
    (0..count).map(task).collect()
}

async fn main(log: &Trace) {
    for which in [5, 0, 2] {
        for pos in [0, 1, 3, 5, 6, 99] {
            let out = Out::default();
            let tasks = tasks(6, &out);
            task_reinsert(&tasks[which], pos).expect("it is queued");
            yield_now().await;
            log.log(format!("task {which} to {pos}: {}", list(&out.borrow())));
            join_all(tasks).await;
        }
    }
    let out = Out::default();
    let tasks = tasks(4, &out);
    for task in &tasks {
        task_reinsert(task, 0).expect("it is queued");
    }
    yield_now().await;
    log.log(format!("all to 0 in turn: {}", list(&out.borrow())));

    let tried = |label: &str, task: &TaskRef| match task_reinsert(task, 0) {
        Ok(()) => log.log(format!("{label}: ok")),
        Err(error) => log.log(format!("{label}: {error:?}")),
    };
    tried("done task", &tasks[0]);
    tried("current task", &current_task().expect("it runs"));
    let task = spawn(pending::<()>());
    yield_now().await;
    tried("blocked task", &task);
    task.cancel();
    tried("cancelled, not yet run (runnable)", &task);
    task.await.expect_err("it was cancelled");
    let (set, get) = oneshot::channel();
    let task = spawn(get);
    yield_now().await;
    set.send(1).expect("it waits");
    tried("woken by a future (runnable)", &task);
    task.await.expect("it returns").expect("it was set");
}

#[test]
fn task_reinsert_moves_and_refuses() {
    let log = Trace::new();
    Executor::run(main(&log));
    compare("25_task_reinsert", &log.take(), DIFFERENCES);
}
