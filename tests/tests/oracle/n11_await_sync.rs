use crate::{
    asyncio::{Raised, run},
    compare::{Difference, compare},
};
use asynkit::{Interrupt, InterruptExt as _, SynchronousError, asyncfunction, await_sync};
use asynkit_tests::{OnDrop, Trace};
use std::{
    error::Error,
    fmt::Debug,
    future::{pending, ready},
};

const NO_CAUSE: &str = "the error says what it met, and has no cause";
const DIFFERENCES: &[Difference<'_>] = &[
    (
        "blocks -> SynchronousError: coroutine failed to complete synchronously; cause=SynchronousAbort",
        "blocks -> SynchronousError: the future can never be woken: nobody keeps its waker",
        NO_CAUSE,
    ),
    (
        "cleanup -> SynchronousError: coroutine failed to complete synchronously; cause=RuntimeError",
        "cleanup -> SynchronousError: the future can never be woken: nobody keeps its waker",
        NO_CAUSE,
    ),
    (
        "swallow -> SynchronousError: coroutine failed to complete synchronously (caught BaseException); cause=None",
        "swallow -> 'went on'",
        "a future that returns has decided not to block, and its value counts (as in 0.19)",
    ),
    (
        "sees -> SynchronousError: coroutine failed to complete synchronously; cause=SynchronousAbort",
        "sees -> Err(Interrupt(SyncAbort))",
        "what it returns is its value, the abort too",
    ),
    (
        "translate -> SynchronousError: coroutine failed to complete synchronously; cause=KeyError",
        "translate -> KeyError: translated; cause=None",
        "what it returns is its value, another error too",
    ),
    (
        "stubborn -> SynchronousError: coroutine failed to complete synchronously; cause=RuntimeError",
        "stubborn -> SynchronousError: the future can never be woken: nobody keeps its waker",
        NO_CAUSE,
    ),
    (
        "SynchronousError is RuntimeError: True; SynchronousAbort is Exception: False",
        "SynchronousError is Error: True; SyncAbort is a kind of Interrupt: True",
        "traits and kinds instead of classes",
    ),
    (
        "inside a running loop blocks -> SynchronousError: coroutine failed to complete synchronously; cause=SynchronousAbort",
        "inside a running loop blocks -> SynchronousError: the future can never be woken: nobody keeps its waker",
        NO_CAUSE,
    ),
];

/// `repr()` of what the scenarios return.
pub(crate) fn repr(value: &impl Debug) -> String {
    format!("{value:?}").replace('"', "'").replace("true", "True").replace("false", "False")
}

/// What the scenario's `tryf` prints of a value, of the future's own error, and of the drive's.
pub(crate) fn outcome<T: Debug>(driven: Result<Result<T, Raised>, SynchronousError>) -> String {
    match driven {
        Ok(Ok(value)) => repr(&value),
        Ok(Err(raised)) => format!("{raised}; cause=None"),
        Err(error) => blocked(&error),
    }
}

/// The first line of the report, which is without paths.
pub(crate) fn blocked(error: &SynchronousError) -> String {
    let text = error.to_string();
    format!("SynchronousError: {}", text.lines().next().unwrap_or_default())
}

/// A suspension; in 0.17.6 `sleep(0)` is like any other.
fn suspend() -> impl Future<Output = ()> {
    pending()
}

type Outcome = Result<&'static str, Raised>;

fn simple() -> impl Future<Output = Outcome> {
    ready(Ok("simple"))
}

async fn blocks() -> Outcome {
    suspend().await;
    Ok("never")
}

async fn cleanup(log: &Trace) -> Outcome {
    let _told = suspend().interruptible().await;
    log.log("cleanup begins");
    suspend().await;
    log.log("cleanup ends");
    Ok("never")
}

async fn swallow(log: &Trace) -> Outcome {
    if suspend().interruptible().await.is_err() {
        log.log("swallowed SynchronousAbort");
    }
    Ok("went on")
}

async fn sees(log: &Trace) -> Result<(), Interrupt> {
    let told = suspend().interruptible().await;
    if let Err(told) = &told {
        log.log(format!("abort is Exception: {}", repr(&told.is::<Raised>())));
    }
    told
}

async fn translate() -> Outcome {
    suspend().interruptible().await.map_err(|_| Raised("KeyError", "translated"))?;
    Ok("never")
}

async fn stubborn(log: &Trace) -> Outcome {
    let _dropped = OnDrop(|| log.log("stubborn GeneratorExit"));
    if suspend().interruptible().await.is_err() {
        log.log("stubborn ignores SynchronousAbort");
    }
    suspend().await;
    Ok("never")
}

async fn nested() -> Outcome {
    match await_sync(simple()) {
        Ok(Ok("simple")) => simple().await.map(|_| "simple+nested"),
        _ => Ok("failed"),
    }
}

fn needs_loop() -> impl Future<Output = Outcome> {
    let handle = tokio::runtime::Handle::try_current();
    ready(handle.map(|_| "a loop").map_err(|_| Raised("RuntimeError", "no running event loop")))
}

#[test]
fn n11_await_sync() {
    let log = Trace::new();
    let tryf = |label: &str, text: String| log.log(format!("{label} -> {text}"));
    tryf("simple", outcome(await_sync(simple())));
    tryf("boom", outcome(await_sync(ready(Outcome::Err(Raised("ValueError", "boom"))))));
    tryf("blocks", outcome(await_sync(blocks())));
    tryf("cleanup", outcome(await_sync(cleanup(&log))));
    tryf("swallow", outcome(await_sync(swallow(&log))));
    tryf("sees", repr(&await_sync(sees(&log)).unwrap()));
    tryf("translate", outcome(await_sync(translate())));
    tryf("stubborn", outcome(await_sync(stubborn(&log))));
    tryf("nested", outcome(await_sync(nested())));
    tryf("needs_loop", outcome(await_sync(needs_loop())));
    let sf = |a: u32, b: u32| await_sync(async move { Ok(a + b) });
    tryf("syncfunction", outcome(sf(1, 2)));
    let af = asyncfunction(|a: u32| {
        log.log("af runs");
        Ok(a * 2)
    });
    let c = af(21);
    log.log("asyncfunction called");
    tryf("await asyncfunction", outcome(await_sync(c)));
    let error = await_sync(blocks()).unwrap_err();
    let is_error = (&error as &dyn Error).is::<SynchronousError>();
    let told = await_sync(async { suspend().interruptible().await.unwrap_err() }).unwrap();
    let is_interrupt = (&told as &dyn Error).is::<Interrupt>();
    log.log(format!(
        "SynchronousError is Error: {}; SyncAbort is a kind of Interrupt: {}",
        repr(&is_error),
        repr(&is_interrupt)
    ));
    run(async {
        log.log(format!("inside a running loop: {}", await_sync(simple()).unwrap().unwrap()));
        tryf("inside a running loop blocks", outcome(await_sync(blocks())));
    });
    compare("11_await_sync", &log.take(), DIFFERENCES);
}
