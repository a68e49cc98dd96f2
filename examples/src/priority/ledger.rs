//! [`Ledger`]: what all requests share, behind one lock.

use super::class::Way;
use asynkit::{PriorityLock, lock::PriorityGuard};
use smol::lock::{Mutex, MutexGuard};
use std::ops::{Deref, DerefMut};

/// What is written down.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) requests: u64,
    pub(super) reports: u64,
}

/// A ledger and its lock.
#[derive(Debug)]
pub(super) enum Locked {
    Inherits(PriorityLock<Ledger>),
    Plain(Mutex<Ledger>),
}

/// It is held.
pub(super) enum Held<'a> {
    Inherits(PriorityGuard<'a, Ledger>),
    Plain(MutexGuard<'a, Ledger>),
}

impl Locked {
    pub(super) fn new(way: Way) -> Self {
        match way {
            Way::PlainLock => Locked::Plain(Mutex::default()),
            // Among equals it is a lock like any other.
            Way::Alike | Way::Inherited => Locked::Inherits(PriorityLock::new(Ledger::default())),
        }
    }

    pub(super) async fn lock(&self) -> Held<'_> {
        match self {
            Locked::Inherits(lock) => {
                Held::Inherits(lock.lock().await.expect("no request locks another one's lock, too"))
            }
            Locked::Plain(lock) => Held::Plain(lock.lock().await),
        }
    }
}

impl Deref for Held<'_> {
    type Target = Ledger;

    fn deref(&self) -> &Ledger {
        match self {
            Held::Inherits(held) => held,
            Held::Plain(held) => held,
        }
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut Ledger {
        match self {
            Held::Inherits(held) => held,
            Held::Plain(held) => held,
        }
    }
}
