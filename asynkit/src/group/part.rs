//! [`Part`]: the body of a group or a child, in a scope of its own, so that the group can ask it to stop.

use crate::{
    error::{Interrupt, InterruptKind},
    scope::{Delivery, Scope},
};
use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};
use pin_project_lite::pin_project;

pin_project! {
    /// A future that can be asked to stop, and whose answer can be told from an error of its own.
    pub(super) struct Part<F> {
        // `None`: the end
        #[pin]
        future: Option<F>,
        scope: Scope,
        // What it is asked with, the same each time: whoever else holds it at the end has passed it on.
        cancel: Option<Interrupt>,
        is_begun: bool,
        // It was asked again after it had been told.
        is_last: bool,
    }
}

/// How a turn has ended.
pub(super) enum Turn<T> {
    Ready(T),
    Pending,
    Dropped,
}

impl<F> Part<F> {
    pub(super) const fn new(future: F) -> Self {
        Part { future: Some(future), scope: Scope::new(), cancel: None, is_begun: false, is_last: false }
    }

    /// Asks it to stop, as tasks of ours are asked; the turn that follows tells it.
    #[cold]
    pub(super) fn cancel(self: Pin<&mut Self>) {
        let this = self.project();
        if this.scope.is_thrown() {
            if !this.scope.is_told() {
                return;
            }
            *this.is_last = true;
        }
        let cancel = this.cancel.get_or_insert_with(|| Interrupt::of_kind(InterruptKind::Cancel));
        this.scope.throw(cancel.share());
    }

    /// Whether what it has returned holds the interrupt that it was asked with.
    pub(super) fn is_passed_on(&self) -> bool {
        self.cancel.as_ref().is_some_and(Interrupt::is_shared)
    }

    /// Drops the future. Runs code of the user's.
    pub(super) fn end(self: Pin<&mut Self>) {
        self.project().future.set(None);
    }
}

impl<F: Future> Part<F> {
    /// A poll, with a cancel on offer if there is one. At the end the future is dropped before this returns.
    #[inline]
    pub(super) fn turn(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Turn<F::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else { return Turn::Dropped };
        let turn = if !this.scope.is_thrown() {
            *this.is_begun = true;
            match this.scope.poll(future, cx) {
                Poll::Ready(value) => Turn::Ready(value),
                Poll::Pending => return Turn::Pending,
            }
        } else if *this.is_begun {
            match this.scope.poll_thrown(future, cx) {
                Delivery::Ready(value) | Delivery::Unseen(value, _) => Turn::Ready(value),
                Delivery::Pending if !(*this.is_last && this.scope.is_told()) => return Turn::Pending,
                Delivery::Pending | Delivery::Root(_) => Turn::Dropped,
            }
        } else {
            // What was never polled is dropped without being polled.
            Turn::Dropped
        };
        this.future.set(None);
        turn
    }
}
