//! `await_sync` and `SyncDrive`: what is polled on, what is told, what is dropped.

use crate::leaves::{Blocks, OnDrop, null_sleep, null_sleep_by_thread};
use asynkit::{
    InterruptExt as _, InterruptKind, SyncDrive, SynchronousError, await_sync, drive::BlockReason,
};
use futures::{future::join, stream::FuturesUnordered, stream::StreamExt as _};
use std::{
    cell::Cell,
    future::{IntoFuture, Ready, pending, poll_fn, ready},
    panic::{AssertUnwindSafe, catch_unwind},
    task::Poll,
};

#[test]
fn a_future_that_never_waits_gives_its_value() {
    assert_eq!(await_sync(async { ready(3).await + async { ready(7).await }.await }).unwrap(), 10);
}

#[test]
fn what_becomes_a_future_is_driven() {
    struct Job;
    impl IntoFuture for Job {
        type Output = u8;
        type IntoFuture = Ready<u8>;
        fn into_future(self) -> Ready<u8> {
            ready(7)
        }
    }
    assert_eq!(await_sync(Job).unwrap(), 7);
}

#[test]
fn null_sleeps_are_polled_on() {
    let slept = async {
        for _ in 0..100 {
            null_sleep().await;
        }
        null_sleep_by_thread().await;
        smol::future::yield_now().await;
        tokio::task::yield_now().await;
        "slept"
    };
    assert_eq!(await_sync(slept).unwrap(), "slept");
}

#[test]
fn a_strict_drive_drops_a_future_at_its_first_null_sleep() {
    let passed = Cell::new(0);
    let sleeps = async {
        passed.set(1);
        let _dropped = OnDrop(|| passed.set(passed.get() * 10));
        null_sleep().interruptible().await.unwrap();
        passed.set(2);
    };
    let error = SyncDrive::new().strict(true).run(sleeps).unwrap_err();
    assert_eq!(error.reason(), BlockReason::WokeItself);
    assert_eq!(passed.get(), 10);
}

#[test]
fn a_strict_drive_runs_what_never_suspends_and_tells_what_blocks() {
    let strict = SyncDrive::new().strict(true);
    assert_eq!(strict.run(async { 1 }).unwrap(), 1);
    let asks = async { pending::<()>().interruptible().await.unwrap_err().kind() };
    assert_eq!(strict.run(asks).unwrap(), InterruptKind::SyncAbort);
    assert_eq!(strict.run(pending::<()>()).unwrap_err().reason(), BlockReason::NeverWoken);
}

#[test]
fn a_strict_drive_forbids_null_sleeps_in_the_clean_up_too() {
    let cleans_up = async {
        let _told = pending::<()>().interruptible().await;
        null_sleep().await;
    };
    assert_eq!(SyncDrive::new().strict(true).run(cleans_up).unwrap_err().reason(), BlockReason::WokeItself);
}

#[test]
fn spins_are_counted_exactly() {
    let sleeps = |times: usize| async move {
        for _ in 0..times {
            null_sleep().await;
        }
        times
    };
    for limit in [0, 1, 2, 10] {
        let drive = SyncDrive::new().max_spins(Some(limit));
        assert_eq!(drive.run(sleeps(limit)).unwrap(), limit);
        let error = drive.run(sleeps(limit + 1)).unwrap_err();
        assert_eq!(error.reason(), BlockReason::TooManySpins(limit));
    }
}

#[test]
fn spins_of_the_clean_up_are_counted_too() {
    let never_ends = async {
        let _told = pending::<()>().interruptible().await;
        loop {
            null_sleep().await;
        }
    };
    let ended: Result<(), SynchronousError> = SyncDrive::new().max_spins(Some(5)).run(never_ends);
    assert_eq!(ended.unwrap_err().reason(), BlockReason::TooManySpins(5));
}

#[test]
fn a_future_that_waits_is_told_and_its_value_counts() {
    let decides = async {
        match Blocks::default().interruptible().await {
            Ok(()) => "waited",
            Err(told) if told.kind() == InterruptKind::SyncAbort => "decided not to block",
            Err(_) => "another error",
        }
    };
    assert_eq!(await_sync(decides).unwrap(), "decided not to block");
}

#[test]
fn the_abort_is_told_to_every_point_until_the_drive_ends() {
    let counts = async {
        let mut told = 0;
        for _ in 0..3 {
            told += u32::from(pending::<()>().interruptible().await.is_err());
            null_sleep().await;
        }
        told
    };
    assert_eq!(await_sync(counts).unwrap(), 3);
}

#[test]
fn a_clean_up_may_null_sleep_but_not_wait() {
    let sleeps = async {
        let told = pending::<()>().interruptible().await;
        null_sleep().await;
        told.is_err()
    };
    assert!(await_sync(sleeps).unwrap());

    let reached = Cell::new("");
    let waits = async {
        let _told = pending::<()>().interruptible().await;
        reached.set("clean-up");
        Blocks::default().await;
        reached.set("beyond");
    };
    assert_eq!(await_sync(waits).unwrap_err().reason(), BlockReason::NeverWoken);
    assert_eq!(reached.get(), "clean-up");
}

