//! Boosting: what waits too long is moved ahead, see [`Boost`].
//!
//! An entry that is boosted stands under another key than its task's until it is taken out: that of the next level
//! which has entries, so that boosts make no levels. There it is before all that were pushed after it.

use super::{Links, ReadyQueue, STEP, detour};
use crate::priority::{Boost, Priority};
use alloc::vec::Vec;

/// The least number of operations between two searches.
const PERIOD: u64 = 10;

/// What the queue keeps for boosting.
#[derive(Debug)]
pub(super) struct Booster {
    boost: Boost,
    /// The number of removals at the last search.
    pub(super) searched: u64,
    /// Kept for their memory: the keys that have entries, and the stragglers with the keys that they stand under.
    keys: Vec<u64>,
    stragglers: Vec<(u32, u64)>,
}

impl Booster {
    pub(super) const fn new() -> Self {
        Booster { boost: Boost::OFF, searched: 0, keys: Vec::new(), stragglers: Vec::new() }
    }
}

impl ReadyQueue {
    /// Says how stragglers are boosted; at first they are not.
    pub(crate) fn set_boost(&mut self, boost: Boost) {
        self.booster.boost = boost;
        self.watch = if boost.factor() > 0.0 { detour::BOOST | detour::LEVELS } else { detour::LEVELS };
        self.detours = self.detours & !detour::BOOST | self.watch;
    }

    /// How many entries were taken out so far.
    fn removals(&self) -> u64 {
        self.removed
    }

    /// Boosts stragglers where that is due. Called before a pop by priority while [`detour::BOOST`] is set, which is
    /// cleared where nothing can straggle.
    pub(super) fn boost<L: Links + ?Sized>(&mut self, slots: &mut L) {
        if self.levels.is_normal() && self.overflow.is_normal() {
            self.detours &= !detour::BOOST;
            return;
        }
        let removals = self.removals();
        if removals > self.booster.searched + PERIOD.max(self.len() as u64) {
            self.booster.searched = removals;
            self.boost_stragglers(slots, removals);
        }
    }

    /// Moves those ahead that were pushed before the push number `before`.
    #[cold]
    fn boost_stragglers<L: Links + ?Sized>(&mut self, slots: &mut L, before: u64) {
        let mut keys = core::mem::take(&mut self.booster.keys);
        let mut stragglers = core::mem::take(&mut self.booster.stragglers);
        let is_old = |sequence: u64| sequence / STEP < before;
        for rank in self.levels.live() {
            let (key, list) = self.levels.at(rank);
            keys.push(key);
            // The list is in the order of sequence numbers.
            let old = list.iter(slots).take_while(|&slot| is_old(slots.link(slot).sequence()));
            stragglers.extend(old.map(|slot| (slot, key)));
        }
        for entry in self.overflow.entries() {
            keys.push(entry.key);
            if is_old(entry.sequence) {
                stragglers.push((entry.slot, entry.key));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        for (slot, key) in stragglers.drain(..) {
            let part = self.booster.boost.draw(before, slots.link(slot).sequence() / STEP);
            let boosted = ahead(&keys, slots.key(slot), part);
            if boosted < key {
                self.unlink(slots, slot);
                self.place(slots, slot, boosted);
            }
        }
        keys.clear();
        (self.booster.keys, self.booster.stragglers) = (keys, stragglers);
    }
}

/// The first of `keys` that is not before the point at `part` of the way from `base` to the first one.
fn ahead(keys: &[u64], base: u64, part: f64) -> u64 {
    let first = keys[0];
    if part >= 1.0 {
        return first;
    }
    // Infinities have no parts.
    let finite = |key| Priority::from_key(key).get().clamp(f64::MIN, f64::MAX);
    let point = finite(base) * (1.0 - part) + finite(first) * part;
    let point = Priority::new(point).map_or(base, Priority::key);
    keys.iter().copied().find(|&key| key >= point).unwrap_or(base)
}
