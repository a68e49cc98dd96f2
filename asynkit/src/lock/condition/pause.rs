//! [`Pause`]: a wait for a condition, from lock to lock.

use super::PriorityCondition;
use crate::lock::{
    graph::{self, Outcome, Who},
    raw::Acquire,
    value::{PriorityGuard, PriorityLock},
};
#[cfg(any(asynkit_loom, asynkit_shuttle))]
use crate::util::sync::fault::{self, Fault};
use core::{
    fmt, mem,
    panic::Location,
    task::{Context, Poll},
};

/// A wait for a condition, from lock to lock.
pub(super) struct Pause<'c, 'a, T: ?Sized> {
    condition: &'c PriorityCondition,
    lock: &'a PriorityLock<T>,
    site: &'static Location<'static>,
    pub(super) step: Step<'a, T>,
    /// It has got a notification, which it passes on if it comes to nothing.
    pub(super) is_notified: bool,
}

pub(super) enum Step<'a, T: ?Sized> {
    Entering(PriorityGuard<'a, T>),
    Waiting(u32),
    Locking(Acquire<'a>),
    Ended,
}

impl<'c, 'a, T: ?Sized> Pause<'c, 'a, T> {
    pub(super) fn new(
        condition: &'c PriorityCondition,
        guard: PriorityGuard<'a, T>,
        site: &'static Location<'static>,
    ) -> Self {
        let lock = PriorityGuard::lock(&guard);
        Pause { condition, lock, site, step: Step::Entering(guard), is_notified: false }
    }

    #[track_caller]
    pub(super) fn poll(&mut self, cx: &Context<'_>) -> Poll<PriorityGuard<'a, T>> {
        loop {
            match &mut self.step {
                Step::Entering(_) => {
                    #[cfg(any(asynkit_loom, asynkit_shuttle))]
                    if fault::is(Fault::LateWait) {
                        drop(mem::replace(&mut self.step, Step::Ended));
                    }
                    let wait = self.condition.enter(Who::polls(cx), self.site);
                    // It waits already when others get the lock, so that it hears of what they do.
                    drop(mem::replace(&mut self.step, Step::Waiting(wait)));
                    return Poll::Pending;
                }
                Step::Waiting(wait) => {
                    let (wait, who) = (*wait, Who::polls(cx));
                    let (outcome, waker) = graph::with(|graph| graph.poll(wait, who));
                    let is_waiting = matches!(outcome, Outcome::Waiting);
                    if !is_waiting {
                        self.is_notified = true;
                        self.relock();
                    }
                    drop(waker);
                    if is_waiting {
                        return Poll::Pending;
                    }
                }
                Step::Locking(acquire) => {
                    let Poll::Ready(held) = acquire.poll(cx) else { return Poll::Pending };
                    self.step = Step::Ended;
                    let held = held.expect("a wait that is bound does not fail");
                    return Poll::Ready(self.lock.guard(held));
                }
                Step::Ended => panic!("a wait for a condition was awaited again after it had ended"),
            }
        }
    }

    fn relock(&mut self) {
        self.step = Step::Locking(Acquire::bound(&self.lock.raw, self.site));
    }

    /// It is only about the lock from now on.
    pub(super) fn interrupt(&mut self) {
        if let Step::Waiting(wait) = self.step {
            self.step = Step::Ended;
            self.is_notified = leave(wait);
            self.relock();
        }
        self.pass_on();
    }

    /// A notification that was for nothing is another one's.
    fn pass_on(&mut self) {
        if mem::take(&mut self.is_notified) {
            self.condition.notify(1);
        }
    }
}

/// Waits no more; whether it was notified.
fn leave(wait: u32) -> bool {
    let (outcome, waker) = graph::with(|graph| graph.give_up(wait));
    drop(waker);
    matches!(outcome, Outcome::Granted)
}

impl<T: ?Sized> Drop for Pause<'_, '_, T> {
    fn drop(&mut self) {
        match mem::replace(&mut self.step, Step::Ended) {
            Step::Waiting(wait) => self.is_notified = leave(wait),
            // The lock first, so that whoever is notified finds it free.
            step => drop(step),
        }
        #[cfg(any(asynkit_loom, asynkit_shuttle))]
        if fault::is(Fault::KeepsNotification) {
            return;
        }
        self.pass_on();
    }
}

impl<T: ?Sized> fmt::Debug for Pause<'_, '_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.step {
            Step::Entering(_) => "Entering",
            Step::Waiting(_) => "Waiting",
            Step::Locking(_) => "Locking",
            Step::Ended => "Ended",
        })
    }
}
