use crate::{
    compare::{Difference, compare_at_some_pace},
    python::truth,
};
use asynkit::{Executor, InterruptExt as _, InterruptKind, sleep, spawn, throw_when, yield_now};
use asynkit_tests::Trace;
use futures::future::join_all;
use std::time::Duration;

const ITS_OWN: &str = "a timeout in an eager part is the task's own from the start: the limitation is gone";

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "parent's own sleep got CancelledError (wrong)\nt no timeout\ntask result t",
        "t TimeoutError (right)\nparent slept undisturbed\ntask result t",
        ITS_OWN,
    ),
    (
        "A CancelledError (wrong)\nB CancelledError (wrong)\nC TimeoutError (right)\ngather CancelledError",
        "A TimeoutError (right)\nB TimeoutError (right)\nC TimeoutError (right)\ngather ['A', 'B', 'C']",
        ITS_OWN,
    ),
];

/// A timeout of 10 ms, or longer, around a sleep that is longer still: what `task_timeout` is built of.
async fn timed(limit: Duration) -> Result<(), &'static str> {
    let slow = async { sleep(Duration::from_secs(3600)).interruptible().await };
    match throw_when(sleep(limit), InterruptKind::Timeout, slow).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err("TimeoutError (right)"),
    }
}

async fn op(log: Trace, name: &'static str, first_yield: bool, limit: Duration) -> &'static str {
    if first_yield {
        yield_now().await;
    }
    match timed(limit).await {
        Ok(()) => log.log(format!("{name} no timeout")),
        Err(error) => log.log(format!("{name} {error}")),
    }
    name
}

async fn busy(log: Trace, first_yield: bool, limit: Duration) {
    let task = spawn(op(log.clone(), "t", first_yield, limit));
    sleep(limit * 3).await;
    log.log("parent slept undisturbed");
    log.log(format!("task result {}", task.await.expect("it returns")));
}

async fn three(log: Trace, first_yield: bool, limit: Duration) {
    let tasks: Vec<_> = ["A", "B", "C"].map(|name| spawn(op(log.clone(), name, first_yield, limit))).into();
    let names = join_all(tasks).await.into_iter().map(|name| format!("'{}'", name.expect("it returns")));
    log.log(format!("gather [{}]", names.collect::<Vec<_>>().join(", ")));
}

async fn awaits(log: Trace, first_yield: bool, limit: Duration) {
    let value = spawn(op(log.clone(), "t", first_yield, limit)).await.expect("it returns");
    log.log(format!("parent got {value}"));
    log.log(format!("task result {value}"));
}

async fn group(log: Trace) {
    log.log("== TaskGroup.create_task with the eager factory, child suspends");
    let child = |name: &'static str| {
        let log = log.clone();
        async move {
            log.log(format!("{name} start"));
            yield_now().await;
            log.log(format!("{name} end"));
        }
    };
    let a = spawn(child("a"));
    log.log("created a");
    let b = spawn(child("b"));
    log.log("created b");
    join_all([a, b]).await;
    log.log("group left");
}

#[test]
fn a_timeout_in_an_eager_part() {
    compare_at_some_pace("42_eager_timeout_limitation", ours, DIFFERENCES);
}

fn ours(factor: u32) -> String {
    let (log, limit) = (Trace::new(), Duration::from_millis(10) * factor);
    let run = |main: std::pin::Pin<Box<dyn Future<Output = ()>>>| {
        Executor::builder().eager_tasks(true).build().block_on(main);
    };
    for first_yield in [false, true] {
        log.log(format!("== parent busy, sleep(0) first={}", truth(first_yield)));
        run(Box::pin(busy(log.clone(), first_yield, limit)));
        log.log(format!("== gather of three, sleep(0) first={}", truth(first_yield)));
        run(Box::pin(three(log.clone(), first_yield, limit)));
    }
    log.log("== parent awaits the task");
    run(Box::pin(awaits(log.clone(), false, limit)));
    log.log("== with sleep(0) first");
    run(Box::pin(awaits(log.clone(), true, limit)));
    let told = log.clone();
    run(Box::pin(async move {
        let outcome = spawn(timed(limit)).await.expect("it returns");
        told.log(format!("wait_for: {}", outcome.expect_err("it is too slow")));
    }));
    run(Box::pin(group(log.clone())));
    log.take()
}
