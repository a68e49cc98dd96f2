//! Start now: order, values, and what each state answers.

use asynkit::{CoroStart, coro, start};
use asynkit_tests::{Gate, Trace, block_on, now, panic_text, poll_once, yield_now};
use std::{cell::Cell, future::pending, pin::Pin, rc::Rc};

#[test]
fn the_first_part_runs_at_the_start_and_the_rest_when_awaited() {
    let trace = Trace::new();
    let log = trace.clone();
    block_on(async {
        start!(let c = async {
            log.log("1");
            yield_now().await;
            log.log("2");
            "value"
        });
        log.log("a");
        assert_eq!(c.await, "value");
    });
    assert_eq!(trace.take(), "1\na\n2\n");
}

#[test]
fn a_body_that_does_not_suspend_runs_whole_at_the_start() {
    let trace = Trace::new();
    let log = trace.clone();
    start!(let c = async {
        log.log("1");
        log.log("2");
    });
    trace.log("a");
    assert_eq!(now(c), Some(()));
    assert_eq!(trace.take(), "1\n2\na\n");
}

#[test]
fn the_three_states_exclude_each_other() {
    fn states<P, F>(c: &CoroStart<P>) -> (bool, bool, bool)
    where
        P: std::ops::DerefMut<Target = asynkit::Coro<F>>,
        F: Future,
    {
        (c.is_done(), c.is_pending(), c.is_continued())
    }
    start!(let mut done = async { 1 });
    assert_eq!(states(&done), (true, false, false));
    assert_eq!(now(&mut done), Some(1));
    assert_eq!(states(&done), (false, false, true));

    let gate = Gate::default();
    start!(let mut pending = gate.wait());
    assert_eq!(states(&pending), (false, true, false));
    assert!(poll_once(Pin::new(&mut pending)).is_pending());
    assert_eq!(states(&pending), (false, false, true));

    start!(let mut closed = gate.wait());
    closed.close().unwrap();
    assert_eq!(states(&closed), (false, false, true));
}

#[test]
fn a_result_can_be_looked_at_again_and_again_and_taken_once() {
    start!(let c = async { String::from("v") });
    assert_eq!(c.result().map(String::as_str), Some("v"));
    assert_eq!(c.result().map(String::as_str), Some("v"));
    assert_eq!(c.into_result().unwrap(), "v");

    start!(let c = pending::<()>());
    assert!(c.result().is_none());
    assert!(c.into_result().unwrap_err().is_pending());
}

#[test]
fn an_error_is_kept_like_a_value() {
    start!(let c = async { "no".parse::<u8>() });
    assert!(c.is_done() && c.error().is_some());
    assert!(now(c).unwrap().is_err());
    start!(let c = async { "1".parse::<u8>() });
    assert!(c.error().is_none());
    start!(let c = pending::<Result<(), ()>>());
    assert!(c.error().is_none());
}

#[test]
fn a_done_one_is_a_ready_future_and_a_pending_one_comes_back() {
    start!(let c = async { 1 });
    assert_eq!(now(c.as_future().unwrap()), Some(1));
    let gate = Gate::default();
    start!(let c = async {
        gate.wait().await;
        2
    });
    let c = c.as_future().unwrap_err();
    gate.open();
    assert_eq!(now(c), Some(2));
}

#[test]
fn awaiting_it_again_after_its_end_panics() {
    let mut c = CoroStart::boxed(async { 1 });
    assert_eq!(now(&mut c), Some(1));
    assert_eq!(panic_text(|| now(&mut c)), "a `Coro` was polled after it had finished");
}

#[test]
fn a_panic_of_the_first_part_goes_to_who_started_it() {
    assert_eq!(panic_text(|| CoroStart::boxed(async { panic!("at the start") })), "at the start");
}

#[test]
fn nothing_runs_before_a_deferred_one_is_started() {
    let trace = Trace::new();
    let log = trace.clone();
    coro!(let mut c = async { log.log("ran") });
    let deferred = CoroStart::deferred(c.as_mut());
    assert_eq!(trace.take(), "");
    assert!(deferred.start().is_done());
    assert_eq!(trace.take(), "ran\n");
}

#[test]
fn a_deferred_one_that_is_dropped_never_runs() {
    let held = Rc::new(Cell::new(false));
    let flag = Rc::clone(&held);
    drop(CoroStart::deferred(Box::pin(asynkit::Coro::new(async move { flag.set(true) }))));
    assert_eq!((held.get(), Rc::strong_count(&held)), (false, 1));
}

#[test]
fn the_await_polls_again_with_the_real_waker_so_no_wake_is_lost() {
    let (sender, receiver) = futures::channel::oneshot::channel();
    let started = CoroStart::boxed(receiver);
    let thread = std::thread::spawn(move || sender.send(7));
    assert_eq!(block_on(started).unwrap(), 7);
    thread.join().unwrap().unwrap();
}

#[test]
fn a_started_one_moves_to_another_thread_and_goes_on_there() {
    let c = CoroStart::boxed(async {
        let here = std::thread::current().id();
        yield_now().await;
        here != std::thread::current().id()
    });
    assert!(std::thread::spawn(move || block_on(c)).join().unwrap());
}

#[test]
fn a_named_future_may_be_started_by_reference() {
    let gate = Gate::default();
    let mut future = std::pin::pin!(gate.wait());
    start!(let mut c = future.as_mut());
    c.close().unwrap();
    gate.open();
    assert_eq!(now(future), Some(()), "what was borrowed is still its owner's");
}
