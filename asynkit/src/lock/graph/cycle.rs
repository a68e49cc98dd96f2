//! Deadlocks: found where a wait closes a circle, and proved before they are said to be any.
//!
//! A circle in the graph is not yet a deadlock: a task may have several waits at a time (`join!`), and the part of it
//! that holds the lock may go on. So each task of the circle is polled once more, by a waker that tells whether anybody
//! keeps it. A task that comes out of that poll waiting, with nobody but locks to wake it, is *stuck*. When all that a
//! member waits for, however indirectly, is held by those that are stuck, none of them will ever move again: the youngest
//! wait that is part of a circle fails.

use super::{Errand, Graph, Sketch, Wake, wait::State};
use crate::{
    engine::{self, Portrait, TaskKey},
    lock::deadlock::{BlockedTask, Deadlock},
};
use alloc::vec::Vec;
use core::cmp::Reverse;

impl Graph {
    /// A wait may have closed a circle.
    #[cold]
    pub(super) fn suspect_of(&mut self, wait: u32) {
        if let Some(member) = self.member_of(wait) {
            self.search(member);
        }
    }

    /// A member may have closed a circle.
    #[inline(always)]
    pub(super) fn suspect(&mut self, at: u32) {
        if !self.members[at].waits.is_empty() {
            self.search(at);
        }
    }

    /// Those on a circle are to prove that they are stuck.
    #[inline(never)]
    fn search(&mut self, at: u32) {
        let all = self.reach(at);
        let closes = |&other: &u32| self.waited_for(other).any(|holder| holder == at);
        if !all.iter().any(closes) {
            return;
        }
        for at in all {
            let member = &mut self.members[at];
            // One that waits for nothing is at the end of a way, and not part of a circle.
            if member.waits.is_empty() {
                continue;
            }
            self.suspects += u32::from(!core::mem::replace(&mut member.is_suspect, true));
            member.is_stuck = false;
            let key = member.key();
            self.errands.push(Errand::Probe(key));
        }
    }

    /// A task has suspended in the poll that was to prove whether it is stuck.
    pub(super) fn probed(&mut self, key: TaskKey, is_stuck: bool, portrait: &Portrait) {
        let Some(at) = self.find(key) else { return };
        let member = &mut self.members[at];
        member.is_stuck = is_stuck;
        member.sketch = Some(Sketch::of(portrait));
        if is_stuck {
            self.judge(at);
        }
    }

    /// Whether all that a member waits for is held by those that are stuck; then a wait fails.
    fn judge(&mut self, at: u32) {
        let all = self.reach(at);
        if !all.iter().all(|&at| self.is_stuck(at)) {
            return;
        }
        let mut waits: Vec<_> = all.iter().flat_map(|&at| self.members[at].waits.iter().copied()).collect();
        waits.sort_unstable_by_key(|&wait| Reverse(self.waits[wait].sequence));
        let youngest = waits.into_iter().filter(|&wait| !self.waits[wait].is_bound);
        let youngest: Vec<_> = youngest.collect();
        let Some((wait, circle)) = youngest.into_iter().find_map(|wait| Some((wait, self.circle(wait)?)))
        else {
            return;
        };
        self.fail(wait, &circle);
        // Others may be in a circle of their own; each failure leaves one wait less.
        for at in all {
            self.judge(at);
        }
    }

    /// Whether a member waits, for locks that tasks of ours hold only, and nothing else can wake it.
    fn is_stuck(&self, at: u32) -> bool {
        let member = &self.members[at];
        let is_held = |&wait: &u32| self.holder_of(wait).is_some();
        member.is_stuck
            && !member.waits.is_empty()
            && member.waits.iter().all(is_held)
            && engine::find(member.key().executor()).is_none_or(|shared| shared.is_blocked(member.key()))
    }

    /// The waits of the shortest circle that a wait is part of, itself first.
    fn circle(&mut self, wait: u32) -> Option<Vec<u32>> {
        let waiter = self.member_of(wait)?;
        self.walks += 1;
        let mut paths = Vec::from([(wait, usize::MAX)]);
        let mut next = 0;
        while let Some(&(wait, _)) = paths.get(next) {
            let Some(holder) = self.holder_of(wait) else {
                next += 1;
                continue;
            };
            if holder == waiter {
                let mut circle = Vec::new();
                let mut at = next;
                while let Some(&(wait, before)) = paths.get(at) {
                    circle.push(wait);
                    at = before;
                }
                circle.reverse();
                return Some(circle);
            }
            if core::mem::replace(&mut self.members[holder].seen, self.walks) != self.walks {
                paths.extend(self.members[holder].waits.iter().map(|&wait| (wait, next)));
            }
            next += 1;
        }
        None
    }

    /// A wait fails, and its task is woken.
    fn fail(&mut self, wait: u32, circle: &[u32]) {
        let deadlock = Deadlock::new(circle.iter().filter_map(|&wait| self.describe(wait)).collect());
        let task = self.member_of(wait).map(|member| Wake::Task(self.members[member].key()));
        let waker = self.unlink(wait).map(Wake::Waker);
        self.waits[wait].state = State::Failed(deadlock);
        self.errands.extend(waker.or(task).map(Errand::Wake));
    }

    fn describe(&self, wait: u32) -> Option<BlockedTask> {
        let task = self.members[self.member_of(wait)?].sketch.clone()?;
        let made_at = self.queues[self.waits[wait].queue].made_at?;
        Some(BlockedTask::new(task, self.waits[wait].site?, made_at))
    }
}
