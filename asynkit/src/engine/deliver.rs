//! Delivering what was thrown to a task: a poll with the error on offer.

use super::{
    cell::Told,
    error::TaskError,
    run::{Body, Polled},
    shared::Shared,
    slots::flag,
    throw::{Refused, Throw, Ticket},
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
        let (mut scope, ticket) = {
            let mut core = self.core.borrow_mut();
            let extra = core.slots.at(index).extra();
            extra.next_throw();
            (mem::take(&mut extra.scope), extra.ticket.take())
        };
        if flags & flag::NEW != 0 {
            let error = scope.withdraw().expect("a task with this flag was thrown to");
            return Polled::Dead(TaskError::of(error));
        }
        scope::leave_all();
        match body.poll_thrown(&mut scope, cx) {
            Told::Finished => Polled::Done,
            Told::Unseen(error) => {
                Throw { error, ticket }.give_back(Refused::Completed);
                Polled::Done
            }
            Told::Root(error) => Polled::Dead(TaskError::of(error)),
            Told::Suspended => self.keep(index, scope, ticket),
        }
    }

    /// After a delivery that the task has survived.
    fn keep(&self, index: u32, mut scope: Scope, mut ticket: Option<Ticket>) -> Polled {
        let mut core = self.core.borrow_mut();
        let slot = core.slots.at(index);
        let extra = slot.extra();
        let (is_thrown, is_waiting) = (scope.is_thrown(), !extra.thrown.is_empty());
        let is_told = is_thrown && scope.is_told();
        if extra.is_last && is_told && !is_waiting && !scope.is_held() {
            drop(core);
            return Polled::Dead(scope.withdraw().map_or(TaskError::Cancelled, TaskError::of));
        }
        if is_thrown && !is_told {
            extra.ticket = ticket.take();
        }
        let old = mem::replace(&mut extra.scope, scope);
        if !is_thrown && !is_waiting {
            slot.flags &= !flag::THROWN;
        }
        if !is_thrown && is_waiting {
            core.call(index);
        }
        drop(core);
        drop((old, ticket));
        Polled::Pending
    }
}
