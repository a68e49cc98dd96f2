use crate::{
    asyncio::Raised,
    compare::{Difference, compare_at_some_pace},
};
use asynkit::{
    Executor, Interrupt, InterruptExt as _, InterruptKind, TimedOut, sleep, spawn, task_timeout,
    try_task_timeout, yield_now,
};
use asynkit_tests::{OnDrop, Trace, point};
use futures::channel::oneshot;
use std::{cell::Cell, error::Error, future::Future, time::Duration};

const DIFFERENCES: &[Difference<'_>] = &[
    ("pass 1", "", "a limit of zero is over at the first suspension"),
    (
        "interrupted 2\ninterrupted 3\ncleanup sleep finished\ninterrupts 3\n-> 'left'",
        "interrupts 1001\n-> TimeoutError: ; cause=TimeoutInterrupt",
        "a stop is told at every point until the body ends; a loop that swallows it is cut off",
    ),
    (
        "hierarchy ['TimeoutInterrupt', 'InterruptException', 'CancelledError', 'BaseException']",
        "",
        "kinds have no hierarchy: `InterruptKind`",
    ),
];

type Failure = Box<dyn Error>;

const SOON: Duration = Duration::from_millis(10);
/// Where Python's scenario has a time that does not pass.
const LONG: Duration = Duration::from_secs(3600);

async fn run(log: &Trace, label: &str, f: impl Future<Output = Result<&'static str, Failure>>) {
    log.log(format!("== {label}"));
    log.log(match f.await {
        Ok(value) => format!("-> '{value}'"),
        Err(error) if error.is::<TimedOut>() => "-> TimeoutError: ; cause=TimeoutInterrupt".into(),
        Err(error) => {
            let Raised(kind, text) = error.downcast_ref().unwrap();
            format!("-> {kind}: {text}; cause=None")
        }
    });
}

async fn body(log: &Trace, limit: Option<Duration>, time: Duration) -> Result<&'static str, Failure> {
    match task_timeout(limit, sleep(time)).await {
        Ok(()) => {
            log.log("slept");
            Ok("ok")
        }
        Err(_late) => {
            log.log("TimeoutError from TimeoutInterrupt");
            Ok("timed out")
        }
    }
}

/// `asyncio.sleep`, which can be interrupted.
async fn sleeps(time: Duration) -> Result<(), Interrupt> {
    sleep(time).interruptible().await
}

async fn simple(log: &Trace) {
    for (label, limit, time) in [
        ("timeout=0.01 sleep=0.1", Some(SOON), LONG),
        ("timeout=0.1 sleep=0.01", Some(LONG), SOON),
        ("timeout=None sleep=0.01", None, SOON),
        ("timeout=0 sleep=0.05", Some(Duration::ZERO), LONG),
        ("timeout=-1 sleep=0.05", Some(Duration::ZERO), LONG),
    ] {
        run(log, label, body(log, limit, time)).await;
    }
    run(log, "body without suspension", async {
        task_timeout(Duration::ZERO, async { log.log("no suspension") }).await?;
        Ok("no timeout")
    })
    .await;
    run(log, "timeout 0 with sleep(0)s", async {
        let passes = async {
            for i in 0..3 {
                yield_now().await;
                log.log(format!("pass {i}"));
            }
        };
        task_timeout(Duration::ZERO, passes).await?;
        Ok("finished")
    })
    .await;
}

async fn nested(log: &Trace, soon: Duration) {
    run(log, "nested, outer first", async {
        let outer: Result<(), Failure> = try_task_timeout(SOON, async {
            match task_timeout(LONG, sleeps(LONG)).await {
                Ok(told) => {
                    told.inspect_err(|_| log.log("inner sees the outer's TimeoutInterrupt pass through"))?;
                }
                Err(_late) => log.log("WRONG inner TimeoutError"),
            }
            Ok(())
        })
        .await;
        assert!(outer.unwrap_err().is::<TimedOut>());
        log.log("outer TimeoutError");
        Ok("outer")
    })
    .await;
    run(log, "nested, inner first, outer does not fire", async {
        let outer = task_timeout(LONG, async {
            let inner: Result<(), Failure> = try_task_timeout(SOON, async { Ok(sleeps(LONG).await?) }).await;
            assert!(inner.unwrap_err().is::<TimedOut>());
            log.log("inner TimeoutError");
            sleep(SOON).await;
            log.log("outer body goes on");
        });
        outer.await?;
        Ok("outer ok")
    })
    .await;
    run(log, "nested, both fire in turn", async {
        let outer: Result<(), Failure> = try_task_timeout(soon * 2, async {
            assert!(task_timeout(soon, sleep(LONG)).await.is_err());
            log.log("inner TimeoutError");
            Ok(sleeps(LONG).await?)
        })
        .await;
        assert!(outer.unwrap_err().is::<TimedOut>());
        log.log("outer TimeoutError");
        Ok("both")
    })
    .await;
}

async fn errors(log: &Trace) {
    run(log, "body raises", async {
        try_task_timeout(LONG, async { Err(Failure::from(Raised("ValueError", "body"))) }).await
    })
    .await;
    run(log, "body swallows the interrupt", async {
        let swallows = async {
            let _swallowed = sleeps(LONG).await;
            log.log("body swallows TimeoutInterrupt");
        };
        task_timeout(SOON, swallows).await?;
        Ok("no TimeoutError")
    })
    .await;
    run(log, "body catches and keeps suspending: up to 3 interrupts", async {
        let n = Cell::new(0);
        let body = async {
            let _finally = OnDrop(|| log.log(format!("interrupts {}", n.get())));
            while sleeps(LONG).await.is_err() {
                n.set(n.get() + 1);
                if n.get() == 1 {
                    log.log("interrupted 1"); // and so on
                }
            }
        };
        task_timeout(SOON, body).await?;
        Ok("left")
    })
    .await;
}

#[test]
fn n40_timeout() {
    compare_at_some_pace("40_timeout", ours, DIFFERENCES);
}

fn ours(factor: u32) -> String {
    let log = &Trace::new();
    Executor::run(async {
        simple(log).await;
        nested(log, SOON * factor).await;
        errors(log).await;
        run(log, "awaited task is not cancelled", async {
            let (open, gate) = oneshot::channel::<()>();
            let mut inner = spawn(async {
                gate.await.unwrap();
                "inner ok"
            });
            assert!(task_timeout(SOON, &mut inner).await.is_err());
            log.log(format!(
                "TimeoutError; inner task done={}",
                if inner.is_finished() { "True" } else { "False" }
            ));
            open.send(()).unwrap();
            Ok(inner.await?)
        })
        .await;
        log.log("== cancelled from outside");
        let inside = log.clone();
        let t = spawn(async move {
            let told = task_timeout(LONG, point()).await.expect("it is not late").unwrap_err();
            let is_timeout = if told.kind() == InterruptKind::Timeout { "True" } else { "False" };
            inside.log(format!("CancelledError isTimeoutInterrupt={is_timeout}"));
            told.kind()
        });
        yield_now().await;
        t.cancel();
        assert_eq!(t.await.unwrap(), InterruptKind::Cancel);
        log.log("CancelledError");
    });
    log.take()
}
