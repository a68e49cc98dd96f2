//! [`Core`]: slots and ready queue, and what can be done to a task without running code of the user's.

use super::{
    id::{self, Parts, TaskId},
    slots::{Slot, Slots, State, flag},
};
use crate::{
    context::TaskContext,
    priority::{Boost, Priority},
    queue::{NIL, ReadyQueue},
};

/// What is borrowed for moments only.
pub(crate) struct Core {
    pub(super) slots: Slots,
    pub(super) queue: ReadyQueue,
    /// How many of the queue run: see [`State::Placed`].
    pub(super) placed: usize,
}

impl Core {
    pub(super) fn new(first_generation: u32, boost: Boost) -> Self {
        let mut queue = ReadyQueue::new();
        queue.set_boost(boost);
        Core { slots: Slots::new(first_generation), queue, placed: 0 }
    }

    /// The slot of a task that has not ended.
    pub(super) fn find(&mut self, id: TaskId) -> Option<(u32, &mut Slot)> {
        find_in(self.slots.rows(), id)
    }

    /// A wake by a waker with these bits, of the executor with this tag; `false`: there is no such task.
    pub(super) fn wake(&mut self, tag: usize, bits: usize) -> bool {
        let index = id::waker_slot(bits ^ tag);
        let Some(slot) = self.slots.get_mut(index) else { return false };
        let is_meant = id::is_generation(bits ^ tag, slot.generation);
        if is_meant {
            self.call(index);
        }
        is_meant
    }

    /// The same for most wakes, without a call in it; `false`: nothing was done.
    #[inline(always)]
    pub(super) fn wake_usual(&mut self, tag: usize, bits: usize) -> bool {
        let index = id::waker_slot(bits ^ tag);
        let rows = self.slots.rows();
        let Some(slot) = rows.get_mut(index as usize) else { return false };
        if !id::is_generation(bits ^ tag, slot.generation) {
            return false;
        }
        if slot.state == State::Running {
            slot.state = State::Rewoken;
        } else if slot.state == State::Blocked {
            if slot.priority != Priority::NORMAL {
                return false;
            }
            slot.state = State::Queued;
            self.queue.push_normal(rows, index);
        }
        true
    }

    /// Has a task polled that may be blocked.
    pub(super) fn call(&mut self, index: u32) {
        let slot = self.slots.at(index);
        match slot.state {
            State::Blocked => {
                slot.state = State::Queued;
                self.queue.push(&mut self.slots, index);
            }
            State::Running => slot.state = State::Rewoken,
            State::Free | State::Queued | State::Rewoken | State::Placed => {}
        }
    }

    /// Moves a queued task to the end of its priority.
    pub(super) fn push_back(&mut self, index: u32) {
        if self.slots.at(index).state == State::Queued {
            self.queue.remove(&mut self.slots, index);
            self.queue.push(&mut self.slots, index);
        }
    }

    /// After a poll that has not finished.
    #[inline(always)]
    pub(super) fn settle(&mut self, index: u32) {
        let rows = self.slots.rows();
        let slot = &mut rows[index as usize];
        // One test is enough for a task that waits.
        if !slot.state.is_due() {
            debug_assert!(slot.state.is_running(), "it has just run");
            slot.state = State::Blocked;
        } else if slot.state == State::Rewoken {
            slot.state = State::Queued;
            self.queue.push(rows, index);
        } else if slot.state == State::Placed {
            slot.state = State::Queued;
            self.placed -= 1;
        }
    }

    /// The task that runs has got a context of its own.
    #[cold]
    pub(super) fn grow(&mut self, index: u32, context: TaskContext) {
        if index != NIL {
            self.slots.at(index).context = context;
        }
    }

    /// Before a slot is vacated.
    #[inline(always)]
    pub(super) fn dequeue(&mut self, index: u32) {
        let state = self.slots.at(index).state;
        if state.is_queued() {
            self.queue.remove(&mut self.slots, index);
            self.placed -= usize::from(state == State::Placed);
        }
    }

    /// The identity of what is in a slot.
    pub(super) fn id(&self, executor: u32, index: u32) -> Option<TaskId> {
        let slot = self.slots.get(index)?;
        let parts = Parts { executor, generation: slot.generation, slot: index };
        (slot.state != State::Free).then(|| TaskId::new(parts))
    }
    /// The identity of the task in a slot: callbacks are none.
    pub(super) fn task(&self, executor: u32, index: u32) -> Option<TaskId> {
        self.id(executor, index).filter(|_| !self.is_callback(index))
    }

    pub(super) fn is_callback(&self, index: u32) -> bool {
        self.slots.get(index).is_some_and(|slot| slot.flags & flag::CALLBACK != 0)
    }
}

/// The slot of a task that has not ended, for what looks at more of the slots.
#[inline(always)]
pub(super) fn find_in(rows: &mut [Slot], id: TaskId) -> Option<(u32, &mut Slot)> {
    let Parts { generation, slot, .. } = id.parts();
    let found = rows.get_mut(slot as usize)?;
    (found.generation == generation && found.state != State::Free).then_some((slot, found))
}
