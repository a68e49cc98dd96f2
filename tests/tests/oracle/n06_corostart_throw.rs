use crate::{
    asyncio::{Raised, run, sleep0, thrown},
    compare::{Difference, compare},
    n05_corostart_states::{attempt, states},
};
use asynkit::{CoroStart, Interrupt, InterruptExt as _, ThrowError};
use asynkit_tests::Trace;

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "done=True pending=False continued=False",
        "done=False pending=False continued=True",
        "`throw` gives the value to its caller, so none is left to be taken",
    ),
    ("result after throw -> KeyError: 'k'", "result after throw -> None", "`throw` gave it to its caller"),
    (
        "throw ignored -> RuntimeError: coroutine ignored EOFError",
        "throw ignored -> Ignored: the coroutine took the error and suspended again",
        "a typed error",
    ),
    (
        "throw class ignored -> RuntimeError: coroutine ignored type",
        "throw class ignored -> Ignored: the coroutine took the error and suspended again",
        "a typed error (Python's text is a defect)",
    ),
    (
        "throw on done -> RuntimeError: cannot reuse already awaited coroutine\n\
         result now -> RuntimeError: cannot reuse already awaited coroutine",
        "throw on done -> Finished: the error comes back: EOFError: x\nresult now -> 'v'",
        "a typed error; the value of a coroutine that is done stays",
    ),
    (
        "throw -> RuntimeError: coroutine ignored EOFError",
        "throw -> Ignored: the coroutine took the error and suspended again",
        "a typed error",
    ),
    (
        "athrow on done -> RuntimeError: cannot reuse already awaited coroutine",
        "athrow on done -> the error comes back: ZeroDivisionError: ",
        "an error that finds nobody comes back",
    ),
    (
        "await after aclose -> RuntimeError: cannot reuse already awaited coroutine",
        "await after aclose -> panic",
        "it has finished: see 05",
    ),
    (
        "aclose raises other -> KeyError: 'other'",
        "aclose raises other -> None",
        "what a closed coroutine returns is dropped, an `Err` too; `athrow(Interrupt::close())` gives it",
    ),
];

type Outcome = Result<&'static str, Interrupt>;

async fn handler() -> Outcome {
    match sleep0().interruptible().await {
        Err(told) if Raised::is(&told, "ZeroDivisionError") => Ok("handled"),
        Err(told) => Err(told),
        Ok(()) => Ok("normal"),
    }
}

async fn cleanup(log: &Trace) -> Outcome {
    log.log("stage1");
    let mut told = sleep0().interruptible().await;
    if told.as_ref().is_err_and(|told| Raised::is(told, "ZeroDivisionError")) {
        log.log("caught ZDE");
        told = Ok(());
    }
    log.log("stage2");
    sleep0().await;
    log.log("stage3");
    told?;
    log.log("stage4");
    Ok("result")
}

#[expect(clippy::unused_async, reason = "the scenario has one that never waits")]
async fn ret() -> Outcome {
    Ok("v")
}

fn show(outcome: &Outcome) -> String {
    outcome.as_ref().map_or_else(thrown, |value| format!("'{value}'"))
}

/// What `throw` gave: in Python the value, or what was raised.
fn show_throw(thrown_in: Result<Outcome, ThrowError>) -> String {
    match thrown_in {
        Ok(outcome) => show(&outcome),
        Err(ThrowError::Interrupted(told)) => thrown(&told),
        Err(ThrowError::Finished(told)) => format!("Finished: the error comes back: {}", thrown(&told)),
        Err(ignored) => format!("Ignored: {ignored}"),
    }
}

fn show_athrow(done: bool) -> impl FnOnce(&Result<Outcome, Interrupt>) -> String {
    move |outcome| match outcome {
        Ok(outcome) => show(outcome),
        Err(told) if done => format!("the error comes back: {}", thrown(told)),
        Err(told) => thrown(told),
    }
}

fn show_aclose<E>(closed: &Result<(), E>) -> String {
    if closed.is_ok() { "None".into() } else { "IgnoredClose".into() }
}

