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
    context::TaskContext,
    scope::{self, Scope},
};
use core::{
    mem,
    panic::AssertUnwindSafe,
    task::{Context, Waker},
};
use std::panic::catch_unwind;

/// Gives an error back that nobody has taken when the poll panics which tells of it.
struct Telling<'a> {
    scope: &'a mut Scope,
    ticket: Option<Ticket>,
}

impl Drop for Telling<'_> {
    #[cold]
    fn drop(&mut self) {
        if let Some(error) = self.scope.withdraw() {
            let ticket = self.ticket.take();
            // What a waker or the error's destructor panics with comes second.
            let _ = catch_unwind(AssertUnwindSafe(|| Throw { error, ticket }.give_back(Refused::Done)));
        }
    }
}

/// Polls `body` with the error in the scope on offer. The ticket comes back.
#[inline(always)]
fn tell(
    scope: &mut Scope,
    ticket: Option<Ticket>,
    poll: impl FnOnce(&mut Scope) -> Told,
) -> (Told, Option<Ticket>) {
    scope::leave_all();
    let mut telling = Telling { scope, ticket };
    let told = poll(telling.scope);
    let ticket = telling.ticket.take();
    mem::forget(telling);
    (told, ticket)
}

impl Shared {
    /// A turn of a task with a cell of its own that was thrown to, and is neither new nor aborted; `false`: it is another.
    #[inline(always)]
    pub(super) fn run_told(&self, index: u32, context: TaskContext, waker: &Waker) -> bool {
        let (cell, mut scope, ticket) = {
            let mut core = self.core.borrow_mut();
            let slot = core.slots.at(index);
            let (Some(cell), Some(extra)) = (&slot.cell, &mut slot.extra) else { return false };
            if slot.flags != flag::THROWN || cell.is_new() {
                return false;
            }
            let (scope, ticket) = extra.take_scope();
            (cell.clone(), scope, ticket)
        };
        context.resume();
        let mut cx = Context::from_waker(waker);
        let (told, ticket) = tell(&mut scope, ticket, |scope| cell.poll_thrown(scope, &mut cx));
        drop(cell);
        let polled = match told {
            Told::Suspended => self.keep(index, scope, ticket),
            ended => ended_as(ended, ticket),
        };
        self.after_telling(index, polled);
        true
    }

    /// As after any other poll.
    #[inline(always)]
    fn after_telling(&self, index: u32, polled: Polled) {
        let mut core = self.core.borrow_mut();
        let slot = core.slots.at(index);
        slot.context = slot.context.suspend();
        match polled {
            Polled::Pending => core.settle(index),
            Polled::Done => {
                drop(core);
                self.finish(index);
            }
            Polled::Dead(error) => {
                drop(core);
                self.fail(index, error, None);
            }
        }
    }

    /// A poll with an error on offer, or none at all.
    #[cold]
    pub(super) fn deliver(&self, index: u32, flags: u8, body: &mut dyn Body, cx: &mut Context<'_>) -> Polled {
        if flags & flag::ABORTED != 0 {
            return Polled::Dead(TaskError::Cancelled);
        }
        let (mut scope, ticket) = self.core.borrow_mut().slots.at(index).extra().take_scope();
        if body.is_new() {
            let error = scope.withdraw().expect("a task with this flag was thrown to");
            return Polled::Dead(TaskError::of(error));
        }
        match tell(&mut scope, ticket, |scope| body.poll_thrown(scope, cx)) {
            (Told::Suspended, ticket) => self.keep(index, scope, ticket),
            (ended, ticket) => ended_as(ended, ticket),
        }
    }

    /// After a delivery that the task has survived.
    #[inline(always)]
    fn keep(&self, index: u32, scope: Scope, ticket: Option<Ticket>) -> Polled {
        {
            let mut core = self.core.borrow_mut();
            let slot = core.slots.at(index);
            let is_thrown = scope.is_thrown();
            if let Some(extra) = &mut slot.extra {
                if extra.thrown.is_empty() && !extra.is_last && (!is_thrown || scope.is_told()) {
                    extra.is_telling = false;
                    let none = mem::replace(&mut extra.scope, scope);
                    if !is_thrown {
                        slot.flags &= !flag::THROWN;
                    }
                    drop(core);
                    drop((none, ticket));
                    return Polled::Pending;
                }
            }
        }
        self.keep_waiting(index, scope, ticket)
    }

    /// The same where more than that is to be told.
    #[cold]
    #[inline(never)]
    fn keep_waiting(&self, index: u32, mut scope: Scope, mut ticket: Option<Ticket>) -> Polled {
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

/// The end of a task in a poll with an error on offer.
#[cold]
#[inline(never)]
fn ended_as(told: Told, ticket: Option<Ticket>) -> Polled {
    match told {
        Told::Unseen(error) => {
            Throw { error, ticket }.give_back(Refused::Completed);
            Polled::Done
        }
        Told::Root(error) => Polled::Dead(TaskError::of(error)),
        Told::Finished | Told::Suspended => Polled::Done,
    }
}
