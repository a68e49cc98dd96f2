//! What is asked of tasks, and what is done to them from outside of the loop.

use super::{cell::Site, id::TaskId, shared::Shared, slots::Slot};
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
        (0..core.slots.len()).filter_map(|index| core.task(self.number, index)).collect()
    }

    /// How many of them there are.
    pub(crate) fn task_count(&self) -> usize {
        self.all().len()
    }

    pub(crate) fn site(&self, id: TaskId) -> Option<Site> {
        self.slot(id, |slot| slot.site)
    }

    pub(crate) fn name(&self, id: TaskId) -> Option<Rc<str>> {
        self.slot(id, |slot| slot.extra.as_ref().and_then(|extra| extra.name.clone()))?
    }

    pub(crate) fn priority(&self, id: TaskId) -> Option<Priority> {
        self.slot(id, |slot| slot.own_priority())
    }

    pub(crate) fn effective_priority(&self, id: TaskId) -> Option<Priority> {
        self.slot(id, |slot| slot.priority)
    }

    pub(crate) fn set_priority(&self, id: TaskId, priority: Priority) -> bool {
        let mut core = self.core.borrow_mut();
        let Some((index, _)) = core.find(id) else { return false };
        core.set_priority(index, priority);
        drop(core);
        self.reprioritised(id, priority);
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
