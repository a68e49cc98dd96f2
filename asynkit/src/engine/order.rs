//! The order of what is ready, and how it is changed: what scheduling functions are built on.

use super::{
    cell::Site,
    core::Core,
    id::TaskId,
    shared::Shared,
    slots::{Slot, State},
    waker,
};
use crate::queue::{Links as _, NIL, ReadyQueue};
use alloc::vec::Vec;
use core::{mem, task::Waker};

/// Where a task stands, to those who ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Queued,
    /// It waits: to be woken, or for the first suspension of a task that it starts.
    Blocked,
    /// It is the one that runs.
    Current,
    /// It has ended.
    Gone,
}

/// A place in the queue that the task that runs has taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(u64);

impl Shared {
    pub(crate) fn standing(&self, id: TaskId) -> Standing {
        let mut core = self.core.borrow_mut();
        let Some((index, slot)) = core.find(id) else { return Standing::Gone };
        match slot.state {
            State::Queued => Standing::Queued,
            State::Running | State::Rewoken | State::Placed if index == self.current.get() => {
                Standing::Current
            }
            _ => Standing::Blocked,
        }
    }

    /// How many are in the ready queue; a task that has a place there and runs still is not.
    pub(crate) fn queue_len(&self) -> usize {
        let core = self.core.borrow();
        core.queue.len() - core.placed
    }

    /// The ready queue, in the order in which it would run.
    pub(crate) fn queued(&self) -> Vec<TaskId> {
        let core = self.core.borrow();
        queued(&core).filter_map(|index| core.id(self.number, index)).collect()
    }

    /// The tasks in it.
    pub(crate) fn queued_tasks(&self) -> Vec<(TaskId, Site)> {
        let core = self.core.borrow();
        queued(&core).filter_map(|index| self.with_site(&core, index)).collect()
    }

    /// The tasks that are [`Blocked`](Standing::Blocked).
    pub(crate) fn blocked_tasks(&self) -> Vec<(TaskId, Site)> {
        let core = self.core.borrow();
        let current = self.current.get();
        let is_blocked = |&index: &u32| index != current && state(&core, index) != Some(State::Queued);
        (0..core.slots.len()).filter(is_blocked).filter_map(|index| self.with_site(&core, index)).collect()
    }

    fn with_site(&self, core: &Core, index: u32) -> Option<(TaskId, Site)> {
        Some((core.task(self.number, index)?, core.slots.get(index)?.site))
    }

    /// Takes out of the queue what is queued: a task is blocked until it is woken, or put back. `false`: it is not queued.
    pub(crate) fn unqueue(&self, id: TaskId) -> bool {
        let core = &mut *self.core.borrow_mut();
        let Some(index) = core.find_queued(id) else { return false };
        core.slots.at(index).state = State::Blocked;
        core.queue.remove(&mut core.slots, index);
        true
    }

    /// Queues what is blocked, at a position or at the end of its priority. `false`: it is not blocked.
    pub(crate) fn enqueue(&self, id: TaskId, pos: Option<usize>) -> bool {
        let mut core = self.core.borrow_mut();
        let Some((index, slot)) = core.find(id) else { return false };
        if slot.state != State::Blocked {
            return false;
        }
        slot.state = State::Queued;
        core.insert(index, pos);
        drop(core);
        self.called();
        true
    }

    /// Moves what is queued to a position. `false`: it is not queued.
    #[inline(always)]
    pub(crate) fn requeue(&self, id: TaskId, pos: usize) -> bool {
        let core = &mut *self.core.borrow_mut();
        let Some(index) = core.find_queued(id) else { return false };
        let rows = core.slots.rows();
        core.queue.remove(rows, index);
        core.queue.insert_at(rows, index, pos);
        true
    }

    /// Whether a task runs, and not a callback.
    pub(crate) fn has_current(&self) -> bool {
        self.current.get() != NIL
    }

