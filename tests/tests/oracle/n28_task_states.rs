use crate::{
    compare::compare,
    python::{list, quoted, truth},
};
use asynkit::{
    Executor, Task, TaskBuilder, TaskRef, all_tasks, blocked_tasks, current_task, runnable_tasks,
    task_is_blocked, task_is_runnable, yield_now,
};
use asynkit_tests::Trace;
use futures::channel::oneshot;
use std::{collections::HashSet, future::pending};

fn names(tasks: &[TaskRef]) -> String {
    let name = |task: &TaskRef| quoted(&task.name().expect("it was named"));
    let mut names: Vec<_> = tasks.iter().map(name).collect();
    names.sort();
    list(&names)
}

fn states(log: &Trace, label: &str, tasks: &[(&str, TaskRef)]) {
    let state = |(name, task): &(&str, TaskRef)| {
        format!(
            "{name}[blocked={} runnable={} done={}]",
            truth(task_is_blocked(task)),
            truth(task_is_runnable(task)),
            truth(task.is_finished())
        )
    };
    let tasks: Vec<_> = tasks.iter().map(state).collect();
    let (runnable, blocked) = (runnable_tasks(), blocked_tasks());
    let parts: HashSet<_> = runnable.iter().chain(&blocked).chain(&current_task()).copied().collect();
    log.log(format!(
        "{label}: {} | runnable={} blocked={} identity={}",
        tasks.join(" "),
        names(&runnable),
        names(&blocked),
        truth(parts == all_tasks().into_iter().collect())
    ));
}

fn named<F: Future<Output: 'static> + 'static>(name: &str, future: F) -> Task<F::Output> {
    TaskBuilder::new(future).name(name).spawn()
}

async fn main(log: &Trace) {
    let me = current_task().expect("it runs");
    let (set, get) = oneshot::channel();
    let task = named("a", async move { get.await.expect("it is set") });
    let a = *task;
    let b = named("b", task);
    let c = named("c", yield_now());
    states(log, "created", &[("main", me), ("a", a), ("b", *b), ("c", *c)]);
    yield_now().await;
    states(log, "after one pass", &[("a", a), ("b", *b), ("c", *c)]);
    yield_now().await;
    states(log, "after two passes", &[("a", a), ("b", *b), ("c", *c)]);
    set.send(1).expect("it waits");
    states(log, "future set", &[("a", a), ("b", *b)]);
    yield_now().await;
    states(log, "a ran", &[("a", a), ("b", *b)]);
    yield_now().await;
    states(log, "b ran", &[("a", a), ("b", *b)]);
    let task = named("a", pending::<()>());
    let a = *task;
    let b = named("b", task);
    yield_now().await;
    a.cancel();
    states(log, "a cancelled", &[("a", a), ("b", *b)]);
    yield_now().await;
    states(log, "cancel delivered to a", &[("a", a), ("b", *b)]);
    yield_now().await;
    states(log, "and to b", &[("a", a), ("b", *b)]);
}

#[test]
fn task_states() {
    let log = Trace::new();
    Executor::run(main(&log));
    compare("28_task_states", &log.take(), &[]);
}
