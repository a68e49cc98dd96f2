//! [`Wait`]: one that waits in a queue.

use super::{
    Graph, Holder, forget,
    slab::{NONE, Slab},
};
use crate::{
    engine::{self, TaskKey},
    lock::deadlock::Deadlock,
    priority::Priority,
    util::each::each,
};
use alloc::vec::Vec;
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
    /// Wakes all of them, also where one panics.
    pub(in crate::lock) fn wake_all(wakes: Vec<Wake>) {
        each(wakes, Wake::wake);
    }

    pub(in crate::lock) fn wake(self) {
        match self {
            Wake::Task(key) => key.wake(),
            Wake::Waker(waker) => waker.wake(),
        }
    }
}

/// Who polls.
pub(in crate::lock) struct Who {
    /// The task, if it is one of ours.
    pub(in crate::lock) key: Option<TaskKey>,
    /// Whom to wake, if that is not the task itself: a part of it has a waker of its own.
    pub(in crate::lock) waker: Option<Waker>,
    /// The poll is to tell whether anything but a lock can wake the task.
    is_probe: bool,
}

impl Who {
    #[inline(always)]
    pub(in crate::lock) fn polls(cx: &Context<'_>) -> Self {
        let waker = cx.waker();
        let key = TaskKey::of(waker).filter(|key| key.is_here());
        if key.is_some() {
            return Who { key, waker: None, is_probe: engine::is_probe(waker) };
        }
        Self::polls_otherwise(waker)
    }

    /// The clone is code of others: the graph is not locked here.
    #[inline(never)]
    fn polls_otherwise(waker: &Waker) -> Self {
        Who { key: TaskKey::current(), waker: Some(waker.clone()), is_probe: false }
    }
}

impl Graph {
    /// One more waits in a queue: of a task of ours, or woken by a waker, or both.
    pub(in crate::lock) fn add(
        &mut self,
        queue: u32,
        key: Option<TaskKey>,
        waker: Option<Waker>,
        site: &'static Location<'static>,
        is_bound: bool,
    ) -> u32 {
        let at = self.waits.add();
        self.sequence += 1;
        let wait = &mut self.waits[at];
        wait.queue = queue;
        wait.sequence = self.sequence;
        wait.site = Some(site);
        wait.is_bound = is_bound;
        wait.waker = waker;
        let priority = self.join(at, key);
        let entry = Entry { priority, sequence: self.sequence, wait: at };
        let waits = &mut self.waits;
        self.queues[queue].heap.push(entry, |entry, place| waits.moved(entry, place));
        if let Holder::Member(holder) = self.queues[queue].holder {
            self.raise(holder, priority);
            // A circle would go on from there.
            if !self.members[holder].waits.is_empty() {
                self.suspect_of(at);
            }
        }
        at
    }

    /// Makes a wait one of a task's; the priority that it waits with.
    #[inline(always)]
    fn join(&mut self, wait: u32, key: Option<TaskKey>) -> Priority {
        let Some(key) = key else {
            self.waits[wait].member = NONE;
            return Priority::NORMAL;
        };
        let at = self.enter(key);
        self.know(at);
        let member = &mut self.members[at];
        member.waits.push(wait);
        member.is_stuck = false;
        self.waits[wait].member = at;
        member.effective()
    }

    /// A wait is none of its task's any more: the member.
    #[inline(always)]
    fn part(&mut self, wait: u32) -> u32 {
        let at = mem::replace(&mut self.waits[wait].member, NONE);
        if at != NONE {
            let member = &mut self.members[at];
            forget(&mut member.waits, wait);
            member.is_stuck = false;
            if member.waits.is_empty() {
                self.suspects -= u32::from(mem::take(&mut member.is_suspect));
            }
        }
        at
    }

    /// Ends a wait that has got what it has waited for.
    #[inline(always)]
    pub(in crate::lock) fn take_grant(&mut self, at: u32) -> bool {
        let is_granted = matches!(self.waits[at].state, State::Granted);
        if is_granted {
            self.waits[at].state = State::Waiting;
            self.waits.remove(at);
        }
        is_granted
    }

    /// A wait is polled: how it stands, and what is left of who was to be woken, to be dropped when the graph is not
    /// locked.
    pub(in crate::lock) fn poll(&mut self, at: u32, who: Who) -> (Outcome, Option<Waker>) {
        if !matches!(self.waits[at].state, State::Waiting) {
            return (self.finish(at), who.waker);
        }
        let wait = &mut self.waits[at];
        let Who { key, waker, is_probe } = who;
        let old = mem::replace(&mut wait.waker, waker);
        let is_same = match (wait.member, key) {
            (NONE, None) => true,
            (NONE, Some(_)) | (_, None) => false,
            (member, Some(key)) => self.members[member].key() == key,
        };
        if !is_same {
            self.part(at);
            let priority = self.join(at, key);
            self.sort(at, priority);
            self.refresh_holder(self.waits[at].queue);
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
        self.part(at);
        self.refresh_holder(queue);
        self.waits[at].waker.take()
    }

    /// Gives the best wait of a queue what it waits for: whom to wake, and the member.
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
        self.grant(queue).map(|(wake, _)| wake)
    }

    /// Gives a lock to the best of those that wait for it: whom to wake, and which task of ours that is. `None`: nobody
    /// has it, and nobody waits.
    #[inline(always)]
    pub(in crate::lock) fn hand_over(&mut self, queue: u32) -> Option<(Wake, Option<TaskKey>)> {
        self.detach(queue);
        let (wake, member) = self.grant(queue)?;
        let (key, holder) = match member {
            NONE => (None, Holder::Other),
            member => (Some(self.members[member].key()), Holder::Member(member)),
        };
        if !self.is_empty(queue) {
            self.attach(queue, holder);
            if member != NONE {
                self.refresh(member);
                self.suspect(member);
            }
        }
        Some((wake, key))
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

impl Slab<Wait> {
    /// A wait has got another place in its heap.
    #[inline(always)]
    fn moved(&mut self, entry: &Entry, place: usize) {
        self[entry.wait].at = u32::try_from(place).expect("there are fewer than 2^32 waits");
    }
}
