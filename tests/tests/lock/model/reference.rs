//! What is to be, worked out anew from who holds what and who waits for what.

use super::Command;
use crate::at;
use asynkit::Priority;

/// How a task waits for a lock, or a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// For it alone: an error that is thrown takes the task out of the wait, whether it has the lock or not.
    Firmly,
    /// For a lock: until it is told to give up, so that it cannot be part of a deadlock. For a condition: until it is
    /// told of an error, which it is with the lock held again.
    Loosely,
}

/// What a task waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Lock,
    /// The condition of the lock.
    Condition,
    /// The lock, after the condition; whether a notification is to be passed on if it comes to nothing.
    Again {
        is_notified: bool,
    },
}

#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) lock: usize,
    pub(super) how: How,
    what: What,
    since: usize,
}

impl Waiting {
    fn is_for_lock(&self, lock: usize) -> bool {
        self.lock == lock && self.what != What::Condition
    }
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
    pub(super) notified: usize,
    pub(super) passed_on: usize,
    pub(super) told_with_lock: usize,
    /// By command.
    pub(super) done: [usize; 13],
}

/// How many a `Notify` with this count is for.
pub(super) fn how_many(count: usize) -> usize {
    if count > 3 { usize::MAX } else { count }
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
        self.waiting(|waits| waits.is_for_lock(lock))
    }

    fn waiting(&self, is_meant: impl Fn(&Waiting) -> bool) -> Vec<usize> {
        let waits = |&task: &usize| self.tasks[task].waits.as_ref().is_some_and(&is_meant);
        (0..self.tasks.len()).filter(waits).collect()
    }

    /// Whom a task waits for.
    fn blocked_by(&self, task: usize) -> Option<usize> {
        let waits = self.tasks[task].waits.as_ref().filter(|waits| waits.what != What::Condition)?;
        self.locks[waits.lock].holder
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

    /// The one that comes first of all that wait and are meant: by priority, then in turn.
    fn first(&self, is_meant: impl Fn(&Waiting) -> bool) -> Option<usize> {
        let effective = self.effective();
        let since = |task: usize| self.tasks[task].waits.as_ref().map(|waits| waits.since);
        self.waiting(is_meant).into_iter().min_by_key(|&task| (effective[task], since(task)))
    }

    fn give(&mut self, lock: usize) {
        let next = self.first(|waits| waits.is_for_lock(lock));
        self.locks[lock].holder = next;
        if let Some(next) = next {
            self.tasks[next].waits = None;
        }
    }

    fn wait(&mut self, task: usize, lock: usize, how: How, what: What) {
        self.waits_so_far += 1;
        self.tasks[task].waits = Some(Waiting { lock, how, what, since: self.waits_so_far });
    }

    /// Takes a lock, or waits for it.
    fn take(&mut self, task: usize, lock: usize, how: How, what: What) {
        if self.locks[lock].holder.is_none() {
            self.locks[lock].holder = Some(task);
            self.tasks[task].waits = None;
            return;
        }
        self.wait(task, lock, how, what);
        let Some(circle) = self.circle(task) else { return };
        let waits = |task: usize| self.tasks[task].waits.as_ref().expect("it is on a circle");
        let may_leave = |&task: &usize| waits(task).how == How::Loosely && waits(task).what == What::Lock;
        if circle.iter().any(may_leave) {
            self.tally.loose_circles += 1;
            return;
        }
        let may_fail = circle.into_iter().filter(|&task| waits(task).what == What::Lock);
        if let Some(youngest) = may_fail.max_by_key(|&task| waits(task).since) {
            self.tasks[youngest].waits = None;
            self.tasks[youngest].deadlocks += 1;
            self.tally.deadlocks += 1;
        }
    }

    /// Wakes up to so many of those that wait for the condition of a lock.
    fn notify(&mut self, lock: usize, count: usize) {
        let is_meant = |waits: &Waiting| waits.lock == lock && waits.what == What::Condition;
        let mut woken = Vec::new();
        while let Some(task) = self.first(is_meant).filter(|_| woken.len() < count) {
            let waits = self.tasks[task].waits.take().expect("it waits");
            woken.push((task, waits.how));
        }
        self.tally.notified += woken.len();
        // They run by their priority at that time.
        while !woken.is_empty() {
            let effective = self.effective();
            let first =
                (0..woken.len()).min_by_key(|&at| (effective[woken[at].0], at)).expect("some are left");
            let (task, how) = woken.remove(first);
            self.take(task, lock, how, What::Again { is_notified: true });
        }
    }

    /// Its wait is over before it has got what it waits for.
    fn leave(&mut self, task: usize) {
        let waits = self.tasks[task].waits.take();
        if let Some(Waiting { lock, what: What::Again { is_notified: true }, .. }) = waits {
            self.pass_on(lock);
        }
    }

    fn pass_on(&mut self, lock: usize) {
        self.tally.passed_on += 1;
        self.notify(lock, 1);
    }

    /// An error that does not end it.
    fn tell(&mut self, task: usize) {
        let Some(Waiting { lock, how, what, .. }) = self.tasks[task].waits.clone() else { return };
        match (what, how) {
            (What::Lock, _) | (_, How::Firmly) => self.leave(task),
            (What::Condition, How::Loosely) => {
                self.tally.told_with_lock += 1;
                self.take(task, lock, how, What::Again { is_notified: false });
            }
            (What::Again { is_notified }, How::Loosely) => {
                if let Some(waits) = &mut self.tasks[task].waits {
                    waits.what = What::Again { is_notified: false };
                }
                if is_notified {
                    self.pass_on(lock);
                }
            }
        }
    }

    /// Another one comes in the place of a task that has ended.
    fn end(&mut self, task: usize) {
        let waits = self.tasks[task].waits.take();
        for lock in self.held_by(task) {
            self.give(lock);
        }
        // Who is notified by it runs when it has ended.
        self.tasks[task].waits = waits;
        self.leave(task);
        self.tasks[task].own = self.tasks[task].first;
        self.tasks[task].deadlocks = 0;
    }

    /// The same command about a lock that is held, or a condition that is waited for, if there is one.
    pub(super) fn aimed(&self, mut command: Command) -> Command {
        match &mut command {
            Command::Pause { task, lock, .. } => {
                let held = self.held_by(*task);
                *lock = held.get(*lock % held.len().max(1)).copied().unwrap_or(*lock);
            }
            Command::Notify { lock, .. } => {
                let paused = self.waiting(|waits| waits.what == What::Condition);
                let one =
                    paused.get(*lock % paused.len().max(1)).and_then(|&task| self.tasks[task].waits.as_ref());
                *lock = one.map_or(*lock, |waits| waits.lock);
            }
            _ => {}
        }
        command
    }

    /// Whether a command can be given as things are.
    pub(super) fn allows(&self, command: Command) -> bool {
        let is_free = |task: usize| self.tasks[task].waits.is_none();
        // How it waits for a lock that it does not have yet.
        let waits = |task: usize| self.tasks[task].waits.as_ref();
        let may_leave = |waits: &Waiting| waits.what == What::Lock && waits.how == How::Loosely;
        match command {
            Command::Take { task, .. }
            | Command::Expire { task, .. }
            | Command::End { task }
            | Command::Notify { task, .. } => is_free(task),
            Command::Give { task, lock } | Command::Pause { task, lock, .. } => {
                is_free(task) && self.locks[lock].holder == Some(task)
            }
            Command::Leave { task } => waits(task).is_some_and(may_leave),
            Command::Panic { task } => waits(task).is_none_or(may_leave),
            // One that has to have its lock again before it is told does not end at once.
            Command::Cancel { task } => waits(task).is_none_or(|waits| match waits.what {
                What::Lock => true,
                What::Condition => waits.how == How::Firmly || self.locks[waits.lock].holder.is_none(),
                What::Again { .. } => waits.how == How::Firmly,
            }),
            _ => true,
        }
    }

    pub(super) fn apply(&mut self, command: Command) {
        self.tally.done[command.number()] += 1;
        match command {
            Command::Take { task, lock, how } => self.take(task, lock, how, What::Lock),
            Command::Expire { task, lock } => {
                // By then its time is over.
                if self.locks[lock].holder.is_none() {
                    self.locks[lock].holder = Some(task);
                }
            }
            Command::Give { lock, .. } => self.give(lock),
            Command::Pause { task, lock, how } => {
                self.wait(task, lock, how, What::Condition);
                self.give(lock);
            }
            Command::Notify { lock, count, .. } => self.notify(lock, how_many(count)),
            Command::Prioritise { task, own } => self.tasks[task].own = at(own.into()),
            Command::Leave { task } => self.leave(task),
            Command::Throw { task } | Command::Interrupt { task } => self.tell(task),
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
        let leave = || (0..self.tasks.len()).map(leaves).find(|&command| self.allows(command));
        // What waits for a condition, and circles of those that have to have their locks again.
        let aborted = || self.waiting(|_| true).first().map(|&task| Command::Abort { task });
        give.or_else(leave).or_else(aborted)
    }
}
