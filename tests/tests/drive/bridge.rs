//! `coro_drive` and `drive_async`: a callback at each suspension.

use crate::leaves::{OnDrop, null_sleep};
use asynkit::{Interrupt, InterruptExt as _, InterruptKind, coro_drive, drive_async, in_sync_drive};
use std::{
    cell::{Cell, RefCell},
    future::{Future, pending, poll_fn},
    task::Poll,
};

/// Waits until the cell is filled, and empties it.
fn receive<T>(cell: &Cell<Option<T>>) -> impl Future<Output = T> {
    poll_fn(|_| cell.take().map_or(Poll::Pending, Poll::Ready))
}

#[test]
fn the_callback_makes_the_progress() {
    let inbox = Cell::new(None);
    let mut letters = ["one", "two"].into_iter();
    let both = async { format!("{}{}", receive(&inbox).await, receive(&inbox).await) };
    let driven = coro_drive(both, || {
        inbox.set(letters.next());
        Ok(())
    });
    assert_eq!(driven.unwrap(), "onetwo");
}

#[test]
fn the_callback_is_called_once_a_suspension_null_sleeps_included() {
    let mut suspensions = 0;
    let sleeps = async {
        null_sleep().await;
        null_sleep().await;
    };
    coro_drive(sleeps, || {
        suspensions += 1;
        Ok(())
    })
    .unwrap();
    assert_eq!(suspensions, 2);
    coro_drive(async {}, || Err(Interrupt::new("never called"))).unwrap();
}

#[test]
fn what_the_callback_throws_is_taken_by_the_point_that_waits() {
    let asks = async { pending::<()>().interruptible().await.unwrap_err().to_string() };
    assert_eq!(coro_drive(asks, || Err(Interrupt::new("told"))).unwrap(), "interrupted: told");
}

#[test]
fn what_nobody_takes_ends_the_future_and_comes_back() {
    let is_dropped = Cell::new(false);
    let waits = async {
        let _dropped = OnDrop(|| is_dropped.set(true));
        pending::<()>().await;
    };
    let error = coro_drive(waits, || Err(Interrupt::new("told"))).unwrap_err();
    assert_eq!(error.to_string(), "interrupted: told");
    assert!(is_dropped.get());
}

#[test]
fn a_message_is_told_once_a_stop_until_the_end() {
    let told = RefCell::new(Vec::new());
    let asks_twice = || async {
        for _ in 0..2 {
            let error = pending::<()>().interruptible().await.unwrap_err();
            told.borrow_mut().push(error.kind());
            null_sleep().await;
        }
    };
    let mut thrown = Some(Interrupt::close());
    coro_drive(asks_twice(), || thrown.take().map_or(Ok(()), Err)).unwrap();
    assert_eq!(told.take(), [InterruptKind::Close; 2]);

    let mut suspensions = 0;
    coro_drive(asks_twice(), || {
        suspensions += 1;
        if suspensions % 2 == 1 { Err(Interrupt::new(format!("message {suspensions}"))) } else { Ok(()) }
    })
    .unwrap();
    assert_eq!(told.take(), [InterruptKind::Thrown; 2]);
    assert_eq!(suspensions, 4);
}

#[test]
fn drive_async_marks_the_drive_in_the_future_and_the_callback() {
    let mut in_callback = false;
    let future = async {
        null_sleep().await;
        in_sync_drive()
    };
    let inside = drive_async(future, || {
        in_callback = in_sync_drive();
        Ok(())
    });
    assert!(inside.unwrap() && in_callback);
    assert!(!in_sync_drive());
    assert!(drive_async(pending::<()>(), || Err(Interrupt::close())).is_err());
    assert!(!in_sync_drive());
}
