use crate::{
    asyncio::{Raised, run, sleep0},
    compare::{Difference, compare},
};
use asynkit::{
    CoroState as _, CoroStatus, IgnoredClose, Interrupt, InterruptExt as _, InterruptKind, Monitor, Step,
    shield,
};
use asynkit_tests::{OnDrop, Trace, poll_once};
use std::pin::pin;

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "athrow unhandled -> EOFError: u",
        "athrow unhandled -> Err(EOFError: u)",
        "the error that the coroutine returns is its value",
    ),
    (
        "athrow into a new coroutine -> EOFError: new\n\
         await it afterwards -> RuntimeError: cannot reuse already awaited coroutine",
        "athrow into a new coroutine -> the error comes back: EOFError: new\nawait it afterwards -> Finished",
        "an error that finds nobody comes back; a bound coroutine is dropped by it",
    ),
    (
        "await closed -> RuntimeError: cannot reuse already awaited coroutine",
        "await closed -> Finished",
        "its status tells; driving it would panic",
    ),
    (
        "aclose ignored -> RuntimeError: Monitor coroutine ignored GeneratorExit",
        "aclose ignored -> IgnoredClose",
        "a typed error; a further item has to come from within a `shield`",
    ),
    (
        "aclose raising other -> KeyError: 'other'",
        "aclose raising other -> None",
        "what a closed coroutine returns is dropped, an `Err` too",
    ),
    (
        "co cancelled\nawaiter gets oob 'during cancel' instead of CancelledError\nco resumes\n\
         continue -> CancelledError: \ntask -> 'awaiter done'\ntask.cancelled=False",
        "co dropped with its task",
        "cancelling a task drops it, and what it drives; no item can mask that",
    ),
];

type Outcome = Result<&'static str, Interrupt>;

fn shown(outcome: Outcome) -> String {
    match outcome {
        Ok(value) => format!("'{value}'"),
        Err(told) => format!("Err({})", text(&told)),
    }
}

fn text(told: &Interrupt) -> String {
    told.downcast_ref::<Raised>().map_or_else(|| told.to_string(), Raised::to_string)
}

#[test]
fn n18_monitor_throw_close() {
    let log = &Trace::new();
    run(async {
        let m = &Monitor::<&str, &'static str>::new();
        let mut c = m.bind(Box::pin(async {
            let told = m.oob("first").await.unwrap_err();
            log.log(format!("co caught {}", told.downcast_ref::<Raised>().unwrap().1));
            m.oob("recovered").await
        }));
        log.log(format!("start -> '{}'", c.start().await.unwrap()));
        let step = c.athrow(Raised("EOFError", "e")).await.unwrap();
        let item = step.oob().unwrap();
        log.log(format!("athrow handled by another oob -> OOBData: {item} data='{item}'"));
        log.log(format!("finish -> {}", shown(c.asend("fin").await.done().unwrap())));
        let mut c = m.bind(Box::pin(async {
            m.oob("").await.unwrap_err();
            sleep0().await;
            Ok("bar")
        }));
        c.start().await.unwrap();
        let Step::Done(value) = c.athrow(Raised("EOFError", "")).await.unwrap() else { panic!("it returns") };
        log.log(format!("athrow handled by await+return -> {}", shown(value)));
        let plain = || m.bind(Box::pin(async { m.oob("").await }));
        let mut c = plain();
        c.start().await.unwrap();
        let Step::Done(value) = c.athrow(Raised("EOFError", "u")).await.unwrap() else {
            panic!("it returns")
        };
        log.log(format!("athrow unhandled -> {}", shown(value)));
        let closed = |result: Result<(), IgnoredClose>| if result.is_ok() { "None" } else { "IgnoredClose" };
        log.log(format!("aclose finished -> {}", closed(c.aclose().await)));
        let mut c = plain();
        let back = c.athrow(Raised("EOFError", "new")).await.unwrap_err();
        log.log(format!("athrow into a new coroutine -> the error comes back: {}", text(&back)));
        log.log(format!("await it afterwards -> {:?}", c.status()));

        log.log("== aclose");
        let cl = || {
            m.bind(Box::pin(async {
                let told = m.oob("x").await;
                log.log("cleanup 1");
                sleep0().await;
                log.log("cleanup 2");
                told
            }))
        };
        let mut c = cl();
        c.start().await.unwrap();
        log.log(format!("aclose with awaiting cleanup -> {}", closed(c.aclose().await)));
        log.log(format!("aclose again -> {}", closed(c.aclose().await)));
        let mut c = cl();
        log.log(format!("aclose new (never runs) -> {}", closed(c.aclose().await)));
        assert_eq!(c.status(), CoroStatus::Finished);
        log.log(format!("await closed -> {:?}", c.status()));
        let mut c = m.bind(Box::pin(async {
            let told = m.oob("1").await.unwrap_err();
            assert_eq!(told.kind(), InterruptKind::Close);
            shield(m.oob("ignored it")).await.unwrap();
            log.log("ignore went on");
            "end"
        }));
        c.start().await.unwrap();
        log.log(format!("aclose ignored -> {}", closed(c.aclose().await)));
        log.log(format!("coroutine is still alive -> '{}'", c.asend("1").await.done().unwrap()));
        let mut c = m.bind(Box::pin(async { m.oob("1").await.map_or("swallowed", |_| "answered") }));
        c.start().await.unwrap();
        log.log(format!("aclose swallowed -> {}", closed(c.aclose().await)));
        let mut c = m.bind(Box::pin(async {
            let _ = m.oob("1").await;
            Err::<(), _>(Raised("KeyError", "'other'"))
        }));
        c.start().await.unwrap();
        log.log(format!("aclose raising other -> {}", closed(c.aclose().await)));

        log.log("== cancelling the awaiting task while the coroutine is in a real await");
        {
            let mut task = pin!(async {
                let mut c = pin!(async {
                    let _dropped = OnDrop(|| log.log("co dropped with its task"));
                    let told = std::future::pending::<()>().interruptible().await;
                    m.oob("during cancel").await.unwrap();
                    told
                });
                m.start(c.as_mut()).await.is_ok()
            });
            assert!(poll_once(task.as_mut()).is_pending());
        }
        assert!(!m.is_active());
    });
    compare("18_monitor_throw_close", &log.take(), DIFFERENCES);
}
