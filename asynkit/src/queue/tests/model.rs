//! [`Model`]: what the queue is meant to do, without a thought for what it costs.

use super::Operation;
use crate::priority::{Boost, Priority};

#[derive(Debug, Clone, Copy)]
struct Entry {
    slot: u32,
    own: Priority,
    /// What it is sorted by: its own priority, or the one that a boost gave it.
    effective: Priority,
    /// How many were pushed before it.
    pushed: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Model {
    immediate: Vec<Entry>,
    /// In any order.
    others: Vec<Entry>,
    pushes: u64,
    boost: Boost,
    searched: u64,
}

impl Model {
    pub(super) fn with(boost: Boost) -> Self {
        Model { immediate: Vec::new(), others: Vec::new(), pushes: 0, boost, searched: 0 }
    }

    #[cfg(test)]
    pub(super) fn boost(&self) -> Boost {
        self.boost
    }

    pub(super) fn len(&self) -> usize {
        self.immediate.len() + self.others.len()
    }

    /// The slots in the order in which they run, and which of them have a position.
    pub(super) fn order(&self) -> impl Iterator<Item = (u32, bool)> {
        let mut others = self.others.clone();
        others.sort_by_key(|entry| (entry.effective, entry.pushed));
        let immediate = self.immediate.clone().into_iter().map(|entry| (entry.slot, true));
        immediate.chain(others.into_iter().map(|entry| (entry.slot, false)))
    }

    /// Does it; the slot that was popped, or is concerned.
    pub(super) fn apply(&mut self, operation: Operation) -> Option<u32> {
        match operation {
            Operation::Push(priority) => Some(self.push(self.free(), priority)),
            Operation::Fill { from, count } => {
                for above in 0..count {
                    let priority = Priority::new(f64::from(from) + f64::from(above));
                    self.push(self.free(), priority.expect("it is a number"));
                }
                None
            }
            Operation::Pop => self.pop().map(|entry| entry.slot),
            Operation::Yield => {
                let entry = self.pop()?;
                Some(self.push(entry.slot, entry.own))
            }
            Operation::Remove { which } => {
                let slot = self.nth(which)?;
                self.immediate.retain(|entry| entry.slot != slot);
                self.others.retain(|entry| entry.slot != slot);
                Some(slot)
            }
            Operation::InsertAt { priority, pos } => {
                let slot = self.free();
                while self.immediate.len() < pos && !self.others.is_empty() {
                    let first = self.first_other();
                    self.immediate.push(first);
                }
                let pos = pos.min(self.immediate.len());
                let entry = Entry { slot, own: priority, effective: priority, pushed: self.pushes };
                self.pushes += 1;
                self.immediate.insert(pos, entry);
                Some(slot)
            }
            Operation::Rekey { which, priority } => {
                let slot = self.nth(which)?;
                let changed = |entry: &&mut Entry| entry.slot == slot && entry.own != priority;
                for entry in self.immediate.iter_mut().chain(&mut self.others).filter(changed) {
                    (entry.own, entry.effective) = (priority, priority);
                }
                Some(slot)
            }
            Operation::SetBoost(boost) => {
                self.boost = boost;
                None
            }
        }
    }

    /// The lowest slot that is not queued.
    fn free(&self) -> u32 {
        let mut is_free = vec![true; self.len() + 1];
        for entry in self.immediate.iter().chain(&self.others) {
            if let Some(is_free) = is_free.get_mut(entry.slot as usize) {
                *is_free = false;
            }
        }
        let slot = is_free.iter().position(|&is_free| is_free).expect("it has one more than entries");
        u32::try_from(slot).expect("a test has few slots")
    }

    fn nth(&self, which: usize) -> Option<u32> {
        let index = which.checked_rem(self.len())?;
        self.order().nth(index).map(|(slot, _)| slot)
    }

    fn push(&mut self, slot: u32, priority: Priority) -> u32 {
        self.others.push(Entry { slot, own: priority, effective: priority, pushed: self.pushes });
        self.pushes += 1;
        slot
    }

    fn pop(&mut self) -> Option<Entry> {
        if !self.immediate.is_empty() {
            return Some(self.immediate.remove(0));
        }
        self.search();
        if self.others.is_empty() { None } else { Some(self.first_other()) }
    }

    fn first_other(&mut self) -> Entry {
        let first = (0..self.others.len())
            .min_by_key(|&at| (self.others[at].effective, self.others[at].pushed))
            .expect("there is one");
        self.others.remove(first)
    }

    /// Looks for stragglers where that is due.
    fn search(&mut self) {
        let removals = self.pushes - self.len() as u64;
        let is_due = removals > self.searched + (self.len() as u64).max(10);
        let is_one_level = self.others.iter().all(|entry| entry.effective == Priority::NORMAL);
        if self.boost == Boost::OFF || self.boost.factor() <= 0.0 || is_one_level || !is_due {
            return;
        }
        self.searched = removals;
        let mut levels: Vec<_> = self.others.iter().map(|entry| entry.effective).collect();
        levels.sort_unstable();
        let boost = self.boost;
        for entry in self.others.iter_mut().filter(|entry| entry.pushed < removals) {
            let part = boost.draw(removals, entry.pushed);
            let finite = |priority: Priority| priority.get().clamp(f64::MIN, f64::MAX);
            let (own, best) = (finite(entry.own), finite(levels[0]));
            let point = own * (1.0 - part) + best * part;
            let passed = |level: &&Priority| part >= 1.0 || level.get() >= point;
            let reached = levels.iter().find(passed).copied();
            entry.effective = reached.map_or(entry.effective, |level| level.min(entry.effective));
        }
    }
}
