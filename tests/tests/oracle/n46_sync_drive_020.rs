use crate::{
    asyncio::{Raised, run, thrown},
    compare::{Difference, compare},
    n11_await_sync::{blocked, repr},
};
use asynkit::{
    Interrupt, InterruptExt as _, SyncDrive, SyncDriveRequired, SynchronousError, await_sync, copy_context,
    coro_drive, drive_async, in_sync_drive, leavesync, require_sync_drive,
};
use asynkit_tests::{OnDrop, Trace, yield_now};
use std::{
    cell::{Cell, RefCell},
    fmt::Debug,
    future::{Future, pending, poll_fn},
    task::Poll,
    thread,
};

const SAYS: &str = "the error says what it met, and has no cause";
const DIFFERENCES: &[Difference<'_>] = &[
    (
        "blocks -> SynchronousError: coroutine failed to complete synchronously; cause=SynchronousAbort",
        "blocks -> SynchronousError: the future can never be woken: nobody keeps its waker",
        SAYS,
    ),
    (
        "cleanup -> SynchronousError: coroutine failed to complete synchronously; cause=SynchronousAbort",
        "cleanup -> Err(Interrupt(SyncAbort))",
        "what it returns is its value, the abort too",
    ),
    (
        "cleanup2 -> SynchronousError: coroutine failed to complete synchronously; cause=GeneratorExit",
        "cleanup2 -> SynchronousError: the future can never be woken: nobody keeps its waker",
        SAYS,
    ),
    (
        "swallow_all -> SynchronousError: coroutine failed to complete synchronously; cause=GeneratorExit",
        "swallow_all -> SynchronousError: the future can never be woken: nobody keeps its waker",
        SAYS,
    ),
    (
        "null strict -> SynchronousError: coroutine failed to complete synchronously; cause=SynchronousAbort",
        "null strict -> SynchronousError: the future yielded, and a strict sync drive does not go on",
        SAYS,
    ),
    (
        "callback GeneratorExit -> GeneratorExit: ; cause=None",
        "callback GeneratorExit -> interrupted: closed; cause=None",
        "an `Interrupt` of kind `Close`",
    ),
    (
        "require outside -> SyncDriveRequiredError: operation requires a coroutine being synchronously driven (e.g. via await_sync()); cause=None",
        "require outside -> this would block the thread outside of a sync drive: run it under `await_sync`, or give an async function instead",
        "the text says what to do",
    ),
    (
        "on an event loop: operation requires a coroutine being synchronously driven (e.g. via await_sync())",
        "on an event loop: this would block the thread outside of a sync drive: run it under `await_sync`, or give an async function instead",
        "the text says what to do",
    ),
];

type Outcome = Result<&'static str, Interrupt>;

/// `yield v` where nobody answers.
fn y() -> impl Future<Output = ()> {
    pending()
}

async fn null() -> Outcome {
    yield_now().await;
    yield_now().await;
    Ok("done")
}

async fn cleanup(log: &Trace) -> Outcome {
    let told = y().interruptible().await;
    log.log("cleanup");
    yield_now().await;
    log.log("cleanup nullsleep passed");
    told.map(|()| "never")
}

async fn cleanup2(log: &Trace) -> Outcome {
    let told = y().interruptible().await;
    log.log("cleanup2");
    y().await;
    log.log("never here");
    told.map(|()| "never")
}

async fn swallow() -> Outcome {
    y().interruptible().await.map_or(Ok("decided not to block"), |()| Ok("never"))
}

async fn swallow_all(log: &Trace) -> Outcome {
    let _dropped = OnDrop(|| log.log("GeneratorExit"));
    if y().interruptible().await.is_err() {
        log.log("swallows SynchronousAbort");
    }
    y().await;
    Ok("never")
}

fn outcome(driven: Result<Outcome, SynchronousError>) -> String {
    match driven {
        Ok(Ok(value)) => repr(&value),
        Ok(told) => repr(&told),
        Err(error) => blocked(&error),
    }
}

fn bridged<T: Debug>(driven: &Result<T, Interrupt>) -> String {
    match driven {
        Ok(value) => repr(value),
        Err(told) => format!("{}; cause=None", thrown(told)),
    }
}

/// What is yielded to the callback of `coro_drive`, and what that sends in.
#[derive(Default)]
struct Line {
    out: Cell<Option<&'static str>>,
    back: Cell<Option<String>>,
}

impl Line {
    fn ask(&self, what: &'static str) -> impl Future<Output = String> {
        self.out.set(Some(what));
        poll_fn(|_| self.back.take().map_or(Poll::Pending, Poll::Ready))
    }
}

fn probe() -> impl Future<Output = bool> {
    poll_fn(|_| Poll::Ready(in_sync_drive()))
}

fn in_thread(context: &asynkit::Context) -> bool {
    let mut context = context.copy();
    thread::spawn(move || context.run(in_sync_drive)).join().unwrap()
}

#[test]
fn n46_sync_drive_020() {
    let log = Trace::new();
    drives(&log);
    callbacks(&log);
    contexts(&log);
    colours(&log);
    compare("46_sync_drive_020", &log.take(), DIFFERENCES);
}

