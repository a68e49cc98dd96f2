use crate::{
    asyncio::{run, sleep0},
    compare::{Difference, compare},
};
use asynkit::{Context, ContextVar, Coro, CoroStart, copy_context};
use asynkit_tests::Trace;
use futures::{channel::oneshot, join};

const DIFFERENCES: &[Difference<'_>] = &[(
    "start twice -> RuntimeError: CoroStart.start() can only be called once",
    "",
    "starting takes the `Deferred`: twice does not compile",
)];

static VAR: ContextVar<&str> = ContextVar::new().with_default(|| "unset");

fn python(is: bool) -> &'static str {
    if is { "True" } else { "False" }
}

#[expect(clippy::unused_async, reason = "the scenario has one that never waits")]
async fn ret(log: &Trace) -> u32 {
    log.log("run ret");
    1
}

async fn susp(log: &Trace) -> u32 {
    log.log("susp start");
    sleep0().await;
    log.log("susp end");
    2
}

async fn starts(log: &Trace) {
    let cs = CoroStart::deferred(Box::pin(Coro::new(ret(log))));
    log.log("constructed");
    let cs = cs.start();
    log.log(format!("start -> {}", python(cs.is_done())));
    log.log(format!("result -> {}", cs.result().expect("it is done")));
    let cs = CoroStart::deferred(Box::pin(Coro::new(susp(log))));
    log.log("constructed");
    let cs = cs.start();
    log.log(format!("start -> {}", python(cs.is_done())));
    log.log(cs.await.to_string());

    let cs = CoroStart::deferred(Box::pin(Coro::new(susp(log))));
    let (started, to_await) = oneshot::channel();
    let task = async { to_await.await.expect("it is started").await };
    log.log("task created before start");
    let main = async {
        assert!(started.send(cs.start()).is_ok());
        log.log("started");
    };
    log.log(join!(task, main).0.to_string());
}

/// What the coroutine sees at its start and in its continuation, where each may have a context.
async fn contexts(log: &Trace) {
    log.log(
        "== contexts: ctor context is for the continuation only; start(context) for the start only (0.17.6)",
    );
    let show = || async {
        log.log(format!("start sees {}", VAR.get().expect("it has a default")));
        VAR.set("start-set");
        sleep0().await;
        log.log(format!("cont sees {}", VAR.get().expect("it has a default")));
        VAR.set("cont-set");
    };
    let make = |value| {
        let mut context = copy_context();
        context.run(|| VAR.set(value));
        context
    };
    let name = |context: Option<&str>| context.unwrap_or("None").to_owned();
    for (ctor, start) in
        [(None, None), (Some("ctor"), None), (None, Some("start")), (Some("ctor"), Some("start"))]
    {
        VAR.set("ambient");
        let (mut of_rest, mut of_start): (Option<Context>, Option<Context>) =
            (ctor.map(make), start.map(make));
        log.log(format!("-- ctor={} start={}", name(ctor), name(start)));
        let cs = CoroStart::deferred(Box::pin(Coro::new(show())));
        let cs = match &mut of_start {
            Some(context) => cs.start_in(context),
            None => cs.start(),
        };
        match &mut of_rest {
            Some(context) => cs.as_coroutine(context).await,
            None => cs.await,
        }
        let inside =
            |context: Option<&mut Context>| name(context.and_then(|context| context.run(|| VAR.get())));
        log.log(format!(
            "ambient={} ctor={} start={}",
            name(VAR.get()),
            inside(of_rest.as_mut()),
            inside(of_start.as_mut())
        ));
    }
}

#[test]
fn corostart_no_autostart() {
    let log = Trace::new();
    run(async {
        starts(&log).await;
        contexts(&log).await;
    });
    compare("07_corostart_no_autostart", &log.take(), DIFFERENCES);
}
