//! [`Members`]: who is in a group, and what has gone wrong in it.
//!
//! No code of others runs while a lock of this file is held: no waker is cloned, dropped or called, no error dropped.

use super::{ChildFailed, StartError};
use crate::{
    engine::clone_to_stop,
    error::{BoxError, Interrupt, InterruptKind},
    util::each::each,
};
use alloc::{collections::BTreeMap, sync::Arc, vec::Vec};
use core::{
    mem,
    sync::atomic::{AtomicU64, Ordering},
    task::Waker,
};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tells groups apart.
static NUMBERS: AtomicU64 = AtomicU64::new(0);

/// The children of a group, its errors, and how far it has come.
pub(super) struct Members {
    number: u64,
    state: Mutex<State>,
}

struct State {
    phase: Phase,
    /// In the order of their starts.
    children: BTreeMap<u64, Arc<Control>>,
    next: u64,
    errors: Errors,
    /// Wakes the group's future.
    owner: Option<Waker>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) enum Phase {
    Open,
    /// All were asked to stop.
    Cancelled,
    /// All are dropped where they are.
    Aborted,
    /// Nobody is in it, or nobody waits for it.
    Closed,
}

/// What has gone wrong, in the order in which it did.
#[derive(Default)]
pub(super) struct Errors {
    own: Vec<BoxError>,
    /// Those that only say that something was asked to stop.
    told: Vec<BoxError>,
}

impl Errors {
    pub(super) fn push_told(&mut self, error: Interrupt) {
        self.told.push(error.into());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.own.is_empty() && self.told.is_empty()
    }

    /// Where there are reasons, the stops that followed them are none.
    pub(super) fn into_vec(self) -> Vec<BoxError> {
        if self.own.is_empty() { self.told } else { self.own }
    }
}

/// What an error is to a group.
#[derive(Clone, Copy)]
enum Weight {
    Own,
    /// It says that something was asked to stop.
    Told,
    /// It says that a child has failed, whose error is here already.
    Known,
}