fn drives(log: &Trace) {
    let tryf = |label: &str, text: String| log.log(format!("{label} -> {text}"));
    tryf("null", outcome(await_sync(null())));
    tryf(
        "blocks",
        outcome(await_sync(async {
            y().await;
            Ok("never")
        })),
    );
    tryf("cleanup", outcome(await_sync(cleanup(log))));
    tryf("cleanup2", outcome(await_sync(cleanup2(log))));
    tryf("swallow", outcome(await_sync(swallow())));
    tryf("swallow_all", outcome(await_sync(swallow_all(log))));
    tryf("null strict", outcome(SyncDrive::new().strict(true).run(null())));
}

fn callbacks(log: &Trace) {
    let tryf = |label: &str, text: String| log.log(format!("{label} -> {text}"));
    log.log("== coro_drive");
    let (line, seen) = (Line::default(), RefCell::new(Vec::new()));
    let c1 = || async { line.ask("one").await + &line.ask("two").await };
    let values = coro_drive(c1(), || {
        let value = line.out.take().expect("it has asked");
        seen.borrow_mut().push(value);
        line.back.set(Some(value.to_uppercase()));
        Ok(())
    });
    tryf("values", bridged(&values));
    log.log(repr(&seen.take()));
    let raise = || Err(Interrupt::new(Raised("ValueError", "from callback")));
    let c2 = async {
        let told = y().interruptible().await.unwrap_err();
        format!("caught {}", told.downcast_ref::<Raised>().expect("the callback's").1)
    };
    tryf("callback error handled", bridged(&coro_drive(c2, raise)));
    tryf("callback error unhandled", bridged(&coro_drive(c1(), raise)));
    let c3 = async {
        let _dropped = OnDrop(|| log.log("c3 closed"));
        y().await;
    };
    tryf("callback GeneratorExit", bridged(&coro_drive(c3, || Err(Interrupt::close()))));
}

fn contexts(log: &Trace) {
    let tryf = |label: &str, text: String| log.log(format!("{label} -> {text}"));
    log.log("== sync drive context");
    log.log(format!("outside {}", repr(&in_sync_drive())));
    tryf("await_sync", repr(&await_sync(probe()).unwrap()));
    tryf("drive_async", bridged(&drive_async(probe(), || Ok(()))));
    tryf("coro_drive alone", bridged(&coro_drive(probe(), || Ok(()))));
    let nested = async { [in_sync_drive(), await_sync(probe()).unwrap(), in_sync_drive()] };
    tryf("nested", repr(&await_sync(nested).unwrap()));
    log.log(format!("outside {}", repr(&in_sync_drive())));
    tryf("require outside", require_sync_drive().unwrap_err().to_string());
    let mut context = None;
    let during = await_sync(async { context.insert(copy_context()).run(in_sync_drive) });
    tryf("copied context during", repr(&during.unwrap()));
    let after = context.expect("it was copied").run(in_sync_drive);
    log.log(format!("copied context after {}", repr(&after)));
    let on_thread = await_sync(async { in_thread(&copy_context()) });
    tryf("copied context on another thread during", repr(&on_thread.unwrap()));
    let boom = await_sync(async { Err::<(), _>(Raised("ValueError", "b")) });
    tryf("raises", format!("{}; cause=None", boom.unwrap().unwrap_err()));
    log.log(format!("after {}", repr(&in_sync_drive())));
}

struct C {
    n: u32,
}
impl C {
    fn a(&self, k: u32) -> impl Future<Output = (u32, u32)> {
        std::future::ready((self.n, k))
    }
    fn run(&self, k: u32) -> Result<(u32, u32), SynchronousError> {
        await_sync(self.a(k))
    }
    fn b(&self) -> &'static str {
        if self.n == 7 { "blocking" } else { "another" }
    }
    async fn use_it(&self) -> Result<&'static str, SyncDriveRequired> {
        leavesync(|()| Ok(self.b()))(()).await
    }
}

fn colours(log: &Trace) {
    let tryf = |label: &str, text: String| log.log(format!("{label} -> {text}"));
    log.log("== enter / leave");
    let blocking = leavesync(|()| {
        log.log("blocking runs");
        Ok::<_, SyncDriveRequired>("payload")
    });
    let fetch = || async { blocking(()).await };
    tryf("enter+leave", repr(&await_sync(fetch()).unwrap().unwrap()));
    run(async { log.log(format!("on an event loop: {}", fetch().await.unwrap_err())) });

    let c = C { n: 7 };
    tryf("method bound", repr(&c.run(1).unwrap()));
    tryf("method unbound", repr(&C::run(&c, 2).unwrap()));
    tryf("leave method", repr(&await_sync(c.use_it()).unwrap().unwrap()));

    let executor = smol::LocalExecutor::new();
    let mut task = None;
    await_sync(async { task = Some(executor.spawn(fetch())) }).unwrap();
    if smol::block_on(executor.run(task.expect("it was spawned"))).is_err() {
        log.log("task created inside a sync drive, run after it: rejected");
    }
}
