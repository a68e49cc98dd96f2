use crate::{
    compare::{Difference, compare},
    python::truth,
};
use asynkit::{
    Cancellable, Executor, InterruptExt as _, Task, TaskError, TaskRef, cancelling, eager_ctx, sleep, spawn,
    yield_now,
};
use asynkit_tests::Trace;
use std::time::Duration;

const NO_MESSAGE: &str = "a cancel has no message";
const NO_FUTURES: &str = "a future that nobody runs has nothing to cancel: `cancelling` is for tasks";
const OWNED: &str =
    "the guard owns its task: what it ends with is awaited through the guard, or told by the task itself";

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "t1 cancelled args=('msg',)\nt1 -> CancelledError args=('msg',)",
        "t1 cancelled args=()\nt1 -> CancelledError args=()",
        NO_MESSAGE,
    ),
    (
        "future cancelled=False\nfuture cancelled=True\nfuture -> CancelledError args=('hello',)",
        "",
        NO_FUTURES,
    ),
    (
        "e1 -> CancelledError args=()",
        "e1 cancelled args=()",
        "an eager task is cancelled where it waits, and told",
    ),
    ("e2 cancelled args=('bye',)\ne2 -> CancelledError args=('bye',)", "e2 cancelled args=()", OWNED),
];

/// As long as somebody waits for it, and for ever.
const SOON: Duration = Duration::from_millis(10);
const LONG: Duration = Duration::from_secs(3600);

/// Tells of a cancel, and ends with it.
async fn work(log: Trace, name: &'static str, time: Duration) -> Result<&'static str, &'static str> {
    log.log(format!("{name} start"));
    match sleep(time).interruptible().await {
        Ok(()) => {
            log.log(format!("{name} end"));
            Ok(name)
        }
        Err(_cancel) => {
            log.log(format!("{name} cancelled args=()"));
            Err("CancelledError args=()")
        }
    }
}

async fn result(log: &Trace, label: &str, task: Task<Result<&'static str, &'static str>>) {
    match task.await {
        Ok(Ok(value)) => log.log(format!("{label} -> {value}")),
        Ok(Err(error)) => log.log(format!("{label} -> {error}")),
        Err(TaskError::Cancelled) => log.log(format!("{label} -> CancelledError args=()")),
        Err(error) => panic!("{error}"),
    }
}

/// A target that somebody else awaits.
struct Target(TaskRef);

impl Cancellable for Target {
    fn cancel(&self) -> bool {
        self.0.cancel()
    }
}

async fn cancellings(log: &Trace) {
    let task = spawn(work(log.clone(), "t1", LONG));
    {
        let _guard = cancelling(Target(*task));
        yield_now().await;
        log.log("leaving");
    }
    log.log(format!("left done={} cancelled=False", truth(task.is_finished())));
    result(log, "t1", task).await;
    {
        let mut guard = cancelling(spawn(work(log.clone(), "t2", SOON)));
        let value = (&mut guard).await.expect("it returns").expect("nobody cancels it");
        log.log(format!("awaited inside {value}"));
        log.log(format!("cancelled={}", truth(!guard.is_finished())));
    }
    let task = spawn(work(log.clone(), "never-started", LONG));
    drop(cancelling(Target(*task)));
    result(log, "never-started", task).await;
    let task = spawn(work(log.clone(), "t3", LONG));
    let body: Result<(), &str> = async {
        let _guard = cancelling(Target(*task));
        yield_now().await;
        Err("body")
    }
    .await;
    log.log(format!("body error propagates {}", body.expect_err("it fails")));
    result(log, "t3", task).await;
}

async fn eager_ctxs(log: &Trace) {
    log.log("== eager_ctx");
    let task = {
        let guard = eager_ctx(work(log.clone(), "e1", LONG));
        log.log("in body");
        **guard.task().expect("it waits")
    };
    log.log(format!("left done={}", truth(task.is_finished())));
    yield_now().await;
    assert!(task.is_finished());
    {
        let _guard = eager_ctx(work(log.clone(), "e2", LONG));
        log.log("in body");
        yield_now().await;
    }
    yield_now().await;
    {
        let guard = eager_ctx(work(log.clone(), "e3", SOON));
        log.log(format!("awaited {}", guard.await.expect("nobody cancels it")));
    }
    let guard = eager_ctx(async { "quick" });
    log.log(format!("done at start {}", truth(guard.is_finished())));
    log.log(format!("quick -> {}", guard.await));
}

#[test]
fn cancelling_and_eager_ctx() {
    let log = Trace::new();
    Executor::run(async {
        cancellings(&log).await;
        eager_ctxs(&log).await;
    });
    compare("14_cancelling", &log.take(), DIFFERENCES);
}
