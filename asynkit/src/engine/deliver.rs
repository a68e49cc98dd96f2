//! Delivering what was thrown to a task: a poll with the error on offer.

use super::{
    cell::Told,
    error::TaskError,
    run::{Body, Polled},
    shared::Shared,
    slots::flag,
    throw::{Refused, Throw, Ticket},
};
use crate::{
    error::InterruptKind,
    scope::{self, Scope},
};
use alloc::boxed::Box;
use core::{any::Any, mem, panic::AssertUnwindSafe, task::Context};
use std::panic::{catch_unwind, resume_unwind};

impl Shared {
    /// A poll with an error on offer, or none at all.
    #[cold]
    pub(super) fn deliver(&self, index: u32, flags: u8, body: &mut dyn Body, cx: &mut Context<'_>) -> Polled {
        if flags & flag::ABORTED != 0 {
            return Polled::Dead(TaskError::Cancelled);
        }
        let (mut scope, mut ticket) = {
            let mut core = self.core.borrow_mut();
            let extra = core.slots.at(index).extra();
            extra.next_throw();
            extra.is_telling = extra.scope.thrown_kind().is_some_and(InterruptKind::is_stop);
            (mem::take(&mut extra.scope), extra.ticket.take())
        };
        if body.is_new() {
            let error = scope.withdraw().expect("a task with this flag was thrown to");
            return Polled::Dead(TaskError::of(error));
        }
        scope::leave_all();
        let told = catch_unwind(AssertUnwindSafe(|| body.poll_thrown(&mut scope, cx)));
        match told.unwrap_or_else(|payload| panicked(&mut scope, ticket.take(), payload)) {
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
        extra.is_telling = false;
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

/// The panic goes on; an error that nobody had taken comes back.
#[cold]
fn panicked(scope: &mut Scope, ticket: Option<Ticket>, payload: Box<dyn Any + Send>) -> ! {
    if let Some(error) = scope.withdraw() {
        // What a waker or the error's destructor panics with comes second.
        let _ = catch_unwind(AssertUnwindSafe(|| Throw { error, ticket }.give_back(Refused::Done)));
    }
    resume_unwind(payload)
}
