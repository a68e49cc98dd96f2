//! The queue of what is ready to run: in the order of priorities, in turn among equal ones, and with positions.
//!
//! It holds slots of the executor's slab, and keeps nothing about a task but the [`Link`] in its slot. Three parts:
//!
//! - *immediate*: a list of what was placed by position. It comes before everything else.
//! - *levels*: a list for each of up to 64 priorities, and a bitmap of those that have entries. Each list is in the
//!   order of the entries' sequence numbers.
//! - *overflow*: a heap of what no list can take at its ends: entries of a 65th priority, and re-sorted ones that
//!   belong in the middle of a list.
//!
//! Pushing, popping and removing take constant time, in the overflow O(log n).

mod boost;
mod iter;
mod levels;
mod list;
mod overflow;
#[cfg(any(test, fuzzing))]
pub(crate) mod tests;

use crate::priority::Priority;
use boost::Booster;
use levels::{Levels, NORMAL_LEVEL};
use list::List;
use overflow::Overflow;

/// No slot.
pub(crate) const NIL: u32 = u32::MAX;

/// How many priorities have a list.
const LEVELS: usize = 64;

/// The key of most tasks.
const NORMAL: u64 = Priority::NORMAL.key();

/// Where a slot is that is in no level; smaller homes are the ids of levels.
const IMMEDIATE: u8 = 64;
const OVERFLOW: u8 = 65;

/// One sequence number.
const STEP: u64 = 1 << 8;

/// What the queue keeps in each slot of the executor's slab.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    /// In the overflow: the index in the heap.
    prev: u32,
    next: u32,
    /// The sequence number of its push, and in the low 8 bits its home: 2^56 pushes take longer than anything runs.
    stamp: u64,
}

impl Link {
    /// The link of a slot that is not queued.
    pub(crate) const fn new() -> Self {
        Link { prev: NIL, next: NIL, stamp: 0 }
    }

    /// What [`chain`](Self::chain) was given.
    #[cfg(feature = "executor")]
    #[inline(always)]
    pub(crate) fn chained(self) -> u32 {
        self.next
    }

    /// Keeps the number of another slot while this one is not queued.
    #[cfg(feature = "executor")]
    #[inline(always)]
    pub(crate) fn chain(&mut self, next: u32) {
        self.next = next;
    }

    #[expect(clippy::cast_possible_truncation, reason = "the low 8 bits are meant")]
    fn home(self) -> u8 {
        self.stamp as u8
    }

    /// The sequence number, with the bits of the home 0: that of no other push.
    pub(crate) fn sequence(self) -> u64 {
        self.stamp & !(STEP - 1)
    }

    fn set_home(&mut self, home: u8) {
        self.stamp = self.sequence() | u64::from(home);
    }
}

/// The slab as the queue sees it.
pub(crate) trait Links {
    /// A slot, which has a link.
    type Row: AsMut<Link>;

    fn link(&self, slot: u32) -> &Link;

    fn link_mut(&mut self, slot: u32) -> &mut Link;

    /// All of a slot that may be [`NIL`].
    fn row(&mut self, slot: u32) -> Option<&mut Self::Row>;

    /// The order of its priority: [`Priority::key`].
    fn key(&self, slot: u32) -> u64;
}

/// Parts that a pop has to look at before the levels.
mod detour {
    pub(super) const IMMEDIATE: u8 = 1;
    pub(super) const OVERFLOW: u8 = 2;
    /// No part, but the care for stragglers: there is an entry that is not of the normal level, and boosting is on.
    pub(super) const BOOST: u8 = 4;
    /// Levels besides the normal one have entries, or had some.
    pub(super) const LEVELS: u8 = 8;
}

/// The ready queue.
#[derive(Debug)]
pub(crate) struct ReadyQueue {
    /// The sequence number of the next push.
    sequence: u64,
    /// How many entries were taken out so far.
    removed: u64,
    /// Which of the parts besides the levels have entries: one test on the way of a pop.
    detours: u8,
    levels: Levels,
    immediate: List,
    immediate_len: usize,
    overflow: Overflow,
    /// What an entry that is not of the normal level sets: [`detour::LEVELS`], and [`detour::BOOST`] where boosting is on.
    watch: u8,
    booster: Booster,
}

