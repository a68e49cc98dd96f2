//! What is asked of tasks and of the queue, and what is done to both from outside of the loop.

use super::{
    cell::Site,
    core::Standing,
    id::TaskId,
    shared::Shared,
    slots::{Slot, State},
};
use crate::{context::Context, priority::Priority, queue::NIL};
use alloc::{boxed::Box, rc::Rc, vec::Vec};

impl Shared {
    fn slot<R>(&self, id: TaskId, read: impl FnOnce(&mut Slot) -> R) -> Option<R> {
        self.core.borrow_mut().find(id).map(|(_, slot)| read(slot))
    }

    /// The task that runs.
    pub(crate) fn current_id(&self) -> Option<TaskId> {
        let index = self.current.get();
        if index == NIL { None } else { self.core.borrow().id(self.number, index) }
    }

    /// The tasks that have not ended, by slot.
    pub(crate) fn all(&self) -> Vec<TaskId> {
        let core = self.core.borrow();
        (0..core.slots.len()).filter_map(|index| core.id(self.number, index)).collect()
    }

    /// How many of them there are.
    pub(crate) fn task_count(&self) -> usize {
        self.core.borrow().slots.occupied()
    }

    pub(crate) fn site(&self, id: TaskId) -> Option<Site> {
        self.slot(id, |slot| slot.site)
    }

    pub(crate) fn name(&self, id: TaskId) -> Option<Rc<str>> {
        self.slot(id, |slot| slot.extra.as_ref().and_then(|extra| extra.name.clone()))?
    }

    pub(crate) fn priority(&self, id: TaskId) -> Option<Priority> {
        self.slot(id, |slot| slot.priority)
    }

    pub(crate) fn set_priority(&self, id: TaskId, priority: Priority) -> bool {
        let mut core = self.core.borrow_mut();
        let Some((index, _)) = core.find(id) else { return false };
        core.set_priority(index, priority);
        true
    }

    pub(crate) fn context(&self, id: TaskId) -> Option<Context> {
        let is_current = self.current_id() == Some(id);
        let context = self.slot(id, |slot| slot.context)?;
        Some(context.copy(is_current))
    }

    pub(crate) fn is_finished(&self, id: TaskId) -> bool {
        self.core.borrow_mut().find(id).is_none()
    }

    /// What is called when the task has ended.
    pub(crate) fn on_finish(&self, id: TaskId, call: Box<dyn FnOnce()>) -> Result<(), Box<dyn FnOnce()>> {
        let mut core = self.core.borrow_mut();
        let Some((_, slot)) = core.find(id) else { return Err(call) };
        slot.extra().on_finish = Some(call);
        Ok(())
    }
}

/// What scheduling functions are built on.
#[allow(dead_code, reason = "`schedule` is built on it")]
impl Shared {
    pub(crate) fn standing(&self, id: TaskId) -> Standing {
        self.slot(id, |slot| match slot.state {
            State::Blocked => Standing::Blocked,
            State::Queued => Standing::Queued,
            State::Running | State::Rewoken | State::Placed => Standing::Running,
            State::Free => Standing::Gone,
        })
        .unwrap_or(Standing::Gone)
    }

    /// How many are in the ready queue.
    pub(crate) fn queue_len(&self) -> usize {
        self.core.borrow().queue.len()
    }

    /// The ready queue, in the order in which it would run.
    pub(crate) fn queued(&self) -> Vec<TaskId> {
        let core = self.core.borrow();
        core.queue.iter(&core.slots).filter_map(|index| core.id(self.number, index)).collect()
    }

    /// Takes a queued task out of the queue: it is blocked until it is woken, or put back. `false`: it is not queued.
    pub(crate) fn unqueue(&self, id: TaskId) -> bool {
        let mut core = self.core.borrow_mut();
        let Some((index, slot)) = core.find(id) else { return false };
        if slot.state != State::Queued {
            return false;
        }
        slot.state = State::Blocked;
        let core = &mut *core;
        core.queue.remove(&mut core.slots, index);
        true
    }

    /// Queues a blocked task, at a position or at the end of its priority. `false`: it is not blocked.
    pub(crate) fn enqueue(&self, id: TaskId, pos: Option<usize>) -> bool {
        let mut core = self.core.borrow_mut();
        let Some((index, slot)) = core.find(id) else { return false };
        if slot.state != State::Blocked {
            return false;
        }
        slot.state = State::Queued;
        let core_ = &mut *core;
        match pos {
            Some(pos) => core_.queue.insert_at(&mut core_.slots, index, pos),
            None => core_.queue.push(&mut core_.slots, index),
        }
        drop(core);
        self.called();
        true
    }

    /// Moves a queued task to a position. `false`: it is not queued.
    pub(crate) fn requeue(&self, id: TaskId, pos: usize) -> bool {
        let core = &mut *self.core.borrow_mut();
        let Some((index, slot)) = core.find(id) else { return false };
        if slot.state != State::Queued {
            return false;
        }
        core.queue.remove(&mut core.slots, index);
        core.queue.insert_at(&mut core.slots, index, pos);
        true
    }

    /// Puts the task that runs at a position of the queue, where it runs again when it has suspended; `None`: at the end
    /// of its priority. `false`: no task runs.
    pub(crate) fn place_current(&self, pos: Option<usize>) -> bool {
        let index = self.current.get();
        if index == NIL {
            return false;
        }
        let core = &mut *self.core.borrow_mut();
        let slot = core.slots.at(index);
        if slot.state == State::Placed {
            core.queue.remove(&mut core.slots, index);
        }
        core.slots.at(index).state = State::Placed;
        match pos {
            Some(pos) => core.queue.insert_at(&mut core.slots, index, pos),
            None => core.queue.push(&mut core.slots, index),
        }
        true
    }
}
