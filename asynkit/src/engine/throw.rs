//! Errors thrown to tasks: stored with the task, and delivered in its next poll.

use super::{
    core::Core,
    error::TaskError,
    id::TaskId,
    lend::Lent,
    shared::Shared,
    slots::{Slot, flag},
};
use crate::{
    error::{Interrupt, InterruptKind},
    scope::Scope,
};
use alloc::{boxed::Box, collections::VecDeque, rc::Rc};
use core::{
    cell::Cell,
    task::{Context, Poll, Waker},
};

/// What few tasks need.
#[derive(Default)]
pub(crate) struct Extra {
    pub(super) name: Option<Rc<str>>,
    pub(super) lent: Option<Lent>,
    pub(super) scope: Scope,
    /// Told once, it is dropped where it suspends again.
    pub(super) is_last: bool,
    /// The poll that tells of a stop in the scope is on the stack.
    pub(super) is_telling: bool,
    /// Those to be delivered after the one in the scope.
    pub(super) thrown: VecDeque<Throw>,
    /// Of the error in the scope, as long as nobody was told of it.
    pub(super) ticket: Option<Ticket>,
    /// Called with the result in the cell.
    pub(super) on_finish: Option<Box<dyn FnOnce()>>,
    /// Wakes who drives a root.
    pub(super) driver: Option<Waker>,
    /// What a slot runs that has no task.
    pub(super) callback: Option<Box<dyn FnOnce()>>,
}

/// An error on its way to a task.
pub(crate) struct Throw {
    pub(super) error: Interrupt,
    pub(super) ticket: Option<Ticket>,
}

impl Throw {
    /// Of which nobody hears any more.
    pub(crate) const fn new(error: Interrupt) -> Self {
        Throw { error, ticket: None }
    }

    /// Of which the receipt tells what has become of it.
    pub(crate) fn with_receipt(error: Interrupt) -> (Self, Rc<Receipt>) {
        let receipt = Rc::<Receipt>::default();
        (Throw { error, ticket: Some(Ticket(Rc::clone(&receipt))) }, receipt)
    }

    pub(crate) fn into_error(self) -> Interrupt {
        self.error
    }

    /// Nobody was told, and nobody will be.
    pub(super) fn give_back(self, why: Refused) {
        if let Some(ticket) = self.ticket {
            ticket.0.settle(Fate::Back(why, self.error));
        }
    }
}

/// Tells a thrower what has become of its error.
#[derive(Default)]
pub(crate) struct Receipt {
    fate: Cell<Fate>,
    waker: Cell<Option<Waker>>,
}

#[derive(Default)]
enum Fate {
    #[default]
    Coming,
    /// Somebody was told, or the task has ended by it.
    Seen,
    Back(Refused, Interrupt),
}

impl Receipt {
    /// Waits until the error was seen, or comes back.
    pub(crate) fn poll(&self, cx: &Context<'_>) -> Poll<Result<(), (Refused, Interrupt)>> {
        match self.fate.replace(Fate::Seen) {
            Fate::Seen => Poll::Ready(Ok(())),
            Fate::Back(why, error) => Poll::Ready(Err((why, error))),
            Fate::Coming => {
                self.fate.set(Fate::Coming);
                let old = self.waker.replace(Some(cx.waker().clone()));
                drop(old);
                Poll::Pending
            }
        }
    }

    fn settle(&self, fate: Fate) {
        self.fate.set(fate);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// Travels with an error; dropped, it tells that the error was seen.
pub(crate) struct Ticket(Rc<Receipt>);

impl Drop for Ticket {
    fn drop(&mut self) {
        let fate = self.0.fate.take();
        self.0.settle(if matches!(fate, Fate::Coming) { Fate::Seen } else { fate });
    }
}

/// Why a throw was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refused {
    /// The task runs: it is the caller, or has started the caller.
    Running,
    /// The task has ended, or was dropped before the error was its turn.
    Done,
    /// The task is being stopped: it was cancelled, aborted, or told of another stop.
    Stopping,
    /// The task has ended with a value before anybody took the error.
    Completed,
}

/// What a cancel meets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    None,
    /// Thrown, and nobody was told so far.
    Coming,
    Told,
}

