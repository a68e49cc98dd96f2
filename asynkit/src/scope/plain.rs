//! The same without `std`: an error reaches the leaves of the airlock that it was thrown through, or the root.

use super::Delivery;
use crate::error::{Interrupt, InterruptKind};
use core::{
    cell::Cell,
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

    pub(crate) fn throw(&mut self, error: Interrupt) {
        *self = Scope { thrown: Some(error), is_told: false };
    }

    pub(crate) fn is_thrown(&self) -> bool {
        self.thrown.is_some()
    }

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

    #[cold]
    pub(crate) fn poll_thrown<F: Future + ?Sized>(
        &mut self,
        hatch: &Hatch,
        future: Pin<&mut F>,
        cx: &mut Context<'_>,
    ) -> Delivery<F::Output> {
        let error = self.thrown.take().expect("`poll_thrown` follows `throw`");
        let is_stop = error.kind() != InterruptKind::Thrown;
        let close = Close(hatch);
        hatch.0.set(Some((error, 0)));
        let polled = future.poll(cx);
        let left = hatch.0.take();
        drop(close);
        self.is_told |= left.as_ref().is_none_or(|(_, told)| *told > 0);
        match (polled, left) {
            (Poll::Ready(value), Some((error, _))) if !self.is_told => Delivery::Unseen(value, error),
            (Poll::Ready(value), _) => Delivery::Ready(value),
            (Poll::Pending, Some((error, told))) if !self.is_told || told > MOST_TOLD => {
                Delivery::Root(error)
            }
            (Poll::Pending, left) => {
                self.thrown = left.filter(|_| is_stop).map(|(error, _)| error);
                Delivery::Pending
            }
        }
    }
}

/// An airlock's leaf was told; nothing encloses it here that would want to know.
pub(crate) fn count_take() {}

/// How often one stop is told in one poll, before a loop that swallows it is cut off.
const MOST_TOLD: u32 = 1000;

/// The cell in an airlock through which its leaves are told; the error, and how often it was told in this poll.
pub(crate) struct Hatch(Cell<Option<(Interrupt, u32)>>);

impl Hatch {
    pub(crate) const fn new() -> Self {
        Hatch(Cell::new(None))
    }
}

struct Close<'a>(&'a Hatch);

impl Drop for Close<'_> {
    fn drop(&mut self) {
        self.0.0.take();
    }
}

/// Kept by a leaf that can be told.
#[derive(Default)]
pub(crate) struct Listener;

impl Listener {
    pub(crate) const fn new() -> Self {
        Listener
    }

    /// The leaf would wait now. `Some`: it drops what it waits for, and resolves to the error.
    #[inline]
    #[expect(clippy::unused_self, reason = "the interface that both have")]
    #[allow(dead_code, reason = "monitors tell their leaves through their slots; it is for other airlocks")]
    pub(crate) fn listen(&mut self, hatch: &Hatch, _cx: &Context<'_>) -> Option<Interrupt> {
        let (error, told) = hatch.0.take()?;
        if error.kind() == InterruptKind::Thrown {
            return Some(error);
        }
        if told > MOST_TOLD {
            hatch.0.set(Some((error, told)));
            return None;
        }
        // Without `std` the only stop is `Close`, which carries no error of its own.
        hatch.0.set(Some((error, told + 1)));
        Some(Interrupt::close())
    }
}
