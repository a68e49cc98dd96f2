//! Priority that is lent to a task by those that wait for it, and the question whether anything else can wake it.
//!
//! Who lends is above: it leaves its [`Watch`] with an executor, and is told of what it has to know.

use super::{
    cell::Site,
    core::Core,
    current,
    id::{self, Parts, SLOTS, TaskId},
    inbox::Job,
    registry,
    shared::Shared,
    slots::{Slot, State, flag},
    waker::{self, Probe},
};
use crate::{priority::Priority, queue::NIL};
use alloc::rc::Rc;
use core::task::Waker;

/// A task as its wakers mean it: an integer that is cheap to come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TaskKey(usize);

/// No task: the slot is one that none has, so that with any generation it is a value to spare.
pub(crate) const NO_TASK: [usize; 3] = {
    let slot = SLOTS - 1;
    [id::waker_bits(0, slot), id::waker_bits(1, slot), id::waker_bits(2, slot)]
};

impl TaskKey {
    /// The task whose own waker it is.
    #[inline(always)]
    pub(crate) fn of(waker: &Waker) -> Option<TaskKey> {
        waker::bits_of(waker).map(TaskKey)
    }

    /// The task that runs on this thread.
    pub(crate) fn current() -> Option<TaskKey> {
        current::with(|shared| {
            let shared = shared?;
            let index = shared.current.get();
            if index == NIL {
                return None;
            }
            let generation = shared.core.borrow_mut().slots.at(index).generation;
            Some(TaskKey(shared.tag | id::waker_bits(generation, index)))
        })
    }

    /// Whether it is of the executor that runs on this thread.
    #[inline(always)]
    pub(crate) fn is_here(self) -> bool {
        current::with(|shared| shared.is_some_and(|shared| shared.number == self.executor()))
    }

    #[inline(always)]
    pub(crate) const fn bits(self) -> usize {
        self.0
    }

    /// What [`bits`](Self::bits) has given, or one of [`NO_TASK`].
    pub(crate) fn of_bits(bits: usize) -> Option<TaskKey> {
        let key = TaskKey(bits);
        (key.slot() != SLOTS - 1).then_some(key)
    }

    pub(crate) const fn executor(self) -> u32 {
        Parts::from_waker(self.0).executor
    }

    pub(crate) const fn slot(self) -> u32 {
        Parts::from_waker(self.0).slot
    }

    /// Has it polled.
    pub(crate) fn wake(self) {
        waker::wake_bits(self.0);
    }

    /// Has something done at its home, by the inbox of its executor.
    pub(crate) fn send_home(self, job: Job) {
        if let Some(inbox) = registry::inbox(self.executor()) {
            // Where nobody is at home any more, there is nothing to do.
            drop(inbox.send(job));
        }
    }
}

/// Who is told of what it lends to.
pub(crate) struct Watch {
    /// A task has got another priority of its own.
    pub(crate) reprioritised: fn(TaskKey, Priority),
    /// A task has suspended after [`Shared::probe`]; whether nothing can wake it but what knows it by its key.
    pub(crate) probed: fn(TaskKey, bool, &Portrait),
}

/// What there is to say of a task.
pub(crate) struct Portrait {
    pub(crate) id: TaskId,
    pub(crate) name: Option<Rc<str>>,
    pub(crate) site: Site,
}

/// The priority of a task's own, while it is lent another one.
#[derive(Clone, Copy)]
pub(super) struct Lent {
    pub(super) own: Priority,
    lent: Priority,
}

impl Slot {
    fn lent(&self) -> Option<Lent> {
        self.extra.as_ref().and_then(|extra| extra.lent)
    }

    /// Its own priority: without what it is lent.
    pub(super) fn own_priority(&self) -> Priority {
        self.lent().map_or(self.priority, |lent| lent.own)
    }
}

impl Core {
    /// The slot of a task that has not ended.
    fn find_key(&mut self, key: TaskKey) -> Option<u32> {
        let Parts { executor, slot: index, .. } = Parts::from_waker(key.0);
        let slot = self.slots.get_mut(index)?;
        let is_meant = id::is_generation(key.0 ^ id::waker_tag(executor), slot.generation);
        (slot.state != State::Free && is_meant).then_some(index)
    }

