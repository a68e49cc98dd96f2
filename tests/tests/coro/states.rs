//! New, suspended, finished.

use asynkit::{
    CoroStart, CoroState, CoroStatus, coro, coro_get_frame, coro_is_finished, coro_is_new, coro_is_suspended,
    coro_iter, start,
};
use asynkit_tests::{now, panic_text, point, poll_once};
use std::future::pending;

fn states(c: &impl CoroState) -> (bool, bool, bool) {
    (coro_is_new(c), coro_is_suspended(c), coro_is_finished(c))
}

#[test]
fn a_slot_goes_from_new_to_suspended_to_finished() {
    coro!(let mut c = pending::<()>());
    assert_eq!(states(&c), (true, false, false));
    assert!(poll_once(c.as_mut()).is_pending());
    assert_eq!(states(&c), (false, true, false));
    c.as_mut().close().unwrap();
    assert_eq!(states(&c), (false, false, true));
}

#[test]
fn a_slot_that_returned_is_finished_and_says_so_when_it_is_polled() {
    coro!(let mut c = async { 1 });
    assert_eq!(now(c.as_mut()), Some(1));
    assert_eq!(states(&c), (false, false, true));
    assert_eq!(panic_text(|| now(c.as_mut())), "a `Coro` was polled after it had finished");
}

#[test]
fn a_slot_that_panicked_is_finished() {
    coro!(let mut c = async { panic!("boom") });
    assert_eq!(panic_text(|| poll_once(c.as_mut())), "boom");
    assert_eq!(states(&c), (false, false, true));
}

#[test]
fn one_that_was_closed_before_it_ran_is_finished() {
    coro!(let mut c = pending::<()>());
    c.as_mut().close().unwrap();
    assert_eq!(states(&c), (false, false, true));
}

#[test]
fn everything_that_holds_a_coroutine_knows_its_state() {
    start!(let c = pending::<()>());
    assert_eq!(states(&c), (false, true, false));
    assert_eq!(states(&CoroStart::boxed(async {})), (false, false, true));
    coro!(let c = async {});
    assert_eq!(states(&CoroStart::deferred(c)), (true, false, false));
    let mut suspensions = coro_iter(pending::<()>());
    assert_eq!(states(&suspensions), (true, false, false));
    suspensions.next();
    assert_eq!(states(&suspensions), (false, true, false));
    coro!(let c = pending::<()>());
    assert_eq!(c.as_ref().status(), CoroStatus::New);
}

async fn deep() {
    let (_told, _here) = (asynkit::InterruptExt::interruptible(pending::<()>()).await, "this line");
}

#[test]
fn a_frame_is_the_line_of_the_await_on_a_leaf_of_ours() {
    coro!(let mut c = async {
        deep().await;
        pending::<()>().await;
    });
    assert_eq!(coro_get_frame(&c), None, "it is new");
    assert!(poll_once(c.as_mut()).is_pending());
    if cfg!(debug_assertions) {
        let frame = coro_get_frame(&c).expect("it waits at a point");
        let line =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/coro/states.rs")).unwrap();
        let line = line.lines().nth(frame.line() as usize - 1).unwrap();
        assert!(line.contains("this line"), "{line}");
    }
    assert!(c.as_mut().throw("go on", 1).is_err());
    assert_eq!(coro_get_frame(&c), None, "a foreign future does not say where it waits");
}

#[test]
fn a_frame_is_not_that_of_another_coroutine() {
    coro!(let mut at_a_point = point());
    coro!(let mut elsewhere = pending::<()>());
    assert!(poll_once(at_a_point.as_mut()).is_pending());
    assert!(poll_once(elsewhere.as_mut()).is_pending());
    assert_eq!(coro_get_frame(&elsewhere), None);
    assert_eq!(coro_get_frame(&at_a_point).is_some(), cfg!(debug_assertions));
}
