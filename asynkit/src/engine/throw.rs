//! Errors thrown to tasks: stored with the task, and delivered in its next poll.

use super::{
    core::{Core, find_in},
    error::TaskError,
    id::TaskId,
    lend::Lent,
    order::{Place, call_next, place},
    receipt::{Receipt, Throw, Ticket},
    shared::Shared,
    slots::{Slot, flag},
};
use crate::{
    error::{Interrupt, InterruptKind},
    scope::{Scope, Taken},
    util::cold::cold_path,
};
use alloc::{boxed::Box, collections::VecDeque, rc::Rc};
use core::{mem, task::Waker};

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
    /// Of the error in the scope, as long as the turn is not over in which somebody is told of it.
    pub(super) ticket: Option<Ticket>,
    /// Called with the result in the cell.
    pub(super) on_finish: Option<Box<dyn FnOnce()>>,
    /// Wakes who drives a root.
    pub(super) driver: Option<Waker>,
    /// What a slot runs that has no task.
    pub(super) callback: Option<Box<dyn FnOnce()>>,
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
    #[cold]
    #[inline(never)]
    fn next_throw(&mut self) {
        let is_free = !self.scope.is_thrown() || self.is_last && self.scope.is_told();
        if !is_free {
            return;
        }
        if let Some(Throw { error, ticket }) = self.thrown.pop_front() {
            self.scope.throw(error);
            self.ticket = ticket;
        }
    }

    /// Takes the scope with what is to be told, for a poll.
    #[inline(always)]
    pub(super) fn take_scope(&mut self) -> Scope {
        if !self.thrown.is_empty() {
            self.next_throw();
        }
        self.is_telling = self.scope.is_stopped();
        mem::take(&mut self.scope)
    }

    /// Takes what is to be told, for a poll that is as usual; `None`: [`take_scope`](Self::take_scope) is for it.
    #[inline(always)]
    pub(super) fn take_told(&mut self) -> Option<Taken> {
        if !self.thrown.is_empty() {
            return None;
        }
        let told = self.scope.take_told()?;
        if told.is_stop() {
            self.is_telling = true;
        }
        Some(told)
    }

    /// Takes what nobody was told of, for the task's end.
    pub(super) fn take_throws(&mut self) -> Untold {
        let held = self.scope.withdraw().map(|error| Throw { error, ticket: self.ticket.take() });
        Untold { held, queued: mem::take(&mut self.thrown) }
    }
}

/// The errors that a task has left, the thrower's first that has a ticket.
#[derive(Default)]
pub(super) struct Untold {
    held: Option<Throw>,
    queued: VecDeque<Throw>,
}

impl Untold {
    /// Gives them back to those who wait for them. Runs code of the user's.
    pub(super) fn give_back(self, why: Refused) {
        for throw in self.held.into_iter().chain(self.queued) {
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
        let index = match admit(core.slots.rows(), id, &throw.error) {
            Ok((index, slot)) => {
                slot.store(throw);
                index
            }
            Err(why) => return Err((why, throw.into_error())),
        };
        core.push_back(index);
        core.call(index);
        drop(core);
        self.called();
        Ok(())
    }

    /// Stores an error for the task's next poll, which is due at once; the task that runs gets a place at the end of its
    /// priority. `None`: no task runs. Where it is refused, the error stays where
    /// it is.
    #[inline(always)]
    pub(crate) fn interrupt(
        &self,
        id: TaskId,
        error: &mut Interrupt,
        receipt: &Rc<Receipt>,
    ) -> Result<Option<Place>, Refused> {
        let Core { slots, queue, placed } = &mut *self.core.borrow_mut();
        let rows = slots.rows();
        let (index, slot) = find_waiting(rows, id)?;
        let throw =
            |error: &mut Interrupt| Throw::with_receipt(mem::replace(error, Interrupt::close()), receipt);
        if slot.flags & (flag::THROWN | flag::ABORTED) == 0 {
            slot.store_first(throw(error));
        } else {
            cold_path();
            slot.admit(error)?;
            slot.store(throw(error));
        }
        call_next(queue, rows, index);
        Ok(place(queue, placed, rows, self.current.get(), None))
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
        slot.store(throw);
        core.call(index);
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

/// The slot of a task that does not run.
#[inline(always)]
fn find_waiting(rows: &mut [Slot], id: TaskId) -> Result<(u32, &mut Slot), Refused> {
    let Some((index, slot)) = find_in(rows, id) else {
        cold_path();
        return Err(Refused::Done);
    };
    if slot.state.is_running() {
        cold_path();
        return Err(Refused::Running);
    }
    Ok((index, slot))
}

/// The slot of a task that an error can be thrown to: it does not run, and is not being stopped.
#[inline(always)]
fn admit<'a>(rows: &'a mut [Slot], id: TaskId, error: &Interrupt) -> Result<(u32, &'a mut Slot), Refused> {
    let (index, slot) = find_waiting(rows, id)?;
    if slot.flags & (flag::THROWN | flag::ABORTED) != 0 {
        cold_path();
        slot.admit(error)?;
    }
    Ok((index, slot))
}

impl Slot {
    /// Whether one more may be thrown.
    #[cold]
    #[inline(never)]
    fn admit(&mut self, error: &Interrupt) -> Result<(), Refused> {
        match if self.flags & flag::ABORTED != 0 { Stop::Coming } else { self.stop() } {
            Stop::None => Ok(()),
            // A second stop, as a second cancel.
            Stop::Told if error.kind().is_stop() => {
                self.extra().is_last = true;
                Ok(())
            }
            Stop::Told | Stop::Coming => Err(Refused::Stopping),
        }
    }

    #[cold]
    #[inline(never)]
    fn store(&mut self, throw: Throw) {
        if self.flags & flag::THROWN == 0 {
            self.store_first(throw);
        } else {
            self.extra().thrown.push_back(throw);
        }
    }

    /// The same where nothing is thrown to it.
    #[inline(always)]
    fn store_first(&mut self, throw: Throw) {
        self.flags |= flag::THROWN;
        let extra = self.extra();
        extra.scope.throw_again(throw.error);
        // There is none as long as nothing is thrown.
        mem::forget(mem::replace(&mut extra.ticket, throw.ticket));
    }
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
