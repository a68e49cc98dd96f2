//! [`Iter`]: the queue in the order in which it would run.

use super::{Links, NIL, ReadyQueue, levels::Ranks, overflow::Entry};
use alloc::vec::Vec;

/// The immediate list, then the levels and the overflow, merged.
#[derive(Debug)]
pub(super) struct Iter<'a, L: ?Sized> {
    queue: &'a ReadyQueue,
    slots: &'a L,
    /// The levels that come after the one of `at`.
    ranks: Ranks,
    /// The key of the level that `at` is in, and `None` in the immediate list.
    key: Option<u64>,
    at: u32,
    /// What is left of the overflow, the last one first.
    overflow: Vec<Entry>,
}

impl<'a, L: Links + ?Sized> Iter<'a, L> {
    pub(super) fn new(queue: &'a ReadyQueue, slots: &'a L) -> Self {
        let (ranks, overflow) = (queue.levels.live(), queue.overflow.sorted());
        Iter { queue, slots, ranks, key: None, at: queue.immediate.head, overflow }
    }
}

impl<L: Links + ?Sized> Iterator for Iter<'_, L> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.at == NIL {
            if let Some(rank) = self.ranks.next() {
                let (key, list) = self.queue.levels.at(rank);
                (self.key, self.at) = (Some(key), list.head);
            }
        }
        let is_first = |entry: &Entry| match self.key {
            _ if self.at == NIL => true,
            Some(key) => entry.order() < (key, self.slots.link(self.at).sequence()),
            None => false,
        };
        if self.overflow.last().is_some_and(is_first) {
            return self.overflow.pop().map(|entry| entry.slot);
        }
        if self.at == NIL {
            return None;
        }
        let slot = self.at;
        self.at = self.slots.link(slot).next;
        Some(slot)
    }
}