fn throw(log: &Trace) {
    let mut cs = CoroStart::boxed(handler());
    log.log(format!("throw handled -> {}", show_throw(cs.throw(Raised("ZeroDivisionError", ""), 1))));
    log.log(states(&cs));
    let mut cs = CoroStart::boxed(handler());
    log.log(format!("throw unhandled -> {}", show_throw(cs.throw(Raised("KeyError", "'k'"), 1))));
    log.log(states(&cs));
    log.log(format!("result after throw -> {}", cs.result().map_or("None".into(), show)));

    let mut cs = CoroStart::boxed(cleanup(log));
    log.log(format!("throw ignored -> {}", show_throw(cs.throw(Raised("EOFError", "x"), 1))));
    log.log(states(&cs));
    log.log(format!("throw again -> {}", show_throw(cs.throw(Raised("EOFError", "y"), 1))));
    log.log(states(&cs));
    let mut cs = CoroStart::boxed(cleanup(log));
    log.log(format!("throw tries=2 -> {}", show_throw(cs.throw(Raised("EOFError", "x"), 2))));
    let mut cs = CoroStart::boxed(cleanup(log));
    log.log(format!("throw class ignored -> {}", show_throw(cs.throw(Raised("EOFError", ""), 1))));
    log.log(format!("close -> {}", cs.close().map_or("Ignored", |()| "None")));

    let mut cs = CoroStart::boxed(ret());
    log.log(format!("throw on done -> {}", show_throw(cs.throw(Raised("EOFError", "x"), 1))));
    log.log(format!("result now -> {}", cs.result().map_or("None".into(), show)));
}

async fn ignored_throw(log: &Trace) {
    log.log("== ignored throw then await continues the cleanup");
    let mut cs = CoroStart::boxed(cleanup(log));
    log.log(format!("throw -> {}", show_throw(cs.throw(Raised("EOFError", "x"), 1))));
    attempt(log, "await", cs, show).await;
}

async fn athrow(log: &Trace) {
    log.log("== athrow");
    let zero_division = Raised("ZeroDivisionError", "");
    let mut cs = CoroStart::boxed(handler());
    attempt(log, "athrow handled", cs.athrow(zero_division.clone()), show_athrow(false)).await;
    let mut cs = CoroStart::boxed(cleanup(log));
    attempt(log, "athrow cleanup handled", cs.athrow(zero_division.clone()), show_athrow(false)).await;
    let mut cs = CoroStart::boxed(cleanup(log));
    let slap = cs.athrow(Raised("RuntimeError", "slap"));
    attempt(log, "athrow cleanup unhandled", slap, show_athrow(false)).await;
    let mut cs = CoroStart::boxed(ret());
    attempt(log, "athrow on done", cs.athrow(zero_division), show_athrow(true)).await;
}

async fn aclose(log: &Trace) {
    log.log("== aclose");
    let mut cs = CoroStart::boxed(cleanup(log));
    attempt(log, "aclose pending", cs.aclose(), show_aclose).await;
    log.log(states(&cs));
    attempt(log, "aclose twice", cs.aclose(), show_aclose).await;
    attempt(log, "await after aclose", &mut cs, show).await;
    let mut cs = CoroStart::boxed(ret());
    attempt(log, "aclose done", cs.aclose(), show_aclose).await;
    log.log(states(&cs));
    attempt(log, "await after aclose of done", &mut cs, show).await;
    let mut swallow = CoroStart::boxed(async {
        let _told = sleep0().interruptible().await;
        "swallowed"
    });
    attempt(log, "aclose swallow", swallow.aclose(), show_aclose).await;
    let mut other = CoroStart::boxed(async {
        sleep0().interruptible().await.map_err(|_told| Raised("KeyError", "'other'"))
    });
    attempt(log, "aclose raises other", other.aclose(), show_aclose).await;
}

#[test]
fn corostart_throw() {
    let log = Trace::new();
    run(async {
        throw(&log);
        ignored_throw(&log).await;
        athrow(&log).await;
        aclose(&log).await;
    });
    compare("06_corostart_throw", &log.take(), DIFFERENCES);
}
