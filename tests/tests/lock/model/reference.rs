//! What is to be, worked out anew from who holds what and who waits for what.

use super::Command;
use crate::at;
use asynkit::Priority;

/// How a task waits for a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// For the lock alone.
    Firmly,
    /// Until it is told to give up, so that it cannot be part of a deadlock.
    Loosely,
}

#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) lock: usize,
    pub(super) how: How,
    since: usize,
}

#[derive(Debug, Clone)]
pub(super) struct ModelTask {
    pub(super) own: Priority,
    pub(super) waits: Option<Waiting>,
    pub(super) deadlocks: u32,
    /// The own one of those that come in its place.
    first: Priority,
}

#[derive(Debug, Clone, Default)]
pub(super) struct ModelLock {
    pub(super) holder: Option<usize>,
    pub(super) is_poisoned: bool,
}

/// How often it came to what is to be tried.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) longest_chain: usize,
    pub(super) widest: usize,
    pub(super) lent: usize,
    pub(super) deadlocks: usize,
    pub(super) loose_circles: usize,
    /// By command.
    pub(super) done: [usize; 11],
}

#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) tasks: Vec<ModelTask>,
    pub(super) locks: Vec<ModelLock>,
    waits_so_far: usize,
    pub(super) tally: Tally,
}

impl Model {
    pub(super) fn new(own: &[f64]) -> Self {
        let task = |&own: &f64| ModelTask { own: at(own), waits: None, deadlocks: 0, first: at(own) };
        Model {
            tasks: own.iter().map(task).collect(),
            locks: vec![ModelLock::default(); own.len()],
            waits_so_far: 0,
            tally: Tally::default(),
        }
    }

    pub(super) fn held_by(&self, task: usize) -> Vec<usize> {
        (0..self.locks.len()).filter(|&lock| self.locks[lock].holder == Some(task)).collect()
    }

    fn waiting_for(&self, lock: usize) -> Vec<usize> {
        let waits = |&task: &usize| self.tasks[task].waits.as_ref().is_some_and(|waits| waits.lock == lock);
        (0..self.tasks.len()).filter(waits).collect()
    }

    /// Whom a task waits for.
    fn blocked_by(&self, task: usize) -> Option<usize> {
        self.locks[self.tasks[task].waits.as_ref()?.lock].holder
    }

    /// What each runs with: the best of its own one and of those of all that wait for it, however indirectly.
    pub(super) fn effective(&self) -> Vec<Priority> {
        let mut effective: Vec<_> = self.tasks.iter().map(|task| task.own).collect();
        for task in 0..self.tasks.len() {
            let mut next = self.blocked_by(task);
            // Longer than that it goes round in a circle.
            for _ in 0..self.tasks.len() {
                let Some(holder) = next else { break };
                effective[holder] = effective[holder].min(self.tasks[task].own);
                next = self.blocked_by(holder);
            }
        }
        effective
    }

    /// The best priority that waits for each lock.
    pub(super) fn best(&self, effective: &[Priority]) -> Vec<Option<Priority>> {
        let best = |lock| self.waiting_for(lock).into_iter().map(|task| effective[task]).min();
        (0..self.locks.len()).map(best).collect()
    }

    /// Those on the circle that a task is on, if it is.
    fn circle(&self, task: usize) -> Option<Vec<usize>> {
        let mut all = vec![task];
        let mut next = self.blocked_by(task);
        while let Some(other) = next.filter(|&other| other != task) {
            if all.contains(&other) {
                return None;
            }
            all.push(other);
            next = self.blocked_by(other);
        }
        next.map(|_| all)
    }

    fn give(&mut self, lock: usize) {
        let effective = self.effective();
        let since = |task: usize| self.tasks[task].waits.as_ref().map(|waits| waits.since);
        let next = self.waiting_for(lock).into_iter().min_by_key(|&task| (effective[task], since(task)));
        self.locks[lock].holder = next;
        if let Some(next) = next {
            self.tasks[next].waits = None;
        }
    }

