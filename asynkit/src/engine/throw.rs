//! Errors thrown to tasks: stored with the task, and delivered in its next poll.

use super::{core::Core, error::TaskError, id::TaskId, shared::Shared, slots::flag};
use crate::{
    error::{Interrupt, InterruptKind},
    scope::Scope,
};
use alloc::{boxed::Box, collections::VecDeque, rc::Rc};
use core::{cell::Cell, task::Waker};

/// What few tasks need.
#[derive(Default)]
pub(crate) struct Extra {
    pub(super) name: Option<Rc<str>>,
    pub(super) scope: Scope,
    /// Told once, it is dropped where it suspends again.
    pub(super) is_last: bool,
    /// Those to be delivered after the one in the scope.
    pub(super) thrown: VecDeque<Throw>,
    /// Where the thrower of the error in the scope looks for it, if nobody is told.
    pub(super) receipt: Option<Receipt>,
    /// Called with the result in the cell.
    pub(super) on_finish: Option<Box<dyn FnOnce()>>,
    /// Wakes who drives a root.
    pub(super) driver: Option<Waker>,
    /// What a slot runs that has no task.
    pub(super) callback: Option<Box<dyn FnOnce()>>,
}

/// Where an error is found that nobody was told of.
pub(crate) type Receipt = Rc<Cell<Option<Interrupt>>>;

/// An error on its way to a task.
pub(crate) struct Throw {
    pub(super) error: Interrupt,
    pub(super) receipt: Option<Receipt>,
}

/// Why a task takes no error.
#[allow(dead_code, reason = "`task_throw` is built on it")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Running,
    Done,
    Stopping,
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
        let Some(Throw { error, receipt }) = self.thrown.pop_front() else { return false };
        self.scope.throw(error);
        self.receipt = receipt;
        true
    }
}

impl Shared {
    /// Stores `error` for the task's next poll, and queues it.
    #[allow(dead_code, reason = "`task_throw` is built on it")]
    pub(crate) fn throw(&self, id: TaskId, throw: Throw) -> Result<(), (Refusal, Interrupt)> {
        let mut core = self.core.borrow_mut();
        let Some((index, slot)) = core.find(id) else { return Err((Refusal::Done, throw.error)) };
        if slot.state.is_running() {
            return Err((Refusal::Running, throw.error));
        }
        let is_stopped = slot.flags & flag::ABORTED != 0
            || slot.extra.as_ref().is_some_and(|extra| extra.stop() != Stop::None);
        if is_stopped && throw.error.kind() == InterruptKind::Thrown {
            return Err((Refusal::Stopping, throw.error));
        }
        store(&mut core, index, throw);
        drop(core);
        self.called();
        Ok(())
    }

    /// Asks a task to stop; `false` where it has ended.
    pub(crate) fn cancel(&self, id: TaskId) -> bool {
        // It may run a destructor, so not inside of the borrow.
        let throw = Throw { error: Interrupt::of_kind(InterruptKind::Cancel), receipt: None };
        let mut core = self.core.borrow_mut();
        let Some((index, slot)) = core.find(id) else { return false };
        if slot.flags & flag::ABORTED != 0 {
            return true;
        }
        match slot.extra.as_ref().map_or(Stop::None, |extra| extra.stop()) {
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

#[cfg(test)]
mod tests {
    use super::{Receipt, Refusal, Throw};
    use crate::{
        engine::{self, TaskError},
        error::Interrupt,
        executor::{Executor, yield_now},
        interrupt::InterruptExt as _,
        task::{Task, TaskRef, current_task, spawn},
    };
    use core::future::pending;

    fn throw(task: TaskRef, text: &str, receipt: Option<Receipt>) -> Result<(), Refusal> {
        let shared = engine::current().expect("an executor runs");
        let throw = Throw { error: Interrupt::new(text.to_owned()), receipt };
        shared.throw(task.id(), throw).map_err(|(why, _error)| why)
    }

    fn told_twice() -> Task<[String; 2]> {
        spawn(async {
            let first = pending::<()>().interruptible().await.unwrap_err().to_string();
            let second = pending::<()>().interruptible().await.unwrap_err().to_string();
            [first, second]
        })
    }

    #[test]
    fn two_errors_are_told_in_their_order_one_a_poll() {
        Executor::run(async {
            let task = told_twice();
            yield_now().await;
            throw(*task, "a", None).unwrap();
            throw(*task, "b", None).unwrap();
            assert_eq!(task.await.unwrap(), ["interrupted: a", "interrupted: b"]);
        });
    }

    #[test]
    fn a_second_error_drops_what_answered_the_first_by_waiting_elsewhere() {
        Executor::run(async {
            let task = spawn(async {
                let _told = pending::<()>().interruptible().await;
                pending::<()>().await;
            });
            yield_now().await;
            throw(*task, "a", None).unwrap();
            throw(*task, "b", None).unwrap();
            let Err(TaskError::Interrupted(error)) = task.await else {
                panic!("it is dropped by the second")
            };
            assert_eq!(error.to_string(), "interrupted: b");
        });
    }

    #[test]
    fn a_new_task_is_dropped_unpolled_by_the_first_error() {
        Executor::run(async {
            let task = spawn(async { unreachable!("it is never polled") });
            throw(*task, "a", None).unwrap();
            throw(*task, "b", None).unwrap();
            let Err(TaskError::Interrupted(error)) = task.await else { panic!("it was thrown to") };
            assert_eq!(error.to_string(), "interrupted: a");
        });
    }

    #[test]
    fn who_runs_has_ended_or_is_being_stopped_is_refused() {
        Executor::run(async {
            assert_eq!(throw(current_task().unwrap(), "a", None), Err(Refusal::Running));
            let task = spawn(async { pending::<()>().interruptible().await.is_err() });
            yield_now().await;
            task.cancel();
            assert_eq!(throw(*task, "a", None), Err(Refusal::Stopping));
            let reference = *task;
            assert!(task.await.unwrap());
            assert_eq!(throw(reference, "a", None), Err(Refusal::Done));
        });
    }

    #[test]
    fn an_error_that_nobody_was_told_of_is_found_in_the_receipt() {
        Executor::run(async {
            let task = spawn(async {
                yield_now().await;
                yield_now().await;
                1
            });
            yield_now().await;
            yield_now().await;
            let receipt = Receipt::default();
            throw(*task, "late", Some(Receipt::clone(&receipt))).unwrap();
            assert_eq!(task.await.unwrap(), 1);
            assert_eq!(receipt.take().unwrap().to_string(), "interrupted: late");
        });
    }
}
