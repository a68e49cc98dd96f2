//! [`Wait`]: one that waits in a queue.

use super::{
    Graph, Holder, WATCH,
    slab::{NONE, Slab},
};
use crate::{
    engine::{self, TaskKey},
    lock::deadlock::Deadlock,
    priority::Priority,
};
use core::{
    mem,
    panic::Location,
    task::{Context, Waker},
};

/// A wait as its queue sorts it; they are compared by their fields in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) priority: Priority,
    pub(super) sequence: u64,
    pub(super) wait: u32,
}

#[derive(Default)]
pub(super) struct Wait {
    pub(super) queue: u32,
    /// Where it is in the heap.
    pub(super) at: u32,
    /// Whose it is, or [`NONE`].
    pub(super) member: u32,
    /// Whom to wake, if that is not the member's task.
    waker: Option<Waker>,
    pub(super) sequence: u64,
    pub(super) site: Option<&'static Location<'static>>,
    /// It takes no error: it has to end with the lock.
    pub(super) is_bound: bool,
    pub(super) state: State,
}

#[derive(Debug, Default)]
pub(super) enum State {
    #[default]
    Waiting,
    Granted,
    Failed(Deadlock),
}

/// How a wait stands.
pub(in crate::lock) enum Outcome {
    Waiting,
    /// It has got what it has waited for, and is over.
    Granted,
    /// It was part of a deadlock, and is over.
    Failed(Deadlock),
}

/// Who is to be woken.
#[must_use = "it is woken when the graph is not locked"]
pub(in crate::lock) enum Wake {
    Task(TaskKey),
    Waker(Waker),
}

impl Wake {
    pub(in crate::lock) fn wake(self) {
        match self {
            Wake::Task(key) => key.wake(),
            Wake::Waker(waker) => waker.wake(),
        }
    }
}

/// Who polls.
pub(in crate::lock) struct Who {
    /// The task, if it is one of ours, and its own priority.
    task: Option<(TaskKey, Priority)>,
    /// Whom to wake, if that is not the task itself: a part of it has a waker of its own.
    waker: Option<Waker>,
    /// The poll is to tell whether anything but a lock can wake the task.
    is_probe: bool,
}

impl Who {
    pub(in crate::lock) fn polls(cx: &Context<'_>) -> Self {
        let waker = cx.waker();
        let (task, is_direct) = engine::with_current(|shared| {
            let Some(shared) = shared else { return (None, false) };
            let known = |key| Some((key, shared.watch(key, &WATCH)?));
            match TaskKey::of(waker).and_then(known) {
                Some(task) => (Some(task), true),
                None => (TaskKey::current().and_then(known), false),
            }
        });
        let is_probe = is_direct && engine::is_probe(waker);
        // The clone is code of others: the graph is not locked here.
        Who { task, waker: (!is_direct).then(|| waker.clone()), is_probe }
    }

    pub(in crate::lock) fn key(&self) -> Option<TaskKey> {
        self.task.map(|(key, _)| key)
    }
}

impl Graph {
    /// One more waits in a queue.
    pub(in crate::lock) fn add(
        &mut self,
        queue: u32,
        who: Who,
        site: &'static Location<'static>,
        is_bound: bool,
    ) -> u32 {
        let Who { task, waker, .. } = who;
        let at = self.waits.add();
        self.sequence += 1;
        self.waits[at] = Wait {
            queue,
            at: 0,
            member: NONE,
            waker,
            sequence: self.sequence,
            site: Some(site),
            is_bound,
            state: State::Waiting,
        };
        let priority = self.join(at, task);
        let entry = Entry { priority, sequence: self.sequence, wait: at };
        let waits = &mut self.waits;
        self.queues[queue].heap.push(entry, |entry, place| waits.moved(entry, place));
        self.refresh_holder(queue);
        let member = self.waits[at].member;
        if member != NONE {
            self.suspect(member);
        }
        at
    }

    /// Makes a wait one of a task's; the priority that it waits with.
    fn join(&mut self, wait: u32, task: Option<(TaskKey, Priority)>) -> Priority {
        let Some((key, own)) = task else {
            self.waits[wait].member = NONE;
            return Priority::NORMAL;
        };
        let at = self.enter(key);
        let member = &mut self.members[at];
        member.own = own;
        member.waits.push(wait);
        member.is_stuck = false;
        self.waits[wait].member = at;
        self.members[at].effective()
    }

    /// A wait is none of its task's any more: the member, which may have to leave.
    fn part(&mut self, wait: u32) -> u32 {
        let at = mem::replace(&mut self.waits[wait].member, NONE);
        if at != NONE {
            let member = &mut self.members[at];
            member.waits.retain(|&other| other != wait);
            member.is_stuck = false;
            if member.waits.is_empty() {
                self.suspects -= u32::from(mem::take(&mut member.is_suspect));
            }
        }
        at
    }

