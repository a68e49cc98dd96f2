use crate::{
    asyncio::{next_pass, run, sleep0},
    compare::{Difference, compare},
};
use asynkit::{
    AsyncGenerator as _, CoroState, InterruptExt as _, coro, coro_get_frame, coro_is_finished, coro_is_new,
    coro_is_suspended, coro_iter, generator, generator::RawGenerator,
};
use asynkit_tests::{Trace, poll_once};
use std::pin::{Pin, pin};

const WHERE_IT_WAITS: &str = "the line of the await that it waits at; before the start there is none";
const NOBODY_LOOKS: &str = "while it is polled, its owner is the only one who could look";
const A_STREAM: &str =
    "a generator is a stream: it tells whether it runs, waits for its owner, or has finished";

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "coroutine created: new=True suspended=False finished=False frame=yes",
        "coroutine created: new=True suspended=False finished=False frame=None",
        WHERE_IT_WAITS,
    ),
    ("coroutine running: new=False suspended=False finished=False frame=yes", "", NOBODY_LOOKS),
    (
        "generator created: new=True suspended=False finished=False frame=yes",
        "generator created: new=True suspended=False finished=False frame=None",
        WHERE_IT_WAITS,
    ),
    ("generator running: new=False suspended=False finished=False frame=yes", "", NOBODY_LOOKS),
    (
        "asyncgen created: new=True suspended=False finished=False frame=yes\n\
         asyncgen running: new=False suspended=False finished=False frame=yes\n\
         asyncgen in await: new=False suspended=True finished=False frame=yes\n\
         asyncgen at yield: new=True suspended=False finished=False frame=yes\n\
         asyncgen finished: new=False suspended=False finished=True frame=None",
        "asyncgen created: running=False waiting=False finished=False\n\
         asyncgen in await: running=True waiting=False finished=False\n\
         asyncgen at yield: running=False waiting=True finished=False\n\
         asyncgen finished: running=False waiting=False finished=True",
        A_STREAM,
    ),
    (
        "coro_is_new: TypeError\ncoro_is_suspended: TypeError\ncoro_is_finished: TypeError\n\
         coro_get_frame: TypeError",
        "",
        "what is no coroutine does not compile",
    ),
];

fn python(is: bool) -> &'static str {
    if is { "True" } else { "False" }
}

fn state(log: &Trace, label: &str, c: &impl CoroState) {
    // Builds without debug assertions know no lines.
    let has_frame = coro_get_frame(c).is_some() || !cfg!(debug_assertions) && coro_is_suspended(c);
    log.log(format!(
        "{label}: new={} suspended={} finished={} frame={}",
        python(coro_is_new(c)),
        python(coro_is_suspended(c)),
        python(coro_is_finished(c)),
        if has_frame { "yes" } else { "None" }
    ));
}

async fn waits_once() {
    sleep0().interruptible().await.expect("nothing is thrown");
}

fn coroutine(log: &Trace) {
    coro!(let mut c = waits_once());
    state(log, "coroutine created", &c);
    assert!(poll_once(c.as_mut()).is_pending());
    state(log, "coroutine suspended", &c);
    next_pass();
    assert!(poll_once(c.as_mut()).is_ready());
    state(log, "coroutine finished", &c);
    coro!(let mut c = waits_once());
    c.as_mut().close().expect("it was not started");
    state(log, "coroutine closed unstarted", &c);
}

/// Python's old-style coroutines, which are iterators.
fn iterator(log: &Trace) {
    let mut c = coro_iter(Box::pin(waits_once()));
    state(log, "generator created", &c);
    assert_eq!(c.next(), Some(()));
    state(log, "generator suspended", &c);
    next_pass();
    assert_eq!(c.next(), None);
    state(log, "generator finished", &c);
    let mut c = coro_iter(Box::pin(waits_once()));
    c.close().expect("it was not started");
    state(log, "generator closed unstarted", &c);
}

fn async_generator(log: &Trace) {
    let tell = |label, g: Pin<&mut dyn RawGenerator<Item = u32, Resume = (), Return = ()>>| {
        log.log(format!(
            "asyncgen {label}: running={} waiting={} finished={}",
            python(g.is_running()),
            python(g.is_waiting()),
            python(g.is_finished())
        ));
    };
    let mut g = pin!(generator!({
        sleep0().await;
        ayield!(1);
    }));
    tell("created", g.as_mut());
    assert!(poll_once(pin!(g.as_mut().anext())).is_pending());
    tell("in await", g.as_mut());
    next_pass();
    assert_eq!(run(g.as_mut().anext()), Some(1));
    tell("at yield", g.as_mut());
    assert_eq!(run(g.as_mut().anext()), None);
    tell("finished", g.as_mut());
}

#[test]
fn coro_state() {
    let log = Trace::new();
    coroutine(&log);
    iterator(&log);
    async_generator(&log);
    compare("43_coro_state", &log.take(), DIFFERENCES);
}