    /// Changes the priority of its own and sorts the queue again.
    pub(super) fn set_priority(&mut self, index: u32, own: Priority) {
        let slot = self.slots.at(index);
        let priority = match slot.extra.as_mut().and_then(|extra| extra.lent.as_mut()) {
            Some(lent) => {
                lent.own = own;
                own.min(lent.lent)
            }
            None => own,
        };
        self.sort(index, priority);
    }

    /// Changes what it is lent and sorts the queue again.
    fn lend(&mut self, index: u32, lent: Option<Priority>) {
        let slot = self.slots.at(index);
        let own = slot.own_priority();
        if lent.is_some() || slot.extra.is_some() {
            slot.extra().lent = lent.map(|lent| Lent { own, lent });
        }
        self.sort(index, lent.map_or(own, |lent| own.min(lent)));
    }

    fn sort(&mut self, index: u32, priority: Priority) {
        let slot = self.slots.at(index);
        let old = slot.priority.key();
        slot.priority = priority;
        if slot.state.is_queued() {
            self.queue.rekey(&mut self.slots, index, old);
        }
    }
}

impl Shared {
    /// Has `watch` told of a task, whose own priority it gives; `None` where the task has ended or is not at home here.
    pub(crate) fn watch(&self, key: TaskKey, watch: &'static Watch) -> Option<Priority> {
        let mut core = self.core.borrow_mut();
        let index = if key.executor() == self.number { core.find_key(key)? } else { return None };
        self.watch.set(Some(watch));
        Some(core.slots.at(index).own_priority())
    }

    /// Tells who watches of a task's own priority.
    #[inline(always)]
    pub(super) fn reprioritised(&self, id: TaskId, priority: Priority) {
        if let Some(watch) = self.watch.get() {
            let Parts { generation, slot, .. } = id.parts();
            (watch.reprioritised)(TaskKey(self.tag | id::waker_bits(generation, slot)), priority);
        }
    }

    /// Lends a task a priority, in the place of what it was lent before.
    pub(crate) fn lend(&self, key: TaskKey, lent: Option<Priority>) {
        let mut core = self.core.borrow_mut();
        if let Some(index) = core.find_key(key) {
            core.lend(index, lent);
        }
    }

    /// Has a task polled by a waker that tells whether anybody keeps it; [`Watch::probed`] is told.
    pub(crate) fn probe(&self, key: TaskKey) {
        let mut core = self.core.borrow_mut();
        let Some(index) = core.find_key(key) else { return };
        core.slots.at(index).flags |= flag::PROBE;
        core.call(index);
        drop(core);
        self.called();
    }

    /// Whether it waits, and nothing has woken it.
    pub(crate) fn is_blocked(&self, key: TaskKey) -> bool {
        let mut core = self.core.borrow_mut();
        core.find_key(key).is_some_and(|index| core.slots.at(index).state == State::Blocked)
    }

    /// Begins what `probe` has asked for, unless the poll is about an error as well: then it has to be asked again.
    #[cold]
    pub(super) fn begin_probe(&self, index: u32, flags: u8, waker: &Waker) -> Option<Probe> {
        self.core.borrow_mut().slots.at(index).flags &= !flag::PROBE;
        (flags & (flag::THROWN | flag::ABORTED) == 0).then(|| Probe::begin(waker))
    }

    /// After that poll.
    #[cold]
    pub(super) fn end_probe(&self, index: u32, probe: Probe) {
        let is_kept = probe.end();
        let (key, is_blocked, portrait) = {
            let mut core = self.core.borrow_mut();
            let slot = core.slots.at(index);
            let key = TaskKey(self.tag | id::waker_bits(slot.generation, index));
            let name = slot.extra.as_ref().and_then(|extra| extra.name.clone());
            let parts = Parts { executor: self.number, generation: slot.generation, slot: index };
            let portrait = Portrait { id: TaskId::new(parts), name, site: slot.site };
            (key, slot.state == State::Blocked, portrait)
        };
        if let Some(watch) = self.watch.get() {
            (watch.probed)(key, is_blocked && !is_kept, &portrait);
        }
    }
}