    /// A wait is polled: how it stands, and what is left of who was to be woken, to be dropped when the graph is not
    /// locked.
    pub(in crate::lock) fn poll(&mut self, at: u32, who: Who) -> (Outcome, Option<Waker>) {
        let wait = &mut self.waits[at];
        if !matches!(wait.state, State::Waiting) {
            return (self.finish(at), who.waker);
        }
        let Who { task, waker, is_probe } = who;
        let old = mem::replace(&mut wait.waker, waker);
        let is_same = match (wait.member, task) {
            (NONE, None) => true,
            (NONE, Some(_)) | (_, None) => false,
            (member, Some((key, _))) => self.members[member].key() == key,
        };
        if !is_same {
            let before = self.part(at);
            self.leave(before);
            let priority = self.join(at, task);
            self.sort(at, priority);
            let queue = self.waits[at].queue;
            self.refresh_holder(queue);
        }
        let member = self.waits[at].member;
        if member != NONE && !(is_probe && is_same) {
            self.members[member].is_stuck = false;
            if !is_same || self.members[member].is_suspect {
                self.suspect(member);
            }
        }
        (Outcome::Waiting, old)
    }

    /// A wait that waits no more is over.
    pub(super) fn finish(&mut self, at: u32) -> Outcome {
        let state = mem::take(&mut self.waits[at].state);
        self.waits.remove(at);
        match state {
            State::Failed(deadlock) => Outcome::Failed(deadlock),
            State::Waiting | State::Granted => Outcome::Granted,
        }
    }

    /// A wait is given up: how it stood, and what is left of who was to be woken.
    pub(in crate::lock) fn give_up(&mut self, at: u32) -> (Outcome, Option<Waker>) {
        if !matches!(self.waits[at].state, State::Waiting) {
            return (self.finish(at), None);
        }
        let waker = self.unlink(at);
        self.waits.remove(at);
        (Outcome::Waiting, waker)
    }

    /// Takes a wait out of its queue, and from its task.
    pub(super) fn unlink(&mut self, at: u32) -> Option<Waker> {
        let Wait { queue, at: place, .. } = self.waits[at];
        let waits = &mut self.waits;
        self.queues[queue].heap.remove(place as usize, |entry, place| waits.moved(entry, place));
        let member = self.part(at);
        self.refresh_holder(queue);
        self.leave(member);
        self.waits[at].waker.take()
    }

    /// Gives the best wait of a queue what it waits for: whom to wake, and the member, which may have to leave.
    fn grant(&mut self, queue: u32) -> Option<(Wake, u32)> {
        let waits = &mut self.waits;
        let at = self.queues[queue].heap.pop(|entry, place| waits.moved(entry, place))?.wait;
        let member = self.part(at);
        let wait = &mut self.waits[at];
        wait.state = State::Granted;
        let wake = match wait.waker.take() {
            Some(waker) => Wake::Waker(waker),
            None => Wake::Task(self.members[member].key()),
        };
        Some((wake, member))
    }

    /// Wakes the best of those that wait for a condition.
    pub(in crate::lock) fn notify(&mut self, queue: u32) -> Option<Wake> {
        let (wake, member) = self.grant(queue)?;
        self.leave(member);
        Some(wake)
    }

    /// Gives a lock to the best of those that wait for it, or to nobody.
    pub(in crate::lock) fn hand_over(&mut self, queue: u32) -> Handed {
        self.detach(queue);
        let Some((wake, member)) = self.grant(queue) else {
            self.queues.remove(queue);
            return Handed { to: None, is_last: true };
        };
        let (key, holder) = match member {
            NONE => (None, Holder::Other),
            member => (Some(self.members[member].key()), Holder::Member(member)),
        };
        let is_last = self.is_empty(queue);
        if is_last {
            self.queues.remove(queue);
        } else {
            self.attach(queue, holder);
        }
        self.leave(member);
        Handed { to: Some((wake, key)), is_last }
    }

    /// A wait has got another priority.
    pub(super) fn sort(&mut self, at: u32, priority: Priority) {
        let Wait { queue, at: place, .. } = self.waits[at];
        let (waits, heap) = (&mut self.waits, &mut self.queues[queue].heap);
        let entry = &mut heap.as_mut_slice()[place as usize];
        if entry.priority != priority {
            entry.priority = priority;
            heap.update(place as usize, |entry, place| waits.moved(entry, place));
        }
    }
}

/// Who has got a lock.
pub(in crate::lock) struct Handed {
    /// Whom to wake, and which task of ours that is; `None`: nobody has it.
    pub(in crate::lock) to: Option<(Wake, Option<TaskKey>)>,
    /// Nobody else waits: the lock has no queue any more.
    pub(in crate::lock) is_last: bool,
}

impl Slab<Wait> {
    /// A wait has got another place in its heap.
    #[inline(always)]
    fn moved(&mut self, entry: &Entry, place: usize) {
        self[entry.wait].at = u32::try_from(place).expect("there are fewer than 2^32 waits");
    }
}
