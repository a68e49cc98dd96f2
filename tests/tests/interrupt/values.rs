//! Rules 19 and 21, selects, and the error type itself.

use asynkit::{
    CoroStart, Interrupt, InterruptExt as _, InterruptKind, ThrowError, await_sync, start, throw_when,
};
use asynkit_tests::{Gate, now, point, poll_once};
use futures::{FutureExt as _, future::ready, lock::Mutex};
use std::{error::Error, future::pending, io, pin::pin, task::Poll};

#[test]
fn rule_19_a_coroutine_that_returns_after_being_told_has_decided() {
    start!(let mut c = async { point().await.map_or(7, |()| 1) });
    assert_eq!(c.throw("x", 1).unwrap(), 7);
    start!(let mut c = async { point().await.map_or(7, |()| 1) });
    assert_eq!(now(c.athrow("x")).unwrap().unwrap(), 7);
    let stopped = throw_when(ready(()), InterruptKind::Timeout, async { point().await.map_or(7, |()| 1) });
    assert_eq!(now(stopped).unwrap().unwrap(), 7);
    assert_eq!(await_sync(async { point().await.map_or(7, |()| 1) }).unwrap(), 7);
}

#[test]
fn rule_19_a_body_that_passes_the_error_on_gives_it_as_its_value() {
    start!(let mut c = async {
        point().await?;
        Ok::<_, Interrupt>(1)
    });
    let passed: Result<i32, Interrupt> = c.throw("x", 1).unwrap();
    assert_eq!(passed.unwrap_err().to_string(), "interrupted: x");
}

#[test]
fn rule_21_a_lock_that_was_handed_over_is_a_ready_value() {
    let lock = Mutex::new(1);
    let held = lock.try_lock().unwrap();
    start!(let mut waiter = async { lock.lock().interruptible().await.is_ok() });
    drop(held);
    assert!(waiter.throw("x", 1).unwrap(), "handed over: the value wins");
    assert!(lock.try_lock().is_some());

    let held = lock.try_lock().unwrap();
    start!(let mut waiter = async { lock.lock().interruptible().await.is_err() });
    assert!(waiter.throw("x", 1).unwrap(), "not handed over: the waiter is removed");
    drop(held);
    assert!(lock.try_lock().is_some());
}

#[test]
fn a_branch_that_is_ready_wins_a_select_and_the_error_is_for_the_next_point() {
    let gate = Gate::default();
    start!(let mut c = async {
        let won = futures::select_biased! {
            () = gate.wait().fuse() => true,
            _told = point().fuse() => false,
        };
        (won, point().await.is_err())
    });
    gate.open();
    assert_eq!(c.throw("x", 1).unwrap(), (true, true));
}

#[test]
fn a_point_of_a_borrowed_future_goes_on_with_it_afterwards() {
    let gate = Gate::default();
    start!(let mut c = async {
        let mut job = pin!(gate.wait());
        let told = job.as_mut().interruptible().await.is_err();
        job.await;
        told
    });
    assert!(matches!(c.throw("look", 1), Err(ThrowError::Ignored)));
    gate.open();
    assert_eq!(now(c), Some(true));
}

#[test]
fn more_tries_throw_the_same_error_again() {
    start!(let mut c = async {
        let _first = point().await;
        point().await.unwrap_err().to_string()
    });
    assert_eq!(c.throw("again", 2).unwrap(), "interrupted: again");
}

#[test]
fn zero_tries_are_one() {
    start!(let mut c = async { point().await.is_err() });
    assert!(c.throw("x", 0).unwrap());
}

#[test]
fn try_interruptible_makes_one_error_of_two() {
    #[derive(Debug)]
    enum Failure {
        Told(Interrupt),
        Io(io::Error),
    }
    impl From<Interrupt> for Failure {
        fn from(told: Interrupt) -> Self {
            Failure::Told(told)
        }
    }
    let failed = now(async { Err::<(), _>(Failure::Io(io::ErrorKind::NotFound.into())) }.try_interruptible());
    assert!(matches!(failed, Some(Err(Failure::Io(error))) if error.kind() == io::ErrorKind::NotFound));
    start!(let mut c = async { pending::<Result<(), Failure>>().try_interruptible().await });
    let Ok(Err(Failure::Told(told))) = c.throw("x", 1) else { panic!() };
    assert_eq!(told.to_string(), "interrupted: x");
}

#[test]
fn an_interrupt_carries_the_throwers_error() {
    let told = Interrupt::new(io::Error::other("unplugged"));
    assert!(told.is::<io::Error>() && !told.is::<Interrupt>());
    assert_eq!(told.source().unwrap().to_string(), "unplugged");
    assert_eq!(format!("{told:?}"), "Interrupt(Thrown, Custom { kind: Other, error: \"unplugged\" })");
    let same = Interrupt::new(told);
    assert!(same.is::<io::Error>(), "an interrupt is passed through as it is");
    assert!(same.into_error().unwrap().is::<io::Error>());
    let close = Interrupt::close();
    assert_eq!((close.kind(), close.to_string().as_str()), (InterruptKind::Close, "interrupted: closed"));
    assert!(close.source().is_none());
}

#[test]
fn a_thrown_error_has_one_holder_and_a_stop_is_shared() {
    start!(let mut c = async { point().await.unwrap_err().into_error().unwrap().to_string() });
    assert_eq!(c.throw("whole", 1).unwrap(), "whole");
    let stopped = throw_when(ready(()), InterruptKind::Cancel, async {
        point().await.unwrap_err().into_error().unwrap_err().kind()
    });
    assert_eq!(now(stopped).unwrap().unwrap(), InterruptKind::Cancel);
}

#[test]
fn futures_that_have_ended_say_so_when_they_are_polled_again() {
    let mut ended = Box::pin(throw_when(pending::<()>(), InterruptKind::Cancel, ready(1)));
    assert!(poll_once(ended.as_mut()).is_ready());
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| poll_once(ended.as_mut())));
    let message = *caught.unwrap_err().downcast::<&str>().unwrap();
    assert_eq!(message, "a `ThrowWhen` was polled after it had ended");
    let mut c = CoroStart::boxed(async {});
    assert!(matches!(poll_once(std::pin::Pin::new(&mut c)), Poll::Ready(())));
    let caught =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| poll_once(std::pin::Pin::new(&mut c))));
    assert_eq!(*caught.unwrap_err().downcast::<&str>().unwrap(), "a `Coro` was polled after it had finished");
}
