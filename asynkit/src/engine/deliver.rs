//! Delivering what was thrown to a task: a poll with the error on offer.

use super::{
    cell::TaskCell,
    error::TaskError,
    receipt::Throw,
    run::{Body, Polled},
    shared::Shared,
    slots::{Slot, State, flag},
    throw::Refused,
};
use crate::{
    context::TaskContext,
    error::Interrupt,
    scope::{self, Delivery, Left, OnOffer, Scope, Taken},
    util::cold::cold_path,
};
use core::{
    mem::{self, ManuallyDrop},
    task::{Context, Poll, Waker},
};

/// How a poll with an error on offer ended.
pub(super) enum Told {
    Finished,
    /// It finished, and nobody was told.
    Unseen(Interrupt),
    Suspended,
    /// It suspended, and nobody took the error.
    Root(Interrupt),
}

impl From<Delivery<()>> for Told {
    fn from(delivery: Delivery<()>) -> Self {
        match delivery {
            Delivery::Ready(()) => Told::Finished,
            Delivery::Unseen((), error) => Told::Unseen(error),
            Delivery::Pending => Told::Suspended,
            Delivery::Root(error) => Told::Root(error),
        }
    }
}

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

/// Puts what is on offer back when the poll panics.
struct Offering<'a> {
    shared: &'a Shared,
    index: u32,
    offer: OnOffer,
}

impl Drop for Offering<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.shared.take_back(self.index, self.offer);
    }
}

impl Slot {
    /// What a turn is to tell a task with a cell of its own, if there is nothing else about it.
    #[inline(always)]
    pub(super) fn take_told(&mut self) -> Option<(&TaskCell, Taken)> {
        let (Some(cell), Some(extra)) = (&self.cell, &mut self.extra) else { return None };
        if self.flags != flag::THROWN || cell.is_new() {
            return None;
        }
        Some((cell, extra.take_told()?))
    }
}

impl Shared {
    /// A turn of a task that [`take_told`](Slot::take_told) is for. Who calls it keeps the cell for the time of the poll.
    // Not cold: the compiler would make it small, with calls to reach the thread's locals.
    #[inline(never)]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "it is one word, which a reference would put into memory"
    )]
    pub(super) fn run_told(
        &self,
        index: u32,
        cell: ManuallyDrop<TaskCell>,
        error: Taken,
        context: TaskContext,
        waker: &Waker,
    ) {
        let mut cx = Context::from_waker(waker);
        let offer = error.open(&cx);
        context.resume();
        let offering = Offering { shared: self, index, offer };
        let polled = cell.poll_told(&mut cx);
        mem::forget(offering);
        let mut core = self.core.borrow_mut();
        let slot = core.slots.at(index);
        let extra = slot.extra.get_or_insert_default();
        let is_usual = polled.is_pending() && extra.thrown.is_empty() && !extra.is_last;
        if !is_usual {
            cold_path();
            drop(core);
            self.after_told(index, offer, polled, &cx);
            return;
        }
        let left = extra.scope.put_back(offer);
        match left {
            Left::Nothing => slot.flags &= !flag::THROWN,
            Left::Stop => extra.is_telling = false,
            Left::Unsettled(_) => {
                cold_path();
                drop(core);
                self.settle_told(index, left, polled, &cx);
                return;
            }
        }
        let ticket = extra.ticket.take();
        if slot.context.has_changed() {
            cold_path();
            slot.context = slot.context.suspend();
        }
        if slot.state == State::Running {
            slot.state = State::Blocked;
        } else {
            core.settle(index);
        }
        drop(core);
        if let Some(ticket) = ticket {
            ticket.tell();
        }
    }

    /// The poll has panicked.
    #[cold]
    #[inline(never)]
    fn take_back(&self, index: u32, offer: OnOffer) {
        let mut core = self.core.borrow_mut();
        let left = core.slots.at(index).extra().scope.put_back_in_panic(offer);
        drop(core);
        drop(left);
    }

    /// After such a turn that ends as few do.
    #[cold]
    #[inline(never)]
    fn after_told(&self, index: u32, offer: OnOffer, polled: Poll<()>, cx: &Context<'_>) {
        let left = self.core.borrow_mut().slots.at(index).extra().scope.put_back(offer);
        self.settle_told(index, left, polled, cx);
    }

    #[cold]
    #[inline(never)]
    fn settle_told(&self, index: u32, left: Left, polled: Poll<()>, cx: &Context<'_>) {
        let scope = mem::take(&mut self.core.borrow_mut().slots.at(index).extra().scope);
        let (told, scope) = self.tell(index, scope, |scope| scope.settle_task(left, polled, cx).into());
        let polled = match told {
            Told::Suspended => self.keep(index, scope),
            ended => self.ended_as(index, ended),
        };
        self.end_turn(index, polled);
    }

    /// Lets the scope be polled with its error on offer. Who throws the error meanwhile has its ticket in the slot.
    #[inline(always)]
    fn tell(&self, index: u32, scope: Scope, poll: impl FnOnce(&mut Scope) -> Told) -> (Told, Scope) {
        scope::leave_all();
        let mut telling = Telling { shared: self, index, scope };
        let told = poll(&mut telling.scope);
        let scope = mem::take(&mut telling.scope);
        mem::forget(telling);
        (told, scope)
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