    /// Gives the task that runs a place in the queue, where it runs again once it has suspended: at a position, or at the
    /// end of its priority. `None`: no task runs.
    #[inline(always)]
    pub(crate) fn place_current(&self, pos: Option<usize>) -> Option<Place> {
        self.core.borrow_mut().place(self.current.get(), pos)
    }

    /// Moves what is queued to the head, and gives the task that runs, which there is, a place behind that. `None`: it is
    /// not queued, and nothing has changed.
    #[inline(always)]
    pub(crate) fn switch(&self, id: TaskId, pos: Option<usize>) -> Option<Place> {
        let core = &mut *self.core.borrow_mut();
        let target = core.find_queued(id)?;
        core.queue.bring_first(core.slots.rows(), target);
        core.place(self.current.get(), pos)
    }

    /// Whether it is the waker of the task that runs.
    #[inline(always)]
    pub(crate) fn is_of_current(&self, waker: &Waker) -> bool {
        waker::slot_of(waker, self.number) == Some(self.current.get())
    }

    /// Whether no task that runs has a place, so that it has suspended since it took one.
    #[inline(always)]
    pub(crate) fn is_nobody_placed(&self) -> bool {
        self.core.try_borrow_mut().is_ok_and(|core| core.placed == 0)
    }

    /// Whether the task that runs has not suspended since it took the place.
    pub(crate) fn is_placed(&self, place: Place) -> bool {
        let index = self.current.get();
        let core = self.core.borrow();
        index != NIL
            && state(&core, index) == Some(State::Placed)
            && core.slots.link(index).sequence() == place.0
    }
}

impl Core {
    /// The slot of what is queued and does not run.
    #[inline(always)]
    fn find_queued(&mut self, id: TaskId) -> Option<u32> {
        let (index, slot) = self.find(id)?;
        (slot.state == State::Queued).then_some(index)
    }

    /// Queues it at a position, or at the end of its priority.
    #[inline(always)]
    pub(super) fn insert(&mut self, index: u32, pos: Option<usize>) {
        match pos {
            Some(pos) => self.queue.insert_at(self.slots.rows(), index, pos),
            None => push(&mut self.queue, self.slots.rows(), index),
        };
    }

    /// Gives a task that runs a place, in the place of the one that it has; `None`: the slot is [`NIL`].
    #[inline(always)]
    fn place(&mut self, index: u32, pos: Option<usize>) -> Option<Place> {
        let Core { slots, queue, placed } = self;
        place(queue, placed, slots.rows(), index, pos)
    }
}

/// Has a task run next that is blocked or queued.
#[inline(always)]
pub(super) fn call_next(queue: &mut ReadyQueue, rows: &mut [Slot], index: u32) {
    let state = &mut rows[index as usize].state;
    if *state == State::Blocked {
        *state = State::Queued;
        queue.insert_at(rows, index, 0);
    } else {
        queue.bring_first(rows, index);
    }
}

/// See [`Core::place`].
#[inline(always)]
pub(super) fn place(
    queue: &mut ReadyQueue,
    placed: &mut usize,
    rows: &mut [Slot],
    index: u32,
    pos: Option<usize>,
) -> Option<Place> {
    let before = mem::replace(&mut rows.get_mut(index as usize)?.state, State::Placed);
    if before == State::Placed {
        queue.remove(rows, index);
    } else {
        *placed += 1;
    }
    Some(Place(match pos {
        Some(pos) => queue.insert_at(rows, index, pos),
        None => push(queue, rows, index),
    }))
}

/// Queues it at the end of its priority; gives the sequence number.
#[inline(never)]
fn push(queue: &mut ReadyQueue, rows: &mut [Slot], index: u32) -> u64 {
    queue.push(rows, index);
    rows.link(index).sequence()
}

fn state(core: &Core, index: u32) -> Option<State> {
    core.slots.get(index).map(|slot: &Slot| slot.state)
}

/// What is queued and does not run.
fn queued(core: &Core) -> impl Iterator<Item = u32> + use<'_> {
    core.queue.iter(&core.slots).filter(|&index| state(core, index) == Some(State::Queued))
}
