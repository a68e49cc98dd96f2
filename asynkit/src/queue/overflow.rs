//! [`Overflow`]: a heap of the entries that no list can take.

use super::{Links, NORMAL};
use crate::util::heap::Heap;
use alloc::vec::Vec;

/// An entry; they are compared by their fields in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) key: u64,
    pub(super) sequence: u64,
    pub(super) slot: u32,
}

impl Entry {
    /// What it is compared with entries of the levels by.
    pub(super) fn order(&self) -> (u64, u64) {
        (self.key, self.sequence)
    }
}

/// Entries by key and sequence; the link of each has its index in the heap as `prev`.
#[derive(Debug)]
pub(super) struct Overflow {
    heap: Heap<Entry>,
    /// How many are not of the normal priority.
    others: usize,
}

impl Overflow {
    pub(super) const fn new() -> Self {
        Overflow { heap: Heap::new(), others: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Whether all are of the normal priority.
    pub(super) fn is_normal(&self) -> bool {
        self.others == 0
    }

    pub(super) fn first(&self) -> Option<&Entry> {
        self.heap.first()
    }

    pub(super) fn push<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32, key: u64) {
        let entry = Entry { key, sequence: slots.link(slot).sequence(), slot };
        self.others += usize::from(key != NORMAL);
        self.heap.push(entry, moved(slots));
    }

    pub(super) fn remove<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32) {
        let at = slots.link(slot).prev as usize;
        let entry = self.heap.remove(at, moved(slots));
        self.others -= usize::from(entry.key != NORMAL);
    }

    pub(super) fn entries(&self) -> &[Entry] {
        self.heap.as_slice()
    }

    /// The entries, the last one first.
    pub(super) fn sorted(&self) -> Vec<Entry> {
        let mut entries = self.heap.as_slice().to_vec();
        entries.sort_unstable_by(|a, b| b.cmp(a));
        entries
    }
}

fn moved<L: Links + ?Sized>(slots: &mut L) -> impl FnMut(&Entry, usize) {
    |entry, at| {
        slots.link_mut(entry.slot).prev = u32::try_from(at).expect("there are fewer entries than slots");
    }
}
