use crate::{compare::compare_at_some_pace, python::list};
use asynkit::{Eager, Executor, eager, sleep, spawn};
use asynkit_tests::Trace;
use futures::{
    FutureExt as _,
    future::{LocalBoxFuture, join_all},
};
use std::time::Duration;

async fn child(log: Trace, n: u64, time: Duration) -> u64 {
    log.log(format!("child{n} start"));
    sleep(time).await;
    log.log(format!("child{n} end"));
    n
}

async fn caller(
    log: &Trace,
    unit: Duration,
    label: &str,
    convert: fn(LocalBoxFuture<'static, u64>) -> LocalBoxFuture<'static, u64>,
) {
    log.log(format!("== {label}"));
    log.log("a");
    let future = convert(child(log.clone(), 1, unit * 2).boxed_local());
    log.log("b");
    sleep(unit).await;
    log.log("c");
    log.log(format!("result {}", future.await));
}

async fn main(log: &Trace, unit: Duration) {
    caller(log, unit, "plain", |future| future).await;
    let spawned = |future| spawn(future).map(|joined| joined.expect("it returns")).boxed_local();
    caller(log, unit, "create_task", spawned).await;
    caller(log, unit, "eager", |future| eager(future).boxed_local()).await;
    log.log("== gather of eagers");
    let started: Vec<Eager<u64>> =
        (0..3).map(|i| eager(child(log.clone(), i.into(), unit * (3 - i)))).collect();
    log.log("created");
    let gathered: Vec<_> = join_all(started).await.iter().map(u64::to_string).collect();
    log.log(format!("gather {}", list(&gathered)));
}

#[test]
fn eager_order() {
    let ours = |factor| {
        let log = Trace::new();
        Executor::run(main(&log, Duration::from_millis(10) * factor));
        log.take()
    };
    compare_at_some_pace("01_eager_order", ours, &[]);
}
