//! The futures of a condition.

use super::pause::{Pause, Step};
use crate::{
    error::Interrupt,
    lock::value::PriorityGuard,
    scope::{Listener, Mark},
};
use core::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

/// The future of [`PriorityCondition::wait`](crate::PriorityCondition::wait).
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Wait<'c, 'a, T: ?Sized>(Pause<'c, 'a, T>);

impl<'c, 'a, T: ?Sized> Wait<'c, 'a, T> {
    pub(super) const fn new(pause: Pause<'c, 'a, T>) -> Self {
        Wait(pause)
    }
}

impl<'a, T: ?Sized> Future for Wait<'_, 'a, T> {
    type Output = PriorityGuard<'a, T>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = self.0.poll(cx);
        if polled.is_ready() {
            self.0.is_notified = false;
        }
        polled
    }
}

/// The future of [`PriorityCondition::wait_interruptible`](crate::PriorityCondition::wait_interruptible).
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct WaitInterruptible<'c, 'a, T: ?Sized> {
    pause: Pause<'c, 'a, T>,
    listener: Listener,
    told: Option<Interrupt>,
}

impl<'c, 'a, T: ?Sized> WaitInterruptible<'c, 'a, T> {
    pub(super) const fn new(pause: Pause<'c, 'a, T>) -> Self {
        WaitInterruptible { pause, listener: Listener::new(), told: None }
    }
}

impl<'a, T: ?Sized> Future for WaitInterruptible<'_, 'a, T> {
    type Output = (PriorityGuard<'a, T>, Result<(), Interrupt>);

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let mut polled = this.pause.poll(cx);
        // A stop is on offer as long as it lasts: once is enough.
        let is_stopped = this.told.as_ref().is_some_and(|told| told.kind().is_stop());
        if polled.is_pending() && !is_stopped {
            if let Some(told) = this.listener.listen_since(Mark::now(), cx) {
                let before = this.told.replace(told);
                this.pause.interrupt();
                polled = this.pause.poll(cx);
                drop(before);
            }
        }
        polled.map(|guard| {
            this.listener.finish();
            this.pause.is_notified = false;
            (guard, this.told.take().map_or(Ok(()), Err))
        })
    }
}

impl<T: ?Sized> fmt::Debug for WaitInterruptible<'_, '_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitInterruptible").field("pause", &self.pause).field("told", &self.told).finish()
    }
}

/// The future of [`PriorityCondition::wait_for`](crate::PriorityCondition::wait_for).
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct WaitFor<'c, 'a, T: ?Sized, P> {
    pause: Pause<'c, 'a, T>,
    ready: P,
}

impl<'c, 'a, T: ?Sized, P> WaitFor<'c, 'a, T, P> {
    pub(super) const fn new(pause: Pause<'c, 'a, T>, ready: P) -> Self {
        WaitFor { pause, ready }
    }
}

/// The predicate is called in place, and never pinned.
impl<T: ?Sized, P> Unpin for WaitFor<'_, '_, T, P> {}

impl<'a, T: ?Sized, P: FnMut(&mut T) -> bool> Future for WaitFor<'_, 'a, T, P> {
    type Output = PriorityGuard<'a, T>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let WaitFor { pause, ready } = &mut *self;
        loop {
            let mut guard = match mem::replace(&mut pause.step, Step::Ended) {
                Step::Entering(guard) => guard,
                step => {
                    pause.step = step;
                    match pause.poll(cx) {
                        Poll::Ready(guard) => guard,
                        Poll::Pending => return Poll::Pending,
                    }
                }
            };
            // Where it panics, the notification is still there to be passed on.
            let is_ready = ready(&mut guard);
            pause.is_notified = false;
            if is_ready {
                return Poll::Ready(guard);
            }
            pause.step = Step::Entering(guard);
            if pause.poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    }
}

impl<T: ?Sized, P> fmt::Debug for WaitFor<'_, '_, T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitFor").field("pause", &self.pause).finish_non_exhaustive()
    }
}
