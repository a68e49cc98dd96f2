//! Sync drives that come to a wait, at every wait of every body.

use crate::bodies::{asks, children, owners, waits, wrappers};
use asynkit::{
    Co, Interrupt, InterruptExt as _, InterruptKind, SyncDrive, aiter_sync, await_sync, coro_drive,
    drive::BlockReason, drive_async, generator, in_sync_drive, throw_when,
};
use asynkit_tests::{Ledger, Value, now};
use std::{
    future::{pending, ready},
    pin::Pin,
};

type Body = Pin<Box<dyn Future<Output = ()>>>;

type Make = fn(Ledger) -> Body;

const BODIES: &[(&str, Make)] = &[
    ("waits", |l| Box::pin(waits(l))),
    ("children", |l| Box::pin(children(l))),
    ("wrappers", |l| Box::pin(wrappers(l))),
    ("owners", |l| Box::pin(owners(l))),
];

/// How many waits the body has.
fn waits_of(body: Make) -> usize {
    let l = Ledger::default();
    l.open_below(usize::MAX);
    now(body(l.clone())).expect("nothing is waited for");
    l.leaves()
}

fn is_clean(l: &Ledger, place: &str) {
    assert_eq!((l.alive(), l.dropped_twice()), (0, 0), "{place} leaks, or drops twice");
    assert!(!in_sync_drive(), "{place} leaves a drive open");
}

#[test]
fn a_sync_drive_that_blocks_at_any_wait_drops_everything_and_says_so() {
    for (name, body) in BODIES {
        let waits = waits_of(*body);
        assert!(waits >= 4, "{name} has {waits} waits");
        for n in 0..=waits {
            for drive in [SyncDrive::new(), SyncDrive::new().capture(false), SyncDrive::new().strict(true)] {
                let place = format!("{name} at {n} of {waits}: {drive:?}");
                let l = Ledger::default();
                l.open_below(n);
                match drive.run(body(l.clone())) {
                    Ok(()) => assert!(n == waits, "{place} did not wait"),
                    Err(blocked) => {
                        assert!(n < waits, "{place}: {blocked}");
                        // Children and letters are woken by each other, which a strict drive does not forgive.
                        let is_strict = drive == SyncDrive::new().strict(true);
                        let woke_itself = is_strict && blocked.reason() == BlockReason::WokeItself;
                        assert!(blocked.reason() == BlockReason::Waiting || woke_itself, "{place}");
                        drop(blocked);
                    }
                }
                is_clean(&l, &place);
            }
        }
    }
}

#[test]
fn a_drive_whose_callback_throws_at_any_wait_delivers_the_error_once_or_gives_it_back() {
    for (name, body) in BODIES {
        let waits = waits_of(*body);
        for n in 0..waits {
            for in_drive in [false, true] {
                let place = format!("{name} at {n} of {waits}, in a drive: {in_drive}");
                let l = Ledger::default();
                l.open_below(n);
                let mut throws = true;
                let on_suspend = || {
                    if std::mem::take(&mut throws) {
                        return Err(Interrupt::new(l.error()));
                    }
                    l.open();
                    Ok(())
                };
                let ended = if in_drive {
                    drive_async(body(l.clone()), on_suspend)
                } else {
                    coro_drive(body(l.clone()), on_suspend)
                };
                let given_back = usize::from(ended.is_err());
                drop(ended);
                assert!(l.told() + given_back == 1, "{place}: told {}, given back {given_back}", l.told());
                is_clean(&l, &place);
            }
        }
    }
}

#[test]
fn an_iterator_that_blocks_at_any_wait_ends_and_closes_its_source() {
    let source = |l: Ledger| {
        generator(async move |mut co: Co<'_, Value>| {
            for _ in 0..3 {
                asks(&l).await;
                co.ayield(l.value()).await;
                l.leaf().await;
            }
        })
    };
    for n in 0..=6 {
        let l = Ledger::default();
        l.open_below(n);
        let mut items = aiter_sync(Box::pin(source(l.clone())));
        let mut got = 0;
        let blocked = items.by_ref().any(|item| {
            got += 1;
            item.is_err()
        });
        assert_eq!(blocked, n < 6, "{got} items with {n} waits open");
        assert!(items.next().is_none());
        is_clean(&l, &format!("an iterator with {n} waits open"));
    }
}

#[test]
fn every_kind_of_stop_is_told_until_its_scope_ends_and_no_longer() {
    for kind in [InterruptKind::Cancel, InterruptKind::Timeout, InterruptKind::Close, InterruptKind::Thrown] {
        let told = await_sync(throw_when(ready(()), kind, async {
            let mut told = 0;
            for _ in 0..3 {
                // One that is not a stop is told once; then the drive ends the wait.
                let error = pending::<()>().interruptible().await.unwrap_err();
                told += u32::from(error.kind() == kind);
            }
            told
        }));
        assert_eq!(told.unwrap().unwrap(), if kind == InterruptKind::Thrown { 1 } else { 3 }, "{kind:?}");
    }
    assert!(now(pending::<()>().interruptible()).is_none(), "nothing is on offer any more");
}
