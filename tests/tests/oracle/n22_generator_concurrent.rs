use crate::{
    asyncio::{run, sleep0},
    compare::{Difference, compare},
};
use asynkit::{AsyncGenerator, GeneratorObject, Interrupt, InterruptKind, generator::RawGenerator};
use asynkit_tests::{OnDrop, Trace};
use std::pin::Pin;

const ONE_CALL: &str = "a call borrows the generator: a second one beside it does not compile";
const DIFFERENCES: &[Difference<'_>] = &[
    ("b asend -> RuntimeError: asend(): asynchronous generator is already running", "", ONE_CALL),
    ("b athrow -> RuntimeError: athrow(): asynchronous generator is already running", "", ONE_CALL),
    ("b aclose -> RuntimeError: aclose(): asynchronous generator is already running", "", ONE_CALL),
    (
        "dropped\ngen GeneratorExit",
        "gen dropped\ndropped",
        "dropping drops the body, at once; nobody closes it later (await `aclose` for that)",
    ),
];

type Items<'a> = Pin<
    Box<
        dyn RawGenerator<
                Item = &'static str,
                Resume = Result<Option<&'static str>, Interrupt>,
                Return = Result<(), Interrupt>,
            > + 'a,
    >,
>;

fn make(log: &Trace, tells_drop: bool) -> Items<'_> {
    let g = GeneratorObject::<&'static str, Option<&'static str>>::resumable();
    Box::pin(g.clone().iterate(async move {
        let _dropped = OnDrop(|| {
            if tells_drop {
                log.log("gen dropped");
            }
        });
        loop {
            sleep0().await;
            match g.ayield("v").await {
                Ok(None) => return Ok(()),
                Ok(Some(_)) => {}
                Err(told) => {
                    assert_eq!(told.kind(), InterruptKind::Close);
                    log.log("gen GeneratorExit");
                    return Err(told);
                }
            }
        }
    }))
}

#[test]
fn n22_generator_concurrent() {
    let log = &Trace::new();
    run(async {
        for _opn in ["asend", "athrow", "aclose"] {
            let mut it = make(log, false);
            it.as_mut().anext().await.unwrap();
            let a = it.as_mut().asend(Some("A")).await.unwrap();
            log.log(format!("a -> '{}'", a.unwrap()));
            if it.as_mut().asend(None).await.unwrap().is_none() {
                log.log("finished");
            }
        }
        log.log("== drop while suspended: the loop's finalizer hook closes it in a new task");
        let mut it = make(log, true);
        it.as_mut().anext().await.unwrap();
        log.log("dropping");
        drop(it);
        log.log("dropped");
        sleep0().await;
        log.log("later");
        // No loop knows its generators here: whoever shuts down closes his own.
        log.log("== shutdown_asyncgens");
        let mut it = make(log, false);
        it.as_mut().anext().await.unwrap();
        it.as_mut().aclose().await.unwrap();
        log.log("shut down");
        if it.as_mut().anext().await.is_none() {
            log.log("closed");
        }
    });
    compare("22_generator_concurrent", &log.take(), DIFFERENCES);
}
