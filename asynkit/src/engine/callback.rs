//! Callbacks: entries of the ready queue that are no tasks.
//!
//! A callback has a slot, a context and a place in the queue as a task has, and runs once, when its turn comes.

use super::{
    cell::Site,
    error::PanicPayload,
    id::{Parts, TaskId},
    shared::{Life, Shared},
    slots::{State, flag},
};
use crate::{context::TaskContext, priority::Priority, queue::NIL};
use alloc::boxed::Box;
use core::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

impl Shared {
    /// Queues a callback, at a position or at the end of the normal priority; one that has ended where the executor has.
    pub(crate) fn queue_callback(
        &self,
        callback: Box<dyn FnOnce()>,
        pos: Option<usize>,
        site: Site,
    ) -> TaskId {
        if self.life.get() != Life::Open {
            drop(callback);
            return self.nobody();
        }
        let context = TaskContext::inherited_frame();
        let mut core = self.core.borrow_mut();
        let (index, slot) = core.slots.occupy(State::Queued, flag::CALLBACK);
        slot.priority = Priority::NORMAL;
        slot.context = context;
        slot.site = site;
        slot.extra().callback = Some(callback);
        let parts = Parts { executor: self.number, generation: slot.generation, slot: index };
        core.insert(index, pos);
        drop(core);
        self.called();
        TaskId::new(parts)
    }

    /// Runs the callback of a slot; its panic goes to the hook.
    pub(super) fn run_callback(&self, index: u32) {
        let (callback, id, site) = {
            let mut core = self.core.borrow_mut();
            let id = core.id(self.number, index);
            let slot = core.slots.at(index);
            (slot.extra().callback.take(), id, slot.site)
        };
        // No task runs.
        self.current.set(NIL);
        let (Some(callback), Some(id)) = (callback, id) else { return };
        if let Err(payload) = catch_unwind(AssertUnwindSafe(callback)) {
            self.report(id, site, &PanicPayload::new(payload));
        }
    }

    /// Where the task was spawned; `None`: the entry is a callback, or has ended.
    pub(crate) fn task_site(&self, id: TaskId) -> Option<Site> {
        let mut core = self.core.borrow_mut();
        let (index, slot) = core.find(id)?;
        let site = slot.site;
        (id.parts().executor == self.number && !core.is_callback(index)).then_some(site)
    }
}
