use crate::{
    compare::{Difference, compare},
    python::truth,
};
use asynkit::{Cancellable, Executor, InterruptExt as _, TaskError, eager, sleep, spawn, yield_now};
use asynkit_tests::{OnDrop, Trace};
use std::time::Duration;

const SEEN: &str =
    "a cancel before the first resumption is told like any other: the coroutine has begun to wait";

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "eager/0 awaiter CancelledError\neager/0 released",
        "eager/0 sees CancelledError\neager/0 finally\neager/0 awaiter CancelledError\neager/0 released",
        SEEN,
    ),
    ("eager/0 sees GeneratorExit\neager/0 finally", "", SEEN),
];

async fn work(log: Trace, name: String) -> Result<(), &'static str> {
    log.log(format!("{name} start"));
    // It is cancelled before, however slow the machine is.
    let told = sleep(Duration::from_secs(3600)).interruptible().await;
    let _finally = OnDrop(|| log.log(format!("{name} finally")));
    match told {
        Ok(()) => {
            log.log(format!("{name} end"));
            Ok(())
        }
        Err(_cancel) => {
            log.log(format!("{name} sees CancelledError"));
            Err("CancelledError")
        }
    }
}

async fn awaited(
    log: &Trace,
    name: &str,
    joined: impl Future<Output = Result<Result<(), &'static str>, TaskError>>,
) {
    match joined.await {
        Ok(Err(_)) | Err(TaskError::Cancelled) => log.log(format!("{name} awaiter CancelledError")),
        other => panic!("{other:?}"),
    }
    log.log(format!("{name} released"));
}

async fn main(log: &Trace) {
    for passes in 0..3 {
        let name = format!("eager/{passes}");
        let future = eager(work(log.clone(), name.clone()));
        for _ in 0..passes {
            yield_now().await;
        }
        log.log(format!("{name} cancel -> {}", truth(future.cancel())));
        awaited(log, &name, future.join()).await;

        let name = format!("task/{passes}");
        let task = spawn(work(log.clone(), name.clone()));
        for _ in 0..passes {
            yield_now().await;
        }
        log.log(format!("{name} cancel -> {}", truth(task.cancel())));
        awaited(log, &name, task).await;
    }
}

#[test]
fn eager_cancelled_early() {
    let log = Trace::new();
    Executor::run(main(&log));
    compare("23_eager_cancel_early", &log.take(), DIFFERENCES);
}
