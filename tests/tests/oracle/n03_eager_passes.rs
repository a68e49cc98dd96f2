use crate::compare::{Difference, compare};
use asynkit::{Executor, eager, spawn, yield_now};
use asynkit_tests::Trace;
use futures::channel::oneshot;

const NO_EXTRA_PASS: &str =
    "an eager task is itself from its first instruction: its first resumption takes no extra pass";

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "main pass1\ntask step1\neager step1\nmain pass2\ntask end\neager end\nmain pass3",
        "eager step1\nmain pass1\ntask step1\neager end\nmain pass2\ntask end\nmain pass3",
        NO_EXTRA_PASS,
    ),
    ("main pass1\neager got 2\nmain pass2", "eager got 2\nmain pass1\nmain pass2", NO_EXTRA_PASS),
];

async fn worker(log: Trace, name: &str, steps: u32) {
    for i in 0..steps {
        log.log(format!("{name} step{i}"));
        yield_now().await;
    }
    log.log(format!("{name} end"));
}

async fn waiter(log: Trace, name: &str, future: oneshot::Receiver<u32>) {
    log.log(format!("{name} waits"));
    let got = future.await.expect("it is set");
    log.log(format!("{name} got {got}"));
}

async fn passes(log: &Trace, count: u32) {
    for i in 0..count {
        log.log(format!("main pass{i}"));
        yield_now().await;
    }
}

async fn main(log: &Trace) {
    log.log("== plain task and eager created in the same step");
    let task = spawn(worker(log.clone(), "task", 2));
    let started = eager(worker(log.clone(), "eager", 2));
    passes(log, 5).await;
    task.await.expect("it returns");
    started.await;

    log.log("== eager waiting on a future set before its task ran once");
    let ((set1, get1), (set2, get2)) = (oneshot::channel(), oneshot::channel());
    let task = spawn(waiter(log.clone(), "task", get1));
    yield_now().await;
    let started = eager(waiter(log.clone(), "eager", get2));
    set1.send(1).expect("it waits");
    set2.send(2).expect("it waits");
    passes(log, 4).await;
    task.await.expect("it returns");
    started.await;

    log.log("== eager waiting on a future set after its task ran once");
    let ((set1, get1), (set2, get2)) = (oneshot::channel(), oneshot::channel());
    let task = spawn(waiter(log.clone(), "task", get1));
    let started = eager(waiter(log.clone(), "eager", get2));
    yield_now().await;
    set2.send(2).expect("it waits");
    set1.send(1).expect("it waits");
    passes(log, 3).await;
    task.await.expect("it returns");
    started.await;
}

#[test]
fn eager_passes() {
    let log = Trace::new();
    Executor::run(main(&log));
    compare("03_eager_passes", &log.take(), DIFFERENCES);
}