impl Extra {
    /// Whether a stop is on its way, or at work.
    fn stop(&self) -> Stop {
        if self.thrown.iter().any(|throw| throw.error.kind() != InterruptKind::Thrown) {
            return Stop::Coming;
        }
        match self.scope.thrown_kind() {
            // The scope is with the poll, which may have ended before a second stop is its turn.
            None if self.is_telling => Stop::Told,
            None | Some(InterruptKind::Thrown) => Stop::None,
            Some(_) if self.scope.is_told() => Stop::Told,
            Some(_) => Stop::Coming,
        }
    }

    /// Puts the next error into the scope, if that is free, or holds a stop that was told.
    pub(super) fn next_throw(&mut self) -> bool {
        let is_free = !self.scope.is_thrown() || self.is_last && self.scope.is_told();
        if !is_free {
            return false;
        }
        let Some(Throw { error, ticket }) = self.thrown.pop_front() else { return false };
        self.scope.throw(error);
        self.ticket = ticket;
        true
    }

    /// Takes what nobody was told of, for the task's end.
    pub(super) fn take_throws(&mut self) -> Untold {
        let held = self.ticket.take().zip(self.scope.withdraw());
        Untold { held, queued: core::mem::take(&mut self.thrown) }
    }
}

/// The errors that a task has left, the thrower's first that has a ticket.
#[derive(Default)]
pub(super) struct Untold {
    held: Option<(Ticket, Interrupt)>,
    queued: VecDeque<Throw>,
}

impl Untold {
    /// Gives them back to those who wait for them. Runs code of the user's.
    pub(super) fn give_back(self, why: Refused) {
        if let Some((ticket, error)) = self.held {
            Throw { error, ticket: Some(ticket) }.give_back(why);
        }
        for throw in self.queued {
            throw.give_back(why);
        }
    }
}

impl Slot {
    fn stop(&self) -> Stop {
        self.extra.as_ref().map_or(Stop::None, |extra| extra.stop())
    }
}

impl Shared {
    /// Stores an error for the task's next poll, which is due at the end of its priority.
    pub(crate) fn throw(&self, id: TaskId, throw: Throw) -> Result<(), (Refused, Interrupt)> {
        let mut core = self.core.borrow_mut();
        let Some((index, slot)) = core.find(id) else { return Err((Refused::Done, throw.error)) };
        if slot.state.is_running() {
            return Err((Refused::Running, throw.error));
        }
        let stop = if slot.flags & flag::ABORTED != 0 { Stop::Coming } else { slot.stop() };
        match stop {
            Stop::None => {}
            // A second stop, as a second cancel.
            Stop::Told if throw.error.kind() != InterruptKind::Thrown => slot.extra().is_last = true,
            Stop::Told | Stop::Coming => return Err((Refused::Stopping, throw.error)),
        }
        core.push_back(index);
        store(&mut core, index, throw);
        drop(core);
        self.called();
        Ok(())
    }

    /// Asks a task to stop; `false` where it has ended.
    pub(crate) fn cancel(&self, id: TaskId) -> bool {
        // It may run a destructor, so not inside of the borrow.
        let throw = Throw::new(Interrupt::of_kind(InterruptKind::Cancel));
        let mut core = self.core.borrow_mut();
        let Some((index, slot)) = core.find(id) else { return false };
        if slot.flags & flag::ABORTED != 0 {
            return true;
        }
        match slot.stop() {
            Stop::Coming => return true,
            Stop::None => {}
            Stop::Told => slot.extra().is_last = true,
        }
        store(&mut core, index, throw);
        drop(core);
        self.called();
        true
    }

    /// Has a task dropped at its next turn; `false` where it has ended.
    pub(crate) fn abort(&self, id: TaskId) -> bool {
        let mut core = self.core.borrow_mut();
        let Some((index, slot)) = core.find(id) else { return false };
        slot.flags |= flag::ABORTED;
        core.call(index);
        drop(core);
        self.called();
        true
    }
}

fn store(core: &mut Core, index: u32, throw: Throw) {
    let slot = core.slots.at(index);
    slot.flags |= flag::THROWN;
    slot.extra().thrown.push_back(throw);
    core.call(index);
}

impl TaskError {
    /// The error of a task that was dropped by `error`.
    pub(super) fn of(error: Interrupt) -> Self {
        if error.kind() == InterruptKind::Cancel {
            TaskError::Cancelled
        } else {
            TaskError::Interrupted(error)
        }
    }
}
