//! Delivering what was thrown to a task: a poll with the error on offer.

use super::{
    cell::Told,
    error::TaskError,
    run::{Body, Polled},
    shared::Shared,
    slots::{State, flag},
    throw::{Refused, Throw},
};
use crate::{
    context::TaskContext,
    scope::{self, Scope},
};
use core::{
    mem,
    task::{Context, Waker},
};

/// Puts the scope back when the poll panics which tells of an error in it: one that nobody has taken comes back with the
/// task's end.
struct Telling<'a> {
    shared: &'a Shared,
    index: u32,
    scope: Scope,
}

impl Drop for Telling<'_> {
    #[cold]
    fn drop(&mut self) {
        let scope = mem::take(&mut self.scope);
        let empty =
            mem::replace(&mut self.shared.core.borrow_mut().slots.at(self.index).extra().scope, scope);
        drop(empty);
    }
}

impl Shared {
    /// A turn of a task with a cell of its own that was thrown to, and is neither new nor aborted; `false`: it is another.
    #[inline(always)]
    pub(super) fn run_told(&self, index: u32, context: TaskContext, waker: &Waker) -> bool {
        let (cell, scope) = {
            let mut core = self.core.borrow_mut();
            let slot = core.slots.at(index);
            let (Some(cell), Some(extra)) = (&slot.cell, &mut slot.extra) else { return false };
            if slot.flags != flag::THROWN || cell.is_new() {
                return false;
            }
            (cell.clone(), extra.take_scope())
        };
        context.resume();
        let mut cx = Context::from_waker(waker);
        let (told, scope) = self.tell(index, scope, |scope| cell.poll_thrown(scope, &mut cx));
        drop(cell);
        match told {
            Told::Suspended => self.after_told(index, scope),
            ended => self.after_telling(index, ended),
        }
        true
    }

    /// Polls with the error in the scope on offer. Who throws the error meanwhile has its ticket in the slot.
    #[inline(always)]
    fn tell(&self, index: u32, scope: Scope, poll: impl FnOnce(&mut Scope) -> Told) -> (Told, Scope) {
        scope::leave_all();
        let mut telling = Telling { shared: self, index, scope };
        let told = poll(&mut telling.scope);
        let scope = mem::take(&mut telling.scope);
        mem::forget(telling);
        (told, scope)
    }

    /// The task has survived it, and mostly waits.
    #[inline(always)]
    fn after_told(&self, index: u32, scope: Scope) {
        let mut core = self.core.borrow_mut();
        let slot = core.slots.at(index);
        let Some(extra) = &mut slot.extra else { return };
        let is_thrown = scope.is_thrown();
        if !extra.thrown.is_empty() || extra.is_last || is_thrown && !scope.is_told() {
            drop(core);
            let polled = self.keep(index, scope);
            return self.end_turn(index, polled);
        }
        extra.is_telling = false;
        let empty = mem::replace(&mut extra.scope, scope);
        let ticket = extra.ticket.take();
        if !is_thrown {
            slot.flags &= !flag::THROWN;
        }
        slot.context = slot.context.suspend();
        if slot.state == State::Running {
            slot.state = State::Blocked;
        } else {
            core.settle(index);
        }
        drop(core);
        drop(empty);
        if let Some(ticket) = ticket {
            ticket.tell();
        }
    }

    /// The task has ended by it, or with it.
    #[cold]
    #[inline(never)]
    fn after_telling(&self, index: u32, told: Told) {
        let polled = self.ended_as(index, told);
        self.end_turn(index, polled);
    }

    /// As after any other poll.
    #[cold]
    #[inline(never)]
    fn end_turn(&self, index: u32, polled: Polled) {
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
        let mut scope = self.core.borrow_mut().slots.at(index).extra().take_scope();
        if body.is_new() {
            let error = scope.withdraw().expect("a task with this flag was thrown to");
            return Polled::Dead(TaskError::of(error));
        }
        match self.tell(index, scope, |scope| body.poll_thrown(scope, cx)) {
            (Told::Suspended, scope) => self.keep(index, scope),
            (ended, _) => self.ended_as(index, ended),
        }
    }

    /// After a delivery that the task has survived.
    #[cold]
    #[inline(never)]
    fn keep(&self, index: u32, mut scope: Scope) -> Polled {
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
        let ticket = if is_thrown && !is_told { None } else { extra.ticket.take() };
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

    /// The end of a task in a poll with an error on offer.
    fn ended_as(&self, index: u32, told: Told) -> Polled {
        match told {
            Told::Unseen(error) => {
                let ticket = self.core.borrow_mut().slots.at(index).extra().ticket.take();
                Throw { error, ticket }.give_back(Refused::Completed);
                Polled::Done
            }
            Told::Root(error) => Polled::Dead(TaskError::of(error)),
            Told::Finished | Told::Suspended => Polled::Done,
        }
    }
}
