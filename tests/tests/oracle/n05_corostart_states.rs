use crate::{
    asyncio::{Raised, run, sleep0},
    compare::{Difference, compare},
};
use asynkit::{Coro, CoroStart, InterruptExt as _};
use asynkit_tests::Trace;
use futures::FutureExt as _;
use std::{cell::Cell, panic::AssertUnwindSafe, pin::Pin};

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "result -> InvalidStateError: CoroStart: coroutine not done()",
        "result -> None",
        "`result` is an `Option`",
    ),
    (
        "result again -> InvalidStateError: CoroStart: coroutine not done()",
        "result again -> None",
        "`result` is an `Option`",
    ),
    (
        "exception -> InvalidStateError: CoroStart: coroutine not done()",
        "exception -> None",
        "`error` is an `Option`",
    ),
    (
        "as_future -> RuntimeError: CoroStart: coroutine not done()",
        "as_future -> Err(the CoroStart)",
        "what cannot be converted comes back",
    ),
    (
        "await 2 -> RuntimeError: cannot reuse already awaited coroutine",
        "await 2 -> panic",
        "awaiting takes the `CoroStart`; only through `&mut` can it be awaited again, and then it panics as any finished \
         future",
    ),
    (
        "result after await -> InvalidStateError: CoroStart: coroutine not done()",
        "result after await -> None",
        "`result` is an `Option`",
    ),
    (
        "await closed -> RuntimeError: cannot reuse already awaited coroutine",
        "await closed -> panic",
        "it has finished, as above",
    ),
    (
        "close -> RuntimeError: coroutine ignored GeneratorExit\ndone=False pending=False continued=True",
        "close -> Err(Ignored)\ndone=False pending=True continued=False",
        "a typed error; the coroutine lives on and can still be awaited",
    ),
];

type Start<F> = CoroStart<Box<Coro<F>>>;
type Body = Pin<Box<dyn Future<Output = Result<&'static str, Raised>>>>;
type Make = fn() -> Body;

pub(crate) fn states<F: Future>(cs: &Start<F>) -> String {
    let python = |is: bool| if is { "True" } else { "False" };
    format!(
        "done={} pending={} continued={}",
        python(cs.is_done()),
        python(cs.is_pending()),
        python(cs.is_continued())
    )
}

pub(crate) fn outcome(value: &Result<&str, Raised>) -> String {
    match value {
        Ok(value) => format!("'{value}'"),
        Err(raised) => raised.to_string(),
    }
}

/// Awaits; a panic is logged where Python has an exception.
pub(crate) async fn attempt<T>(
    log: &Trace,
    label: &str,
    future: impl Future<Output = T>,
    show: impl FnOnce(&T) -> String,
) {
    let value = AssertUnwindSafe(future).catch_unwind().await;
    let line = value.map_or("panic".into(), |value| show(&value));
    log.log(format!("{label} -> {line}"));
}

const BODIES: [(&str, Make); 4] = [
    ("ret", || Box::pin(async { Ok("v") })),
    ("boom", || Box::pin(async { Err(Raised("ValueError", "boom")) })),
    ("susp", || {
        Box::pin(async {
            sleep0().await;
            Ok("s")
        })
    }),
    ("susp_boom", || {
        Box::pin(async {
            sleep0().await;
            Err(Raised("ValueError", "late"))
        })
    }),
];

async fn predicates_and_results(log: &Trace) {
    for (name, body) in BODIES {
        log.log(format!("== {name}"));
        let mut cs = CoroStart::boxed(body());
        log.log(states(&cs));
        let result = |cs: &Start<Body>| cs.result().map_or("None".into(), outcome);
        log.log(format!("result -> {}", result(&cs)));
        log.log(format!("result again -> {}", result(&cs)));
        let exception = cs.error().map_or("None".into(), |e| format!("{}('{}')", e.0, e.1));
        log.log(format!("exception -> {exception}"));
        let (as_future, as_awaitable) = match CoroStart::boxed(body()).as_future() {
            Ok(_) => ("'Future'", "Future"),
            Err(_) => ("Err(the CoroStart)", "self"),
        };
        log.log(format!("as_future -> {as_future}"));
        log.log(format!("as_awaitable is {as_awaitable}"));
        attempt(log, "await 1", &mut cs, outcome).await;
        log.log(states(&cs));
        attempt(log, "await 2", &mut cs, outcome).await;
        log.log(format!("result after await -> {}", result(&cs)));
        log.log(states(&cs));
    }
}

async fn close(log: &Trace) {
    let closed = |result| if result == Ok(()) { "None".into() } else { format!("{result:?}") };
    log.log("== close pending");
    let seen = Cell::new(0);
    let mut cs = CoroStart::boxed(async {
        let told = sleep0().interruptible().await;
        seen.set(seen.get() + usize::from(told.is_err()));
        told
    });
    log.log(format!("close -> {}", closed(cs.close())));
    log.log(format!("saw GeneratorExit {} {}", seen.get(), states(&cs)));
    log.log(format!("close again -> {}", closed(cs.close())));
    attempt(log, "await closed", &mut cs, |_| "a value".into()).await;

    log.log("== close done");
    let mut cs = CoroStart::boxed(async { "v" });
    log.log(format!("close -> {}", closed(cs.close())));
    log.log(states(&cs));
    attempt(log, "await closed", &mut cs, |_| "a value".into()).await;

    log.log("== close pending that awaits in cleanup");
    let mut cs = CoroStart::boxed(async {
        let told = sleep0().interruptible().await;
        log.log("cleanup 1");
        sleep0().await;
        log.log("cleanup 2");
        told
    });
    log.log(format!("close -> {}", closed(cs.close())));
    log.log(states(&cs));
}

#[test]
fn corostart_states() {
    let log = Trace::new();
    run(async {
        predicates_and_results(&log).await;
        close(&log).await;
    });
    compare("05_corostart_states", &log.take(), DIFFERENCES);
}