#[test]
fn a_loop_that_swallows_the_abort_ends() {
    let swallows = async {
        loop {
            let _swallowed = pending::<()>().interruptible().await;
        }
    };
    assert!(await_sync::<_>(swallows).map(|never: ()| never).is_err());
}

#[test]
fn a_future_that_asks_nowhere_is_dropped_before_the_error_is_seen() {
    let is_dropped = Cell::new(false);
    let waits = async {
        let _dropped = OnDrop(|| is_dropped.set(true));
        Blocks::default().await;
    };
    let error = await_sync(waits).unwrap_err();
    assert_eq!(error.reason(), BlockReason::Waiting);
    assert!(is_dropped.get());
}

/// How many of five points under a `FuturesUnordered` were told.
async fn told_of_five() -> usize {
    let points: FuturesUnordered<_> =
        (0..5).map(|_| async { Blocks::default().interruptible().await.is_err() }).collect();
    points.filter(|told| ready(*told)).count().await
}

#[test]
fn points_under_a_sub_executor_are_told_once_the_drive_has_its_scope() {
    let after_a_null_sleep = async {
        null_sleep().await;
        told_of_five().await
    };
    assert_eq!(await_sync(after_a_null_sleep).unwrap(), 5);
}

#[test]
fn points_that_a_sub_executor_polled_before_are_dropped() {
    assert_eq!(await_sync(told_of_five()).unwrap_err().reason(), BlockReason::Waiting);
}

#[test]
fn one_branch_that_asks_does_not_save_one_that_waits() {
    let asked = Cell::new(false);
    let both = join(
        async {
            asked.set(Blocks::default().interruptible().await.is_err());
        },
        Blocks::default(),
    );
    assert!(await_sync(both).is_err());
    assert!(asked.get());
}

#[test]
fn a_value_that_is_there_by_the_next_poll_is_not_lost() {
    let mut polls = 0;
    let late = poll_fn(|_| {
        polls += 1;
        if polls > 3 { Poll::Ready(polls) } else { Poll::Pending }
    });
    // polled blindly, to look, and with the abort on offer: the last poll may be the one that is ready
    assert!(await_sync(late).is_err());
    assert_eq!(polls, 3);
    let late = poll_fn(|_| {
        polls += 1;
        if polls > 5 { Poll::Ready(polls) } else { Poll::Pending }
    });
    assert_eq!(await_sync(late).unwrap(), 6);
}

#[test]
fn a_wake_that_outlives_the_drive_is_harmless() {
    let blocks = Blocks::default();
    assert!(await_sync(blocks.clone()).is_err());
    let waker = blocks.0.lock().unwrap().take().expect("the drive's waker was stored");
    waker.wake_by_ref();
    assert!(waker.will_wake(&waker.clone()));
    waker.wake();
}

#[test]
fn drives_nest() {
    let nested = async { await_sync(async { await_sync(async { 1 }).unwrap() + 1 }).unwrap() + 1 };
    assert_eq!(await_sync(nested).unwrap(), 3);

    let inner_blocks = async { await_sync(Blocks::default()).unwrap_err().reason() };
    assert_eq!(await_sync(inner_blocks).unwrap(), BlockReason::Waiting);
}

#[test]
fn a_point_inside_an_inner_drive_is_told_by_the_inner_one() {
    let nested = async {
        let inner = await_sync(async { pending::<()>().interruptible().await.unwrap_err().kind() });
        null_sleep().await;
        inner.unwrap()
    };
    assert_eq!(await_sync(nested).unwrap(), InterruptKind::SyncAbort);
}

#[test]
fn a_panic_goes_through_and_leaves_nothing_behind() {
    let drive = SyncDrive::new();
    for waits_first in [false, true] {
        let panics = async {
            if waits_first {
                let _told = pending::<()>().interruptible().await;
            }
            panic!("of the future");
        };
        let panicked = catch_unwind(AssertUnwindSafe(|| drive.run::<_>(panics).map(|never: ()| never)));
        assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"of the future"));
        assert!(!asynkit::in_sync_drive());
        assert_eq!(await_sync(async { 1 }).unwrap(), 1);
    }
    let panics_on_look = async {
        let mut polls = 0;
        poll_fn(|_| {
            polls += 1;
            assert!(polls < 2, "looked at");
            Poll::<()>::Pending
        })
        .await;
    };
    assert!(catch_unwind(AssertUnwindSafe(|| drive.run(panics_on_look))).is_err());
    assert_eq!(await_sync(Blocks::default()).unwrap_err().sites().len(), 1);
}

#[test]
fn it_works_inside_executors() {
    let answer = smol::block_on(async { await_sync(async { 42 }).unwrap() });
    assert_eq!(answer, 42);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (_sender, receiver) = smol::channel::bounded::<u8>(1);
    let error = runtime.block_on(async { await_sync(receiver.recv()).unwrap_err() });
    assert_eq!(error.reason(), BlockReason::Waiting);
}
