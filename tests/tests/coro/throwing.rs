//! `throw` and `athrow`.

use asynkit::{Interrupt, ThrowError, start};
use asynkit_tests::{Gate, Trace, block_on, now, point, poll_once, yield_now};
use std::{
    future::pending,
    pin::{Pin, pin},
};

#[test]
fn a_handler_that_returns_gives_its_value() {
    start!(let mut c = async { point().await.map_or("handler", |()| "?") });
    assert_eq!(c.throw("x", 1).unwrap(), "handler");
    assert!(c.is_continued());
}

#[test]
fn a_handler_that_waits_is_ignored_and_awaited_later() {
    let gate = Gate::default();
    start!(let mut c = async {
        point().await.unwrap_err();
        gate.wait().await;
        "result"
    });
    assert!(matches!(c.throw("x", 1), Err(ThrowError::Ignored)));
    assert!(c.is_pending());
    gate.open();
    assert_eq!(now(c), Some("result"));
}

#[test]
fn tries_are_used_up_on_a_coroutine_that_swallows() {
    let trace = Trace::new();
    start!(let mut c = async {
        loop {
            let told = point().await.unwrap_err();
            trace.log(told.to_string());
        }
    });
    let thrown: Result<(), ThrowError> = c.throw("x", 3);
    assert!(matches!(thrown, Err(ThrowError::Ignored)));
    assert_eq!(trace.take(), "interrupted: x\n".repeat(3));
}

#[test]
fn athrow_awaits_the_clean_up_and_gives_the_value() {
    start!(let mut c = async {
        let told = point().await.unwrap_err();
        yield_now().await;
        told.to_string()
    });
    assert_eq!(block_on(c.athrow("slap")).unwrap(), "interrupted: slap");
}

#[test]
fn athrow_into_what_asks_nowhere_gives_the_error_back() {
    start!(let mut c = async { pending::<()>().await });
    let error = now(c.athrow("slap")).unwrap().unwrap_err();
    assert_eq!(error.into_error().unwrap().to_string(), "slap");
    let error = now(c.athrow("again")).unwrap().unwrap_err();
    assert_eq!(error.to_string(), "interrupted: again");
}

#[test]
fn what_is_done_is_not_thrown_into_and_keeps_its_value() {
    start!(let mut c = async { 1 });
    assert!(matches!(c.throw("x", 1), Err(ThrowError::Finished(_))));
    assert_eq!(c.result(), Some(&1));
}

#[test]
fn an_athrow_that_is_dropped_before_it_was_polled_was_never_thrown() {
    let gate = Gate::default();
    start!(let mut c = async { gate.wait().await });
    drop(c.athrow("x"));
    gate.open();
    assert_eq!(now(c), Some(()));
}

#[test]
fn an_athrow_that_is_dropped_in_the_clean_up_leaves_the_coroutine_there() {
    let gate = Gate::default();
    start!(let mut c = async {
        let told = point().await.is_err();
        gate.wait().await;
        told
    });
    {
        let mut throwing = pin!(c.athrow("x"));
        assert!(poll_once(throwing.as_mut()).is_pending());
    }
    assert!(poll_once(Pin::new(&mut c)).is_pending());
    gate.open();
    assert_eq!(now(c), Some(true));
}

#[test]
fn errors_of_throw_say_what_happened() {
    let texts = [
        (ThrowError::Interrupted(Interrupt::new("x")), "nobody took the error: the coroutine was dropped"),
        (ThrowError::Ignored, "the coroutine took the error and suspended again"),
        (ThrowError::Finished(Interrupt::close()), "the coroutine had finished before the error was thrown"),
    ];
    for (error, text) in texts {
        assert_eq!(error.to_string(), text);
    }
}
