//! The same without `std`: an error reaches the leaves of the airlock that it was thrown through, or the root.

use super::Delivery;
use crate::error::{Interrupt, InterruptKind};
use core::{
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

/// What an error can be thrown to.
#[derive(Default)]
pub(crate) struct Scope {
    thrown: Option<Interrupt>,
    /// A stop that was told already, and goes on being told.
    is_told: bool,
}

impl Scope {
    pub(crate) const fn new() -> Self {
        Scope { thrown: None, is_told: false }
    }

    #[inline(always)]
    #[expect(clippy::unused_self, reason = "the interface that both have")]
    pub(crate) fn poll<F: Future + ?Sized>(
        &mut self,
        future: Pin<&mut F>,
        cx: &mut Context<'_>,
    ) -> Poll<F::Output> {
        future.poll(cx)
    }

    #[inline(always)]
    pub(crate) fn poll_outermost<F: Future + ?Sized>(
        &mut self,
        future: Pin<&mut F>,
        cx: &mut Context<'_>,
    ) -> Poll<F::Output> {
        self.poll(future, cx)
    }

    pub(crate) fn throw(&mut self, error: Interrupt) {
        *self = Scope { thrown: Some(error), is_told: false };
    }

    pub(crate) fn is_thrown(&self) -> bool {
        self.thrown.is_some()
    }

    /// No leaf is told but those of the airlock.
    #[expect(clippy::unused_self, reason = "the interface that both have")]
    pub(crate) fn wake_leaves(&mut self) {}

    /// For a leaf that the owner tells itself, between two polls: gives the error as if the leaf had taken it.
    pub(crate) fn tell(&mut self) -> Option<Interrupt> {
        if self.thrown.as_ref()?.kind() == InterruptKind::Thrown {
            return self.thrown.take();
        }
        self.is_told = true;
        Some(Interrupt::close())
    }

    pub(crate) fn withdraw(&mut self) -> Option<Interrupt> {
        mem::take(self).thrown
    }

    /// A poll with the stored error on offer begins, without leaves that could be told.
    pub(crate) fn open(&mut self, _cx: &Context<'_>) -> Opened {
        let error = self.thrown.take().expect("`open` follows `throw`");
        Opened(error)
    }

    /// It has ended.
    pub(crate) fn close<T>(&mut self, opened: Opened, polled: Poll<T>, _cx: &Context<'_>) -> Delivery<T> {
        let Opened(error) = opened;
        match polled {
            Poll::Ready(value) if !self.is_told => Delivery::Unseen(value, error),
            Poll::Ready(value) => Delivery::Ready(value),
            Poll::Pending if !self.is_told => Delivery::Root(error),
            Poll::Pending => {
                if error.kind() != InterruptKind::Thrown {
                    self.thrown = Some(error);
                }
                Delivery::Pending
            }
        }
    }

    #[cold]
    pub(crate) fn poll_thrown<F: Future + ?Sized>(
        &mut self,
        future: Pin<&mut F>,
        cx: &mut Context<'_>,
    ) -> Delivery<F::Output> {
        let opened = self.open(cx);
        let polled = future.poll(cx);
        self.close(opened, polled, cx)
    }
}

/// A poll with an error on offer.
pub(crate) struct Opened(Interrupt);

/// An airlock's leaf was told; nothing encloses it here that would want to know.
pub(crate) fn count_take() {}

/// Kept by a leaf that can be told.
#[derive(Default)]
pub(crate) struct Listener;

impl Listener {
    pub(crate) const fn new() -> Self {
        Listener
    }
}
