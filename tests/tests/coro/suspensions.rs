//! `coro_iter`.

use asynkit::{coro_is_finished, coro_iter};
use asynkit_tests::{Trace, point, yield_now};
use std::future::pending;

#[test]
fn it_counts_suspensions_and_keeps_the_value() {
    let mut c = coro_iter(Box::pin(async {
        yield_now().await;
        yield_now().await;
        "foobar"
    }));
    assert_eq!(c.by_ref().count(), 2);
    assert!(coro_is_finished(&c));
    assert_eq!(c.next(), None, "it is fused");
    assert_eq!(c.into_result().unwrap(), "foobar");
}

#[test]
fn a_coroutine_that_does_not_suspend_gives_nothing_but_its_value() {
    let mut c = coro_iter(std::future::ready(1));
    assert_eq!(c.next(), None);
    assert_eq!(c.into_result().unwrap(), 1);
}

#[test]
fn it_starts_at_the_first_next() {
    let trace = Trace::new();
    let mut c = coro_iter(Box::pin(async { trace.log("ran") }));
    assert_eq!(trace.take(), "");
    c.next();
    assert_eq!(trace.take(), "ran\n");
}

#[test]
fn an_error_is_thrown_into_it() {
    let mut c = coro_iter(Box::pin(async {
        let told = point().await.unwrap_err();
        yield_now().await;
        told.to_string()
    }));
    c.next();
    assert_eq!(c.throw("x").unwrap(), Some(()), "it suspended again");
    assert_eq!(c.next(), None);
    assert_eq!(c.into_result().unwrap(), "interrupted: x");

    let mut c = coro_iter(pending::<()>());
    c.next();
    assert_eq!(c.throw("x").unwrap_err().to_string(), "interrupted: x");
    assert_eq!(c.next(), None);
    assert_eq!(c.throw("again").unwrap_err().to_string(), "interrupted: again");
}

#[test]
fn closing_one_that_was_not_started_never_runs_it() {
    let trace = Trace::new();
    let mut c = coro_iter(Box::pin(async { trace.log("ran") }));
    c.close().unwrap();
    assert_eq!(c.next(), None);
    assert_eq!(trace.take(), "");
    assert!(c.into_result().is_err());
}