    fn take(&mut self, task: usize, lock: usize, how: How) {
        if self.locks[lock].holder.is_none() {
            self.locks[lock].holder = Some(task);
            return;
        }
        self.waits_so_far += 1;
        self.tasks[task].waits = Some(Waiting { lock, how, since: self.waits_so_far });
        let Some(circle) = self.circle(task) else { return };
        let is_firm = |&task: &usize| self.tasks[task].waits.as_ref().is_some_and(|w| w.how == How::Firmly);
        if circle.iter().all(is_firm) {
            self.tasks[task].waits = None;
            self.tasks[task].deadlocks += 1;
            self.tally.deadlocks += 1;
        } else {
            self.tally.loose_circles += 1;
        }
    }

    /// Another one comes in the place of a task that has ended.
    fn end(&mut self, task: usize) {
        self.tasks[task].waits = None;
        for lock in self.held_by(task) {
            self.give(lock);
        }
        self.tasks[task].own = self.tasks[task].first;
        self.tasks[task].deadlocks = 0;
    }

    /// Whether a command can be given as things are.
    pub(super) fn allows(&self, command: Command) -> bool {
        let waits = |task: usize| self.tasks[task].waits.as_ref();
        match command {
            Command::Take { task, .. } | Command::Expire { task, .. } | Command::End { task } => {
                waits(task).is_none()
            }
            Command::Give { task, lock } => waits(task).is_none() && self.locks[lock].holder == Some(task),
            Command::Leave { task } => waits(task).is_some_and(|waits| waits.how == How::Loosely),
            Command::Panic { task } => waits(task).is_none_or(|waits| waits.how == How::Loosely),
            _ => true,
        }
    }

    pub(super) fn apply(&mut self, command: Command) {
        self.tally.done[command.number()] += 1;
        match command {
            Command::Take { task, lock, how } => self.take(task, lock, how),
            Command::Expire { task, lock } => {
                // By then its time is over.
                if self.locks[lock].holder.is_none() {
                    self.locks[lock].holder = Some(task);
                }
            }
            Command::Give { lock, .. } => self.give(lock),
            Command::Prioritise { task, own } => self.tasks[task].own = at(own.into()),
            Command::Leave { task } | Command::Throw { task } | Command::Interrupt { task } => {
                self.tasks[task].waits = None;
            }
            Command::Panic { task } => {
                for lock in self.held_by(task) {
                    self.locks[lock].is_poisoned = true;
                }
                self.end(task);
            }
            Command::Cancel { task } | Command::Abort { task } | Command::End { task } => self.end(task),
        }
        self.count();
    }

    fn count(&mut self) {
        let effective = self.effective();
        self.tally.lent += self.tasks.iter().zip(&effective).filter(|(task, now)| task.own != **now).count();
        for task in 0..self.tasks.len() {
            let mut length = 1;
            let mut next = self.blocked_by(task);
            while let Some(other) = next.filter(|_| length <= self.tasks.len()) {
                length += 1;
                next = self.blocked_by(other);
            }
            if length <= self.tasks.len() {
                self.tally.longest_chain = self.tally.longest_chain.max(length);
            }
        }
        let widest = (0..self.locks.len()).map(|lock| self.waiting_for(lock).len()).max();
        self.tally.widest = self.tally.widest.max(widest.unwrap_or(0));
    }

    /// A command that brings things nearer to an end where nobody holds anything.
    pub(super) fn next_of_the_end(&self) -> Option<Command> {
        let held = |task: usize| self.held_by(task).first().copied();
        let mut gives = (0..self.tasks.len()).filter(|&task| self.tasks[task].waits.is_none());
        let give = gives.find_map(|task| held(task).map(|lock| Command::Give { task, lock }));
        let leaves = |task| Command::Leave { task };
        give.or_else(|| (0..self.tasks.len()).map(leaves).find(|&command| self.allows(command)))
    }
}
