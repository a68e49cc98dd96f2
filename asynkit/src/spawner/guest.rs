//! [`Guest`]: a task of ours on another crate's executor. It is told of cancels, and its end, whatever that is, is its
//! result.
//!
//! The executor is only asked to run it. What it is asked, and what comes of it, lies in a cell that it shares with its
//! handle, so that both mean the same on every executor.

use crate::{
    engine::Entered,
    task::{
        Eager, PanicPayload, TaskError,
        spawner::{First, Rest, Turn},
    },
};
use alloc::sync::Arc;
use core::{
    fmt,
    future::Future,
    mem,
    panic::{AssertUnwindSafe, Location},
    pin::Pin,
    task::{Context, Poll, Waker},
};
use std::{
    panic::catch_unwind,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The half that is kept: asks the task to stop, on any thread, and awaits its result.
pub(super) struct Joint<T>(Arc<Shared<T>>);

struct Shared<T>(Mutex<State<T>>);

struct State<T> {
    is_cancelled: bool,
    is_aborted: bool,
    /// Wakes the task, which has not ended.
    task: Option<Waker>,
    /// Wakes who awaits it.
    joiner: Option<Waker>,
    result: Outcome<T>,
}

enum Outcome<T> {
    None,
    Some(Result<T, TaskError>),
    Taken,
}

impl<T> Shared<T> {
    /// No code of others runs while this is held: no waker is cloned, dropped or called.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// At the begin of a turn: whether it is to be dropped, and whether it is to be told.
    fn turn(&self, waker: &Waker) -> (bool, bool) {
        let mut state = self.lock();
        let is_known = state.task.as_ref().is_some_and(|known| known.will_wake(waker));
        let request = (state.is_aborted, mem::take(&mut state.is_cancelled));
        drop(state);
        if is_known {
            return request;
        }
        let waker = waker.clone();
        let mut state = self.lock();
        let old = state.task.replace(waker);
        // What was asked between the two locks has found no waker, or an old one.
        let request = (state.is_aborted, request.1 | mem::take(&mut state.is_cancelled));
        drop(state);
        drop(old);
        request
    }

    /// The task has ended; what it ends with later does not count.
    fn end(&self, result: Result<T, TaskError>) {
        let mut state = self.lock();
        if !matches!(state.result, Outcome::None) {
            return;
        }
        state.result = Outcome::Some(result);
        let (task, joiner) = (state.task.take(), state.joiner.take());
        drop(state);
        drop(task);
        if let Some(joiner) = joiner {
            joiner.wake();
        }
    }

    /// Nobody awaits it any more.
    #[cold]
    #[inline(never)]
    fn leave(&self) {
        let joiner = self.lock().joiner.take();
        drop(joiner);
    }
}

impl<T> Joint<T> {
    /// Asks it to stop; `false` where it has ended.
    pub(super) fn cancel(&self) -> bool {
        self.ask(|state| state.is_cancelled = true)
    }

    /// Has it dropped at its next turn; `false` where it has ended.
    pub(super) fn abort(&self) -> bool {
        self.ask(|state| state.is_aborted = true)
    }

    fn ask(&self, set: impl FnOnce(&mut State<T>)) -> bool {
        let mut state = self.0.lock();
        if !matches!(state.result, Outcome::None) {
            return false;
        }
        set(&mut state);
        let task = state.task.take();
        drop(state);
        if let Some(task) = task {
            task.wake();
        }
        true
    }

    pub(super) fn is_finished(&self) -> bool {
        !matches!(self.0.lock().result, Outcome::None)
    }

    #[inline]
    #[track_caller]
    pub(super) fn poll(&self, cx: &mut Context<'_>) -> Poll<Result<T, TaskError>> {
        if let Some(result) = self.take() {
            return Poll::Ready(result);
        }
        let waker = cx.waker().clone();
        let mut state = self.0.lock();
        let old = state.joiner.replace(waker);
        drop(state);
        drop(old);
        // It may have ended between the two locks, and have found no waker.
        self.take().map_or(Poll::Pending, Poll::Ready)
    }

    #[track_caller]
    fn take(&self) -> Option<Result<T, TaskError>> {
        let mut state = self.0.lock();
        let taken = match &state.result {
            Outcome::None => None,
            Outcome::Some(_) => Some(mem::replace(&mut state.result, Outcome::Taken)),
            Outcome::Taken => Some(Outcome::Taken),
        };
        drop(state);
        match taken? {
            Outcome::Some(result) => Some(result),
            Outcome::None | Outcome::Taken => {
                panic!("a task was awaited again after it had given its result")
            }
        }
    }
}

impl<T> Drop for Joint<T> {
    #[inline]
    fn drop(&mut self) {
        // Where the task is gone, what they shared goes with its handle.
        if Arc::strong_count(&self.0) > 1 {
            self.0.leave();
        }
    }
}

impl<T> fmt::Debug for Joint<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Joint").field("is_finished", &self.is_finished()).finish_non_exhaustive()
    }
}

/// The future that is spawned; it does not panic.
pub(super) struct Guest<F: Future> {
    rest: Rest<F>,
    shared: Arc<Shared<F::Output>>,
}

impl<F: Future> Guest<F> {
    pub(super) fn new(rest: Rest<F>) -> (Self, Joint<F::Output>) {
        let shared = Arc::new(Shared(Mutex::new(State {
            is_cancelled: false,
            is_aborted: false,
            task: None,
            joiner: None,
            result: Outcome::None,
        })));
        (Guest { rest, shared: Arc::clone(&shared) }, Joint(shared))
    }

    fn turn(&mut self, cx: &mut Context<'_>) -> Turn<F::Output> {
        let (is_aborted, is_cancelled) = self.shared.turn(cx.waker());
        if is_aborted {
            return Turn::Cancelled;
        }
        if is_cancelled {
            self.rest.cancel();
        }
        self.rest.turn(cx)
    }

    /// Drops what is left before whoever awaits is told.
    fn end(&mut self, result: Result<F::Output, TaskError>) {
        let dropped = catch_unwind(AssertUnwindSafe(|| self.rest.end()));
        let result = match (dropped, result) {
            (Err(payload), Ok(_) | Err(TaskError::Cancelled)) => {
                Err(TaskError::Panicked(PanicPayload::new(payload)))
            }
            // What the destructors panic with comes second.
            (_, result) => result,
        };
        self.shared.end(result);
    }
}

impl<F: Future> Future for Guest<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let result = match catch_unwind(AssertUnwindSafe(|| this.turn(cx))) {
            Ok(Turn::Pending) => return Poll::Pending,
            Ok(Turn::Ready(value)) => Ok(value),
            Ok(Turn::Cancelled) => Err(TaskError::Cancelled),
            Err(payload) => Err(TaskError::Panicked(PanicPayload::new(payload))),
        };
        this.end(result);
        Poll::Ready(())
    }
}

impl<F: Future> Drop for Guest<F> {
    fn drop(&mut self) {
        self.end(Err(TaskError::Cancelled));
    }
}

/// Runs `future` to its first suspension, as nobody's task, and has the rest spawned.
#[inline(always)]
#[track_caller]
pub(super) fn start<F: Future + 'static, H>(
    future: F,
    spawn: impl FnOnce(Rest<F>) -> H,
) -> Eager<F::Output, H> {
    match Rest::start_in(future, Entered::none()) {
        First::Ready(value) => Eager::ready(value),
        First::Rest(rest) => Eager::of_task(spawn(rest)),
        First::Panicked(payload) => Eager::failed(TaskError::Panicked(payload), Location::caller()),
    }
}
