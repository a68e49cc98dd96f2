//! `close` and `aclose`.

use asynkit::{CoroStart, Ignored, coro, coro_is_finished, start};
use asynkit_tests::{Gate, OnDrop, Trace, block_on, now, panic_text, point, poll_once, yield_now};
use std::{future::pending, pin::Pin};

#[test]
fn closing_drops_in_place_what_asks_nowhere() {
    let trace = Trace::new();
    start!(let mut c = async {
        let _guard = OnDrop(|| trace.log("dropped"));
        pending::<()>().await;
    });
    c.close().unwrap();
    assert_eq!(trace.take(), "dropped\n");
    c.close().unwrap();
    assert_eq!(panic_text(|| now(&mut c)), "a `Coro` was polled after it had finished");
}

#[test]
fn closing_one_that_is_done_drops_its_value() {
    let trace = Trace::new();
    let log = trace.clone();
    start!(let mut c = async move { OnDrop(move || log.log("value dropped")) });
    c.close().unwrap();
    assert_eq!(trace.take(), "value dropped\n");
    assert!(c.is_continued() && c.result().is_none());
}

#[test]
fn closing_a_new_coroutine_never_runs_it() {
    let trace = Trace::new();
    coro!(let mut c = async { trace.log("ran") });
    c.as_mut().close().unwrap();
    assert!(coro_is_finished(&c));
    assert_eq!(trace.take(), "");
}

#[test]
fn a_clean_up_that_waits_makes_a_sync_close_fail_and_is_awaited_by_aclose() {
    let trace = Trace::new();
    let body = || async {
        if point().await.is_err() {
            trace.log("cleanup 1");
            yield_now().await;
            trace.log("cleanup 2");
        }
    };
    start!(let mut c = body());
    let _lives_on: Ignored = c.close().unwrap_err();
    assert_eq!(trace.take(), "cleanup 1\n");
    assert!(c.is_pending());
    block_on(&mut c);
    assert_eq!(trace.take(), "cleanup 2\n");

    start!(let mut c = body());
    block_on(c.aclose()).unwrap();
    assert_eq!(trace.take(), "cleanup 1\ncleanup 2\n");
    block_on(c.aclose()).unwrap();
}

#[test]
fn aclose_leaves_one_that_is_done_as_it_is() {
    start!(let mut c = async { 1 });
    block_on(c.aclose()).unwrap();
    assert_eq!(now(c), Some(1));
}

#[test]
fn an_aclose_that_is_not_polled_does_nothing() {
    let gate = Gate::default();
    start!(let mut c = gate.wait());
    drop(c.aclose());
    gate.open();
    assert_eq!(now(c), Some(()));
}

#[test]
fn dropping_a_started_coroutine_drops_what_it_holds() {
    let trace = Trace::new();
    let log = trace.clone();
    let c = CoroStart::boxed(async move {
        let _guard = OnDrop(move || log.log("dropped"));
        pending::<()>().await;
    });
    drop(c);
    assert_eq!(trace.take(), "dropped\n");
}

#[test]
fn leaving_the_block_of_a_pinned_one_drops_it() {
    let trace = Trace::new();
    {
        start!(let mut c = async {
            let _guard = OnDrop(|| trace.log("dropped"));
            pending::<()>().await;
        });
        assert!(poll_once(Pin::new(&mut c)).is_pending());
        trace.log("leaving");
    }
    assert_eq!(trace.take(), "leaving\ndropped\n");
}
