//! The ends of tasks.

use super::{
    cell::TaskCell,
    error::{PanicPayload, TaskError},
    id::{Parts, TaskId},
    run::{Body, Driven, body_of},
    shared::Shared,
    throw::Refused,
};
use crate::queue::NIL;
use alloc::boxed::Box;
use core::{any::Any, panic::AssertUnwindSafe};
use std::panic::catch_unwind;

impl Shared {
    /// Drops the future of a task that does not run, and ends the task with `error`.
    #[cold]
    pub(super) fn fail(&self, index: u32, error: TaskError, root: Option<&mut (dyn Body + '_)>) {
        let (cell, context, id, site, callback, untold) = {
            let core = &mut *self.core.borrow_mut();
            let id = core.id(self.number, index);
            let slot = core.slots.at(index);
            let callback = slot.extra.as_mut().and_then(|extra| extra.callback.take());
            let untold = slot.extra.as_mut().map(|extra| extra.take_throws());
            (slot.cell.take(), slot.context, id, slot.site, callback, untold)
        };
        let Some(id) = id else { return };
        let outer = self.current.replace(index);
        context.resume();
        let is_alone = cell.as_ref().is_some_and(TaskCell::is_alone);
        let mut cell_body = cell.as_ref();
        let body: Option<&mut dyn Body> = match (&mut cell_body, root) {
            (Some(cell), _) => Some(cell),
            (None, Some(root)) => Some(root),
            (None, None) => None,
        };
        let mut unobserved = None;
        if let Some(body) = body {
            let dropped = catch_unwind(AssertUnwindSafe(|| body.drop_future()));
            let error = match dropped {
                Ok(()) => error,
                Err(payload) => TaskError::Panicked(PanicPayload::new(payload)),
            };
            match error {
                TaskError::Panicked(payload) if is_alone => {
                    unobserved = Some(payload);
                    body.fail(TaskError::Cancelled);
                }
                error => body.fail(error),
            }
        }
        {
            let mut core = self.core.borrow_mut();
            let slot = core.slots.at(index);
            slot.cell = cell;
            slot.context = slot.context.suspend();
        }
        let dropped = catch_unwind(AssertUnwindSafe(|| {
            drop(callback);
            untold.unwrap_or_default().give_back(Refused::Done);
        }));
        if let Err(payload) = dropped {
            unobserved = Some(PanicPayload::new(payload));
        }
        if let Some(payload) = unobserved {
            self.report(id, site, &payload);
        }
        self.finish(index);
        self.current.set(outer);
    }

    /// Vacates the slot of a task that has its result, and wakes who awaits it.
    #[inline(never)]
    pub(super) fn finish(&self, index: u32) {
        let (cell, extra, context) = {
            let core = &mut *self.core.borrow_mut();
            core.dequeue(index);
            let slot = core.slots.at(index);
            let parts = Parts { executor: self.number, generation: slot.generation, slot: index };
            self.last.set((TaskId::new(parts), slot.site));
            let parts = (slot.cell.take(), slot.extra.take(), slot.context);
            core.slots.vacate(index);
            parts
        };
        self.current.set(NIL);
        if let Some(cell) = cell {
            if let Some(joiner) = cell.take_joiner() {
                joiner.wake();
            }
        }
        if let Some(mut extra) = extra {
            if let Some(on_finish) = extra.on_finish.take() {
                on_finish();
            }
            extra.take_throws().give_back(Refused::Completed);
        }
        drop(context.end());
    }

    /// A poll has panicked, or what runs between polls; whether the root has ended by it.
    #[cold]
    #[inline(never)]
    pub(super) fn failed(&self, payload: Box<dyn Any + Send>, root: &mut Driven<'_, '_>) -> bool {
        let payload = PanicPayload::new(payload);
        let index = self.current.replace(NIL);
        if index == NIL {
            let (id, site) = self.last.get();
            self.report(id, site, &payload);
            return false;
        }
        {
            let mut core = self.core.borrow_mut();
            let slot = core.slots.at(index);
            slot.context = slot.context.suspend();
        }
        let root = body_of(root, index);
        let is_root = root.is_some();
        self.fail(index, TaskError::Panicked(payload), root);
        is_root
    }
}
