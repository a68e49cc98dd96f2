//! Panics of what users give: items, answers, errors, values, variables, wakers, conversions. Those of futures, at every
//! suspension of every holder, are in the tables of the other files.

mod messages;
mod values;
mod wakers;

use asynkit::{ContextVar, InterruptExt as _};
use asynkit_tests::{Chosen, Ledger, Value, poll_once};
use std::{
    error::Error,
    fmt,
    future::pending,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::pin,
    thread,
};

/// A value whose drop panics, after it was counted.
#[derive(Debug)]
struct Bomb(#[expect(dead_code, reason = "it is counted")] Value);

impl Bomb {
    fn new(l: &Ledger) -> Self {
        Bomb(l.value())
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        explode();
    }
}

impl fmt::Display for Bomb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bomb")
    }
}

impl Error for Bomb {}

/// Panics, unless a panic is on its way.
fn explode() {
    if !thread::panicking() {
        resume_unwind(Box::new(Chosen));
    }
}

/// `f` panics as it was chosen to.
#[track_caller]
fn explodes<T>(f: impl FnOnce() -> T) {
    match catch_unwind(AssertUnwindSafe(|| drop(f()))) {
        Ok(()) => panic!("it did not panic"),
        Err(panic) if panic.is::<Chosen>() => {}
        Err(panic) => resume_unwind(panic),
    }
}

/// Something that panics on the way.
type Place = fn(&Ledger);

/// Runs each place, and looks at what it leaves.
fn table(places: &[(&str, Place)]) {
    for (name, place) in places {
        println!("{name}");
        let l = Ledger::default();
        place(&l);
        assert_eq!((l.alive(), l.dropped_twice()), (0, 0), "{name} leaks, or drops twice");
        assert!(!asynkit::in_sync_drive(), "{name} leaves a drive open");
        assert!(poll_once(pin!(pending::<()>().interruptible())).is_pending(), "{name} leaves an offer open");
        assert!(VAR.get().is_none(), "{name} leaves a context open");
    }
}

static VAR: ContextVar<u32> = ContextVar::new();
