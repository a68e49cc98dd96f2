//! Delivering what was thrown to a task: a poll with the error on offer.

use super::{
    cell::Told,
    error::TaskError,
    run::{Body, Polled},
    shared::Shared,
    slots::flag,
};
use crate::scope::{self, Scope};
use core::{mem, task::Context};

impl Shared {
    /// A poll with an error on offer, or none at all.
    #[cold]
    pub(super) fn deliver(&self, index: u32, flags: u8, body: &mut dyn Body, cx: &mut Context<'_>) -> Polled {
        if flags & flag::ABORTED != 0 {
            return Polled::Dead(TaskError::Cancelled);
        }
        let (mut scope, receipt) = {
            let mut core = self.core.borrow_mut();
            let extra = core.slots.at(index).extra();
            let old = extra.receipt.take();
            let receipt = if extra.next_throw() { extra.receipt.take() } else { old };
            (mem::take(&mut extra.scope), receipt)
        };
        if body.is_new() {
            let error = scope.withdraw().expect("a task with this flag was thrown to");
            return Polled::Dead(TaskError::of(error));
        }
        scope::leave_all();
        let told = body.poll_thrown(&mut scope, cx);
        match told {
            Told::Finished => Polled::Done,
            Told::Unseen(error) => {
                if let Some(receipt) = receipt {
                    receipt.set(Some(error));
                }
                Polled::Done
            }
            Told::Root(error) => Polled::Dead(TaskError::of(error)),
            Told::Suspended => self.keep(index, scope),
        }
    }

    /// After a delivery that the task has survived.
    fn keep(&self, index: u32, scope: Scope) -> Polled {
        let mut core = self.core.borrow_mut();
        let slot = core.slots.at(index);
        let extra = slot.extra();
        let is_thrown = scope.is_thrown();
        let is_over = extra.is_last && is_thrown && scope.is_told() && extra.thrown.is_empty();
        let old = mem::replace(&mut extra.scope, scope);
        let (is_due, is_waiting) = (!is_thrown && !extra.thrown.is_empty(), !extra.thrown.is_empty());
        if !is_thrown && !is_waiting {
            slot.flags &= !flag::THROWN;
        }
        if is_due {
            core.call(index);
        }
        drop(core);
        drop(old);
        if is_over { Polled::Dead(TaskError::Cancelled) } else { Polled::Pending }
    }
}
