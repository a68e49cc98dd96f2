//! What members are lent, and how it changes.
//!
//! A member is lent the best priority that waits for it, where that is better than its own. Its own waits follow from
//! that, so that a change goes on from holder to holder. Where members wait for each other in a circle (parts of one task
//! can, and it need be no deadlock), what is lent would keep itself up, so there all of it is taken back first.

use super::{Errand, Graph, Holder, slab::NONE, wait::Entry};
use crate::{
    engine::{self, TaskKey},
    priority::Priority,
    util::heap::Heap,
};
use alloc::vec::Vec;

impl Graph {
    /// What a task is lent.
    pub(super) fn lent(&self, key: TaskKey) -> Option<Priority> {
        self.find(key).and_then(|at| self.members[at].lent)
    }

    /// A task has got another priority of its own.
    pub(super) fn reprioritised(&mut self, key: TaskKey, own: Priority) {
        let Some(at) = self.find(key) else { return };
        let before = self.members[at].effective();
        self.members[at].own = Some(own);
        if self.suspects > 0 {
            self.refresh_circle(at);
        } else {
            self.members[at].lent = self.due(at);
            if self.members[at].effective() != before {
                self.sort_waits(at);
                self.spread(at);
            }
        }
        self.tell(at);
    }

    /// The waits of a queue have changed.
    #[inline(always)]
    pub(super) fn refresh_holder(&mut self, queue: u32) {
        if let Holder::Member(member) = self.queues[queue].holder {
            self.refresh(member);
        }
    }

    /// One more waits for a member, with this priority, or one has risen to it.
    #[inline(always)]
    pub(super) fn raise(&mut self, at: u32, priority: Priority) {
        let member = &self.members[at];
        if self.suspects > 0 || member.own.is_none() || priority < member.effective() {
            self.refresh(at);
        }
    }

    /// What waits for a member has become less.
    #[inline(always)]
    pub(super) fn lower(&mut self, at: u32) {
        if self.members[at].lent.is_some() || self.suspects > 0 {
            self.refresh(at);
        }
    }

    /// What waits for a member has changed.
    #[inline(never)]
    pub(super) fn refresh(&mut self, at: u32) {
        if self.suspects > 0 {
            return self.refresh_circle(at);
        }
        if self.take_due(at) {
            self.tell(at);
            self.spread(at);
        }
    }

    /// The change goes on from holder to holder.
    fn spread(&mut self, at: u32) {
        let mut changed: Vec<_> = self.waited_for(at).collect();
        while let Some(at) = changed.pop() {
            if self.take_due(at) {
                self.tell(at);
                changed.extend(self.waited_for(at));
            }
        }
    }

    /// The same where members may wait for each other in a circle.
    #[cold]
    fn refresh_circle(&mut self, at: u32) {
        let all = self.reach(at);
        let before: Vec<_> = all.iter().map(|&at| self.members[at].lent.take()).collect();
        for &at in &all {
            self.sort_waits(at);
        }
        // Priorities only rise from here on, so that this ends.
        let mut changed = all.clone();
        while let Some(at) = changed.pop() {
            if self.take_due(at) {
                changed.extend(self.waited_for(at));
            }
        }
        for (at, before) in all.into_iter().zip(before) {
            if self.members[at].lent != before {
                self.tell(at);
            }
        }
    }

    /// Lends a member what is due to it; whether that is new.
    fn take_due(&mut self, at: u32) -> bool {
        let due = self.due(at);
        let member = &mut self.members[at];
        if member.lent == due {
            return false;
        }
        member.lent = due;
        self.sort_waits(at);
        true
    }

    fn sort_waits(&mut self, at: u32) {
        let priority = self.members[at].effective();
        for nth in 0..self.members[at].waits.len() {
            self.sort(self.members[at].waits[nth], priority);
        }
    }

    /// The best priority that waits for a member, itself left out, where it is better than its own.
    fn due(&self, at: u32) -> Option<Priority> {
        let mut due: Option<Priority> = None;
        for &queue in &self.members[at].held {
            let heap = &self.queues[queue].heap;
            let Some(first) = heap.first() else { continue };
            let best = if self.waits[first.wait].member == at {
                self.best_of_others(heap, at)
            } else {
                Some(first.priority)
            };
            due = match (due, best) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        let own = self.members[at].own;
        due.filter(|due| own.is_none_or(|own| *due < own))
    }

    #[cold]
    fn best_of_others(&self, heap: &Heap<Entry>, at: u32) -> Option<Priority> {
        let others = heap.as_slice().iter().filter(|entry| self.waits[entry.wait].member != at);
        others.map(|entry| entry.priority).min()
    }

    /// The members that hold what a member waits for.
    pub(super) fn waited_for(&self, at: u32) -> impl Iterator<Item = u32> + use<'_> {
        self.members[at].waits.iter().filter_map(|&wait| self.holder_of(wait))
    }

    /// The member that holds what a wait waits for.
    pub(super) fn holder_of(&self, wait: u32) -> Option<u32> {
        match self.queues[self.waits[wait].queue].holder {
            Holder::Member(member) => Some(member),
            Holder::Anybody | Holder::Other => None,
        }
    }

    /// Those that a member waits for, however indirectly, itself first.
    pub(super) fn reach(&mut self, at: u32) -> Vec<u32> {
        self.walks += 1;
        let mut all = Vec::from([at]);
        self.members[at].seen = self.walks;
        let mut next = 0;
        while let Some(&at) = all.get(next) {
            next += 1;
            for nth in 0..self.members[at].waits.len() {
                let Some(holder) = self.holder_of(self.members[at].waits[nth]) else { continue };
                if core::mem::replace(&mut self.members[holder].seen, self.walks) != self.walks {
                    all.push(holder);
                }
            }
        }
        all
    }

    /// The executor of a member is told what that is lent.
    fn tell(&mut self, at: u32) {
        let member = &self.members[at];
        let (key, lent) = (member.key(), member.lent);
        match engine::find(key.executor()) {
            Some(shared) => shared.lend(key, lent),
            None => self.errands.push(Errand::Lend(key)),
        }
    }

    /// The member that waits, if it is a task of ours.
    pub(super) fn member_of(&self, wait: u32) -> Option<u32> {
        let member = self.waits[wait].member;
        (member != NONE).then_some(member)
    }
}
