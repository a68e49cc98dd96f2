//! Limits that are zero, none, enormous or past.

use crate::{LONG, SOON};
use asynkit::{
    Executor, InterruptExt as _, TimedOut, task_timeout, task_timeout_at, try_task_timeout, yield_now,
};
use asynkit_tests::{now, panic_text, point, poll_once};
use std::{
    future::pending,
    pin::{Pin, pin},
    time::{Duration, Instant},
};

#[test]
fn a_body_that_does_not_suspend_never_times_out() {
    Executor::run(async {
        assert_eq!(task_timeout(Duration::ZERO, async { 1 }).await, Ok(1));
        assert_eq!(task_timeout_at(Instant::now(), async { 2 }).await, Ok(2));
    });
}

#[test]
fn a_limit_of_zero_is_over_at_the_first_suspension() {
    Executor::run(async {
        assert!(task_timeout(Duration::ZERO, pending::<()>()).await.is_err());
        let told = task_timeout(Duration::ZERO, async { point().await.is_err() });
        assert_eq!(told.await, Ok(true), "it is told all the same");
        let passed = Instant::now().checked_sub(LONG).unwrap_or_else(Instant::now);
        let late = task_timeout_at(passed, pending::<()>()).await.unwrap_err();
        assert_eq!(late.after, Duration::ZERO);
    });
}

#[test]
fn the_largest_limit_and_none_never_pass() {
    Executor::run(async {
        for limit in [None, Some(Duration::MAX), Some(Duration::from_secs(u64::MAX))] {
            let mut body = pin!(task_timeout(limit, pending::<()>()));
            assert!(poll_once(body.as_mut()).is_pending());
            assert_eq!(task_timeout(limit, yield_now()).await, Ok(()));
            let result: Result<u8, TimedOut> = try_task_timeout(limit, async { Ok(1) }).await;
            assert_eq!(result, Ok(1));
        }
    });
}

#[test]
fn no_timer_is_armed_where_the_body_is_ready_at_its_first_poll() {
    // Where tokio has no timers, one that is armed panics.
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        assert_eq!(now(task_timeout(LONG, async { 1 })).unwrap(), Ok(1));
        assert_eq!(now(task_timeout(Duration::ZERO, async { 1 })).unwrap(), Ok(1));
        let armed = panic_text(|| now(task_timeout(LONG, pending::<()>())));
        assert!(armed.contains("timers are disabled"), "{armed}");
    });
}

#[test]
fn the_error_tells_the_duration_and_the_place() {
    let late = Executor::run(task_timeout(SOON, pending::<()>())).unwrap_err();
    let line = line!() - 1;
    assert_eq!((late.after, late.at.line(), late.at.file()), (SOON, line, file!()));
    assert_eq!(late.to_string(), format!("timed out after 1ms, set at {}:{line}:30", file!()));
    let error = std::io::Error::from(late.clone());
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
    assert_eq!(error.downcast::<TimedOut>().unwrap(), late);
}

#[test]
fn it_is_one_word_of_scope_over_its_future_and_send_as_that() {
    fn is_send(_: &(impl Send + Sync)) {}
    let timeout = task_timeout(LONG, std::future::ready(1));
    is_send(&timeout);
    assert!(format!("{timeout:?}").starts_with("TaskTimeout { after: 3600s, at: "));
}

#[test]
fn polled_again_after_its_end_it_says_so() {
    let mut ended = Box::pin(task_timeout(LONG, async { 1 }));
    assert!(poll_once(ended.as_mut()).is_ready());
    assert_eq!(panic_text(|| poll_once(ended.as_mut())), "a timeout was polled after it had ended");
    let mut ended = Box::pin(try_task_timeout(LONG, async { Ok::<_, TimedOut>(1) }));
    assert!(poll_once(Pin::new(&mut ended)).is_ready());
    assert_eq!(panic_text(|| poll_once(ended.as_mut())), "a timeout was polled after it had ended");
}

#[test]
fn a_hundred_thousand_of_them_are_awaited_and_forgotten() {
    Executor::run(async {
        let mut bodies: Vec<_> =
            (0..100_000).map(|_| Box::pin(task_timeout(LONG, pending::<()>().interruptible()))).collect();
        for body in &mut bodies {
            assert!(poll_once(body.as_mut()).is_pending());
        }
        drop(bodies);
        assert!(task_timeout(SOON, pending::<()>()).await.is_err(), "the clock goes on");
    });
}