impl Members {
    pub(super) fn new() -> Self {
        Members {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            state: Mutex::new(State {
                phase: Phase::Open,
                children: BTreeMap::new(),
                next: 0,
                errors: Errors::default(),
                owner: None,
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn phase(&self) -> Phase {
        self.lock().phase
    }

    pub(super) fn len(&self) -> usize {
        self.lock().children.len()
    }

    /// Takes a child in, before its first poll; `None` where nobody is taken in any more.
    pub(super) fn join(self: &Arc<Self>) -> Option<Seat> {
        let control = Arc::<Control>::default();
        let mut state = self.lock();
        if state.phase != Phase::Open {
            return None;
        }
        let number = state.next;
        state.next += 1;
        state.children.insert(number, Arc::clone(&control));
        drop(state);
        Some(Seat { members: Arc::clone(self), control, number })
    }

    /// Asks all to stop, once.
    pub(super) fn cancel(&self) {
        self.ask(Phase::Cancelled, Control::cancel_once);
    }

    /// Has all dropped at their next turns.
    pub(super) fn abort(&self) {
        self.ask(Phase::Aborted, Control::abort);
    }

    /// Nobody waits for the group any more.
    pub(super) fn abandon(&self) {
        self.ask(Phase::Closed, Control::abort);
        let errors = mem::take(&mut self.lock().errors);
        drop(errors);
    }

    fn ask(&self, phase: Phase, ask: fn(&Control) -> Option<Waker>) {
        let mut state = self.lock();
        if state.phase >= phase {
            return;
        }
        state.phase = phase;
        let children: Vec<_> = state.children.values().map(Arc::clone).collect();
        let owner = state.owner.take();
        drop(state);
        let tasks: Vec<_> = children.iter().filter_map(|child| ask(child)).collect();
        each(tasks.into_iter().chain(owner), Waker::wake);
    }

    /// Keeps the error of a child, and asks all to stop; where nobody waits for the group any more, it comes back.
    pub(super) fn fail(&self, error: BoxError) -> Option<BoxError> {
        let weight = match self.weigh(&error) {
            // Nobody outside of a child can time it out: it is what has gone wrong there.
            Weight::Told if is_of_kind(&error, InterruptKind::Timeout) => Weight::Own,
            // All were asked, and this is its answer.
            Weight::Told if self.phase() != Phase::Open => Weight::Known,
            weight => weight,
        };
        self.keep(error, weight)
    }

    /// The same with the error of the body, which has no value then; it may pass on what it was asked to stop with.
    pub(super) fn fail_body(&self, error: BoxError, is_passed_on: bool) -> Option<BoxError> {
        let weight = if is_passed_on { Weight::Told } else { self.weigh(&error) };
        self.keep(error, weight)
    }

    fn keep(&self, error: BoxError, weight: Weight) -> Option<BoxError> {
        let mut state = self.lock();
        if state.phase == Phase::Closed {
            return Some(error);
        }
        let known = match weight {
            Weight::Own => {
                state.errors.own.push(error);
                None
            }
            Weight::Told => {
                state.errors.told.push(error);
                None
            }
            Weight::Known => Some(error),
        };
        drop(state);
        drop(known);
        self.cancel();
        None
    }

    fn weigh(&self, error: &BoxError) -> Weight {
        if let Some(failed) = error.downcast_ref::<ChildFailed>() {
            return match failed.group() {
                Some(group) if group == self.number => Weight::Known,
                Some(_) => Weight::Own,
                None => Weight::Told,
            };
        }
        let is_told = matches!(error.downcast_ref(), Some(StartError::Cancelled)) || is_stop(error);
        if is_told { Weight::Told } else { Weight::Own }
    }

    /// Leaves the waker of the group's future, which is for a stop until the body has ended.
    pub(super) fn set_owner(&self, waker: &Waker) {
        let is_known = self.lock().owner.as_ref().is_some_and(|known| known.will_wake(waker));
        if !is_known {
            let waker = clone_to_stop(waker);
            let old = self.lock().owner.replace(waker);
            drop(old);
        }
    }

    /// Ends the group if nobody is in it: the errors.
    pub(super) fn close(&self) -> Option<Errors> {
        let mut state = self.lock();
        if !state.children.is_empty() {
            return None;
        }
        state.phase = Phase::Closed;
        let (errors, owner) = (mem::take(&mut state.errors), state.owner.take());
        drop(state);
        drop(owner);
        Some(errors)
    }

    fn leave(&self, number: u64) {
        let mut state = self.lock();
        let child = state.children.remove(&number);
        let owner = if state.children.is_empty() { state.owner.take() } else { None };
        drop(state);
        drop(child);
        if let Some(owner) = owner {
            owner.wake();
        }
    }
}

/// Whether it is a stop that was told to somebody.
pub(super) fn is_stop(error: &BoxError) -> bool {
    error.downcast_ref::<Interrupt>().is_some_and(|told| told.kind() != InterruptKind::Thrown)
}

fn is_of_kind(error: &BoxError, kind: InterruptKind) -> bool {
    error.downcast_ref::<Interrupt>().is_some_and(|told| told.kind() == kind)
}

/// A child's place in its group; dropping it leaves the group.
pub(super) struct Seat {
    pub(super) members: Arc<Members>,
    pub(super) control: Arc<Control>,
    number: u64,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.members.leave(self.number);
    }
}

/// What a child is asked, by its group and its handle, on any thread.
#[derive(Default)]
pub(super) struct Control(Mutex<Asked>);

#[derive(Default)]
struct Asked {
    request: Request,
    by_group: bool,
    by_handle: bool,
    /// Wakes the child, which has not ended.
    task: Option<Waker>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Request {
    pub(super) is_cancelled: bool,
    pub(super) is_aborted: bool,
}

impl Control {
    fn lock(&self) -> MutexGuard<'_, Asked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// At the begin of a turn: what it was asked since the last one.
    pub(super) fn turn(&self, waker: &Waker) -> Request {
        let mut asked = self.lock();
        let is_known = asked.task.as_ref().is_some_and(|known| known.will_wake(waker));
        let request = asked.take();
        drop(asked);
        if is_known {
            return request;
        }
        // The child itself waits for nothing of the group's.
        let waker = clone_to_stop(waker);
        let mut asked = self.lock();
        let old = asked.task.replace(waker);
        // What was asked between the two locks has found no waker, or an old one.
        let late = asked.take();
        drop(asked);
        drop(old);
        Request { is_cancelled: request.is_cancelled | late.is_cancelled, ..late }
    }

    /// Its group asks it to stop; who is to be woken.
    fn cancel_once(&self) -> Option<Waker> {
        let mut asked = self.lock();
        asked.by_group = true;
        if asked.by_handle { None } else { asked.cancel() }
    }

    /// Its handle asks it to stop, which is no second time where only its group did before.
    pub(super) fn cancel(&self) {
        let mut asked = self.lock();
        let is_first = !mem::replace(&mut asked.by_handle, true);
        let task = if is_first && asked.by_group { None } else { asked.cancel() };
        drop(asked);
        if let Some(task) = task {
            task.wake();
        }
    }

    fn abort(&self) -> Option<Waker> {
        let mut asked = self.lock();
        asked.request.is_aborted = true;
        asked.task.take()
    }

    /// The child has ended.
    pub(super) fn end(&self) {
        let task = self.lock().task.take();
        drop(task);
    }
}

impl Asked {
    fn take(&mut self) -> Request {
        let request = self.request;
        self.request.is_cancelled = false;
        request
    }

    fn cancel(&mut self) -> Option<Waker> {
        self.request.is_cancelled = true;
        self.task.take()
    }
}
