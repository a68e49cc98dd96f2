//! [`Store`]: what the clients share, in shards, so that threads do not wait for each other's keys.

mod keys;
mod locked;
mod members;
mod object;
mod shard;
mod sorted;

pub use keys::{End, Keys, Millis};
pub(super) use locked::{Locked, WrongKind};
pub use members::Members;
pub use object::{Hash, Kind, List, Object, Text};
pub(super) use shard::{Dirty, Side, Waiter};
pub use sorted::Sorted;

use shard::Shard;
use std::sync::{Mutex, PoisonError};

/// The most shards: which of them a command needs is a word of bits.
const MOST: usize = 64;

/// All keys.
#[derive(Debug)]
pub(super) struct Store {
    shards: Box<[Mutex<Shard>]>,
}

/// Which shards a command needs: a bit for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shards(u64);

impl Shards {
    pub(super) const NONE: Shards = Shards(0);

    pub(super) fn and(self, other: Shards) -> Shards {
        Shards(self.0 | other.0)
    }
}

impl Store {
    /// A store for so many threads.
    pub(super) fn new(threads: usize) -> Self {
        let shards = if threads == 1 { 1 } else { MOST };
        Store { shards: (0..shards).map(|_| Mutex::default()).collect() }
    }

    /// The shard of a key.
    pub(super) fn shard_of(&self, key: &[u8]) -> Shards {
        Shards(1 << index(key, self.shards.len()))
    }

    /// All shards.
    pub(super) fn all(&self) -> Shards {
        Shards(u64::MAX >> (MOST - self.shards.len()))
    }

    /// Each shard by itself.
    pub(super) fn each(&self) -> impl Iterator<Item = Shards> {
        (0..self.shards.len()).map(|at| Shards(1 << at))
    }

    /// Locks these shards and forgets what is due in them.
    ///
    /// Every caller takes them in the same order, and holds none before: nobody waits for ever.
    pub(super) fn lock(&self, which: Shards, now: Millis) -> Locked<'_> {
        let mut left = which.0;
        let mut guards = std::iter::from_fn(|| {
            let at = left.trailing_zeros() as usize;
            // No bit is left: there is no shard of that number.
            let mut guard = self.shards.get(at)?.lock().unwrap_or_else(PoisonError::into_inner);
            left &= left - 1;
            guard.expire(now);
            Some((at, guard))
        });
        let first = guards.next();
        Locked::new(self.shards.len(), first, guards.collect())
    }
}

/// Which of `shards` has a key: FNV-1a. Whoever picks keys of one shard costs the others nothing but speed.
fn index(key: &[u8], shards: usize) -> usize {
    if shards == 1 {
        return 0;
    }
    let hash = key.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // The count is a power of two, and the upper bits are mixed better.
    (hash >> 40) as usize % shards
}