impl ReadyQueue {
    pub(crate) const fn new() -> Self {
        ReadyQueue {
            sequence: 0,
            removed: 0,
            detours: 0,
            levels: Levels::new(),
            immediate: List::EMPTY,
            immediate_len: 0,
            overflow: Overflow::new(),
            watch: detour::LEVELS,
            booster: Booster::new(),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "there are fewer entries than slots")]
    pub(crate) fn len(&self) -> usize {
        (self.sequence / STEP - self.removed) as usize
    }

    /// Queues a slot that is not queued, at the end of its priority.
    #[inline(always)]
    pub(crate) fn push<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32) {
        // The slot is looked up before anything is written, so that it is looked up once.
        let is_normal = slots.key(slot) == NORMAL;
        let sequence = self.next_sequence();
        if is_normal {
            self.levels.push_back_normal(slots, slot, sequence);
        } else {
            self.push_elsewhere(slots, slot, sequence);
        }
    }

    /// The same for a slot of the normal priority.
    #[inline(always)]
    pub(crate) fn push_normal<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32) {
        let sequence = self.next_sequence();
        self.levels.push_back_normal(slots, slot, sequence);
    }

    /// Counts one more entry.
    #[inline(always)]
    fn next_sequence(&mut self) -> u64 {
        let sequence = self.sequence;
        self.sequence = sequence + STEP;
        sequence
    }

    #[inline(never)]
    fn push_elsewhere<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32, sequence: u64) {
        self.detours |= self.watch;
        let key = slots.key(slot);
        let link = slots.link_mut(slot);
        // Its former level is mostly the right one.
        if let Some(id) = self.levels.guess(link.home(), key).or_else(|| self.levels.open(key)) {
            self.levels.push_back(slots, id, slot, sequence);
        } else {
            link.stamp = sequence;
            self.overflow(slots, slot, key);
        }
    }

    /// Takes off what runs next; gives it with its row.
    #[inline(always)]
    pub(crate) fn pop<'a, L: Links + ?Sized>(&mut self, slots: &'a mut L) -> Option<(u32, &'a mut L::Row)> {
        let popped = if self.detours == 0 {
            self.levels.normal_mut().pop_front(slots)?
        } else if self.detours & detour::IMMEDIATE != 0 {
            self.pop_immediate(slots)?
        } else {
            let slot = self.pop_elsewhere(slots)?;
            (slot, slots.row(slot)?)
        };
        self.removed += 1;
        Some(popped)
    }

    #[inline(never)]
    fn pop_elsewhere<L: Links + ?Sized>(&mut self, slots: &mut L) -> Option<u32> {
        if self.detours & detour::BOOST != 0 {
            self.boost(slots);
        }
        if self.levels.is_normal() {
            self.detours &= !detour::LEVELS;
        }
        self.pop_by_priority(slots)
    }

    /// The first one of those that have a position.
    #[inline(always)]
    fn pop_immediate<'a, L: Links + ?Sized>(&mut self, slots: &'a mut L) -> Option<(u32, &'a mut L::Row)> {
        self.immediate_len -= 1;
        if self.immediate_len == 0 {
            self.detours &= !detour::IMMEDIATE;
        }
        self.immediate.pop_front(slots)
    }

    /// The next one of those that have no position.
    fn pop_by_priority<L: Links + ?Sized>(&mut self, slots: &mut L) -> Option<u32> {
        if let Some(slot) = self.overflow.first() {
            let before = |(key, list): (u64, List)| (key, slots.link(list.head).sequence()) < slot.order();
            if !self.levels.live().next().is_some_and(|rank| before(self.levels.at(rank))) {
                let slot = slot.slot;
                self.unlink(slots, slot);
                return Some(slot);
            }
        }
        self.levels.pop(slots)
    }

    /// Takes out a slot that is queued.
    pub(crate) fn remove<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32) {
        self.unlink(slots, slot);
        self.removed += 1;
    }

    fn unlink<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32) {
        match slots.link(slot).home() {
            IMMEDIATE => {
                self.immediate.unlink(slots, slot);
                self.immediate_len -= 1;
                if self.immediate.is_empty() {
                    self.detours &= !detour::IMMEDIATE;
                }
                slots.link_mut(slot).set_home(NORMAL_LEVEL);
            }
            OVERFLOW => {
                self.overflow.remove(slots, slot);
                if self.overflow.is_empty() {
                    self.detours &= !detour::OVERFLOW;
                }
                slots.link_mut(slot).set_home(NORMAL_LEVEL);
            }
            // Its level stays in the link, for the next push.
            level => self.levels.unlink(slots, level, slot),
        }
    }

    /// Puts a slot where its sequence number belongs among those of the key.
    fn place<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32, key: u64) {
        self.detours |= self.watch;
        let Some(id) = self.levels.open(key) else { return self.overflow(slots, slot, key) };
        let (list, sequence) = (self.levels.list(id), slots.link(slot).sequence());
        if list.is_empty() || slots.link(list.tail).sequence() < sequence {
            self.levels.push_back(slots, id, slot, sequence);
        } else if sequence < slots.link(list.head).sequence() {
            self.levels.push_front(slots, id, slot);
        } else {
            self.overflow(slots, slot, key);
        }
    }

    fn overflow<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32, key: u64) {
        slots.link_mut(slot).set_home(OVERFLOW);
        self.overflow.push(slots, slot, key);
        self.detours |= detour::OVERFLOW;
    }

    /// Queues a slot that is not queued so that `pos` others run before it, all where there are fewer.
    ///
    /// It and those before it are immediate from then on: whatever is pushed later comes after them. It walks `pos`
    /// entries, and gives the sequence number.
    #[inline(always)]
    pub(crate) fn insert_at<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32, pos: usize) -> u64 {
        let sequence = self.next_sequence();
        slots.link_mut(slot).stamp = sequence | u64::from(IMMEDIATE);
        let before = match pos {
            0 => NIL,
            1 if self.immediate_len != 0 => self.immediate.head,
            _ => self.immediate_at(slots, pos),
        };
        if before == NIL {
            self.immediate.push_front(slots, slot);
        } else {
            self.immediate.insert_after(slots, before, slot);
        }
        self.immediate_len += 1;
        self.detours |= detour::IMMEDIATE;
        sequence
    }

    /// The last one of the first `count`, which it makes immediate; of all where there are fewer, [`NIL`] where none is.
    #[inline(never)]
    fn immediate_at<L: Links + ?Sized>(&mut self, slots: &mut L, count: usize) -> u32 {
        self.pin(slots, count);
        if count >= self.immediate_len {
            return self.immediate.tail;
        }
        (1..count).fold(self.immediate.head, |at, _| slots.link(at).next)
    }

    /// Makes the first `count` slots immediate, in their order; all where there are fewer.
    fn pin<L: Links + ?Sized>(&mut self, slots: &mut L, count: usize) {
        while self.immediate_len < count {
            let Some(next) = self.pop_by_priority(slots) else { return };
            let stamp = slots.link(next).sequence() | u64::from(IMMEDIATE);
            self.immediate.push_back(slots, next, stamp);
            self.immediate_len += 1;
            self.detours |= detour::IMMEDIATE;
        }
    }

    /// Has a queued slot run before all others.
    #[inline(always)]
    pub(crate) fn bring_first<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32) {
        if self.immediate.head != slot {
            self.remove(slots, slot);
            self.insert_at(slots, slot, 0);
        }
    }

    /// Sorts a queued slot again whose key has just changed from `old`.
    ///
    /// It keeps the sequence number of its push: it comes before those of its new priority that were pushed after it,
    /// and one that goes away and comes back is where it was. An immediate one keeps its place.
    pub(crate) fn rekey<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32, old: u64) {
        let key = slots.key(slot);
        if key == old || self.is_immediate(slots, slot) {
            return;
        }
        self.unlink(slots, slot);
        self.place(slots, slot, key);
    }

    /// Whether a queued slot has a position rather than the place of its priority.
    #[expect(clippy::unused_self, reason = "it is the queue that is asked")]
    pub(crate) fn is_immediate<L: Links + ?Sized>(&self, slots: &L, slot: u32) -> bool {
        slots.link(slot).home() == IMMEDIATE
    }

    /// The queued slots in the order in which they would run.
    ///
    /// It allocates where there is an overflow only.
    pub(crate) fn iter<'a, L: Links + ?Sized>(
        &'a self,
        slots: &'a L,
    ) -> impl Iterator<Item = u32> + use<'a, L> {
        iter::Iter::new(self, slots)
    }
}
