use crate::{compare::compare, python::list};
use asynkit::{Eager, Executor, eager, sleep, spawn};
use asynkit_tests::Trace;
use futures::{
    FutureExt as _,
    future::{LocalBoxFuture, join_all},
};
use std::time::Duration;

async fn child(log: Trace, n: u64, ms: u64) -> u64 {
    log.log(format!("child{n} start"));
    sleep(Duration::from_millis(ms)).await;
    log.log(format!("child{n} end"));
    n
}

async fn caller(
    log: &Trace,
    label: &str,
    convert: fn(LocalBoxFuture<'static, u64>) -> LocalBoxFuture<'static, u64>,
) {
    log.log(format!("== {label}"));
    log.log("a");
    let future = convert(child(log.clone(), 1, 20).boxed_local());
    log.log("b");
    sleep(Duration::from_millis(10)).await;
    log.log("c");
    log.log(format!("result {}", future.await));
}

async fn main(log: &Trace) {
    caller(log, "plain", |future| future).await;
    let spawned = |future| spawn(future).map(|joined| joined.expect("it returns")).boxed_local();
    caller(log, "create_task", spawned).await;
    caller(log, "eager", |future| eager(future).boxed_local()).await;
    log.log("== gather of eagers");
    let started: Vec<Eager<u64>> = (0..3).map(|i| eager(child(log.clone(), i, 30 - 10 * i))).collect();
    log.log("created");
    let gathered: Vec<_> = join_all(started).await.iter().map(u64::to_string).collect();
    log.log(format!("gather {}", list(&gathered)));
}

#[test]
fn eager_order() {
    let log = Trace::new();
    Executor::run(main(&log));
    compare("01_eager_order", &log.take(), &[]);
}
