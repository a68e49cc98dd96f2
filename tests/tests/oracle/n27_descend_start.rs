use crate::{compare::compare, python::truth};
use asynkit::{Executor, Task, TaskBuilder, create_task_descend, spawn, yield_now};
use asynkit_tests::Trace;
use futures::future::{join_all, lazy};
use std::pin::Pin;

async fn child(log: Trace, suspends: bool) -> &'static str {
    log.log("child start");
    if suspends {
        yield_now().await;
    }
    log.log("child end");
    "child"
}

fn boom(log: Trace) -> impl Future<Output = Result<(), &'static str>> {
    lazy(move |_| {
        log.log("boom runs");
        Err("ValueError x")
    })
}

async fn other(log: Trace, n: usize) {
    log.log(format!("other{n}"));
    yield_now().await;
    log.log(format!("other{n} second"));
}

fn nest(log: Trace, depth: usize) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(async move {
        log.log(format!("n{depth} a"));
        if depth < 3 {
            let task = create_task_descend(nest(log.clone(), depth + 1)).await;
            log.log(format!("n{depth} b"));
            task.await.expect("it returns");
        } else {
            yield_now().await;
        }
        log.log(format!("n{depth} c"));
    })
}

#[derive(Clone, Copy)]
enum How {
    Descend,
    Start,
}

impl How {
    async fn create<F: Future<Output: 'static> + 'static>(self, task: TaskBuilder<F>) -> Task<F::Output> {
        match self {
            How::Descend => task.spawn_descend().await,
            How::Start => task.spawn_start().await,
        }
    }
}

async fn main(log: &Trace) {
    for (name, how) in [("create_task_descend", How::Descend), ("create_task_start", How::Start)] {
        for suspends in [false, true] {
            log.log(format!("== {name} susp={}", truth(suspends)));
            let others: Vec<_> = (0..2).map(|n| spawn(other(log.clone(), n))).collect();
            let task = how.create(TaskBuilder::new(child(log.clone(), suspends)).name("nm")).await;
            // The name goes with the task: one that has ended has none any more.
            let shown = task.name().unwrap_or_else(|| "nm".into());
            log.log(format!("back done={} name={shown}", truth(task.is_finished())));
            log.log(format!("await {}", task.await.expect("it returns")));
            join_all(others).await;
        }
        log.log(format!("== {name} failing"));
        let task = how.create(TaskBuilder::new(boom(log.clone()))).await;
        log.log(format!("back done={}", truth(task.is_finished())));
        log.log(task.await.expect("it returns").expect_err("it fails"));
    }
    log.log("== nested descend");
    nest(log.clone(), 0).await;
}

#[test]
fn descend_and_start() {
    let log = Trace::new();
    Executor::run(main(&log));
    compare("27_descend_start", &log.take(), &[]);
}
