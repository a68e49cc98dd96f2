use crate::{
    asyncio::{run, sleep0},
    compare::{Difference, compare},
};
use asynkit::{Monitor, NotActive, Step};
use asynkit_tests::{Trace, panic_text};
use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::{Context, Poll, Waker},
};

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "oob unmonitored -> RuntimeError: Monitor not active\noob direct -> RuntimeError: Monitor not active",
        "oob unmonitored -> NotActive\noob direct -> NotActive",
        "a typed error, which `?` passes on",
    ),
    (
        "data to a new coroutine -> TypeError: can't send non-None value to a just-started coroutine",
        "data to a new coroutine -> NotWaiting",
        "a typed error from `poll_asend`, a panic from `asend`",
    ),
    (
        "after finish -> RuntimeError: cannot reuse already awaited coroutine",
        "after finish -> panic",
        "a coroutine that is driven after its end panics, as every future may",
    ),
    (
        "re-enter -> RuntimeError: Monitor cannot be re-entered",
        "re-enter -> Reentered",
        "a typed error from `poll_asend`, a panic from the other calls",
    ),
    (
        "OOBData raised by hand at once -> RuntimeError: coroutine raised OOBData\nINACTIVE\n\
         OOBData raised by hand after a real suspension (leaks) -> OOBData: hand2 data='hand2'\nINACTIVE",
        "",
        "an item is no error here: it cannot be raised by hand",
    ),
    (
        "start without oob -> RuntimeError: Coroutine did not await Monitor.oob()",
        "start without oob -> NoOob(1)",
        "a typed error that holds the value",
    ),
    (
        "boom 2 -> ValueError: boom",
        "boom 2 -> Err(\"ValueError: boom\")",
        "an error is the value of the coroutine",
    ),
    (
        "boom 3 (finished) -> RuntimeError: cannot reuse already awaited coroutine",
        "boom 3 (finished) -> panic",
        "see above",
    ),
    (
        "start that raises -> KeyError: 'k'",
        "start that raises -> NoOob(Err(\"KeyError: 'k'\"))",
        "an error is the value of the coroutine",
    ),
];

#[test]
fn n16_monitor_errors() {
    let log = &Trace::new();
    let state = |m: &Monitor<&str, &'static str>| log.log(if m.is_active() { "ACTIVE" } else { "INACTIVE" });
    run(async {
        let m = &Monitor::<&str, &'static str>::new();
        let co = || async { m.oob("1").await };
        for (label, told) in [("oob unmonitored", co().await), ("oob direct", m.oob("1").await)] {
            assert!(told.unwrap_err().is::<NotActive>());
            log.log(format!("{label} -> NotActive"));
        }
        state(m);
        let mut c = Box::pin(co());
        let misuse = poll_fn(|cx| m.poll_asend(c.as_mut(), &mut Some("data"), cx)).await.unwrap_err();
        log.log(format!("data to a new coroutine -> {misuse:?}"));
        state(m);
        let item = m.start(c.as_mut()).await.unwrap();
        log.log(format!("same coroutine afterwards -> OOBData: {item} data={item}"));
        log.log(format!("finish -> '{}'", m.asend(c.as_mut(), "x").await.done().unwrap().unwrap()));
        let mut cx = Context::from_waker(Waker::noop());
        let again =
            catch_unwind(AssertUnwindSafe(|| m.poll_asend(c.as_mut(), &mut None, &mut cx).is_ready()));
        log.log(format!("after finish -> {}", if again.is_err() { "panic" } else { "nothing" }));
        let mut c = pin!(async {
            let mut inner = pin!(async { 1 });
            let misuse = poll_fn(|cx| m.poll_asend(inner.as_mut(), &mut None, cx)).await.unwrap_err();
            log.log(format!("re-enter -> {misuse:?}"));
            m.oob("still works").await.unwrap()
        });
        let item = m.start(c.as_mut()).await.unwrap();
        log.log(format!("outer -> OOBData: {item} data='{item}'"));
        log.log(format!("outer finish -> {}", m.asend(c.as_mut(), "5").await.done().unwrap()));
        state(m);
        let ended = m.start(pin!(async { 1 })).await.unwrap_err();
        log.log(format!("start without oob -> NoOob({})", ended.0));
        let mut c = Box::pin(async {
            m.oob("1").await.unwrap();
            sleep0().await;
            Err::<(), _>("ValueError: boom")
        });
        let item = m.start(c.as_mut()).await.unwrap();
        log.log(format!("boom 1 -> OOBData: {item} data={item}"));
        let Step::Done(boom) = m.asend(c.as_mut(), "").await else { panic!("it ends") };
        log.log(format!("boom 2 -> {boom:?}"));
        state(m);
        let text = panic_text(|| {
            let polled = m.poll_asend(c.as_mut(), &mut None, &mut Context::from_waker(Waker::noop()));
            assert!(matches!(polled, Poll::Pending), "it says so");
        });
        log.log(format!("boom 3 (finished) -> {}", if text.is_empty() { "nothing" } else { "panic" }));
        let ended = m.start(pin!(async { Err::<(), _>("KeyError: 'k'") })).await.unwrap_err();
        log.log(format!("start that raises -> NoOob({:?})", ended.0));
    });
    compare("16_monitor_errors", &log.take(), DIFFERENCES);
}
