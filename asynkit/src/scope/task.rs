//! Tasks as scopes: the word is compared once a poll, and everything else is off the hot path.

use super::{
    Delivery, Scope,
    cold::After,
    offer::{self, Offer},
    word,
};
use crate::util::cold::cold_path;
use alloc::boxed::Box;
use core::{
    mem,
    task::{Context, Poll},
};

/// Tasks are inside of no scope but their own: as long as this lives, the scopes around it are out of sight.
pub(crate) struct Outside(u64);

impl Outside {
    #[inline(always)]
    pub(crate) fn enter() -> Self {
        let word = word::get();
        if is_busy(word) {
            hide();
        }
        Outside(word)
    }

    /// The same, and out of the task's own.
    pub(crate) fn leave_all() -> Self {
        let outside = Outside::enter();
        word::set(0);
        outside
    }
}

/// Whether there is something in the cold thread-local.
#[inline(always)]
fn is_busy(word: u64) -> bool {
    word & (word::OPEN | word::REGISTERED) != 0
}

#[cold]
#[inline(never)]
fn hide() {
    let (_, floor) = offer::hide();
    offer::with_hidden(|hidden| hidden.push((floor, offer::with_outbox(mem::take))));
}

/// Undoes the last [`hide`].
#[cold]
#[inline(never)]
fn show() {
    let Some((floor, outbox)) = offer::with_hidden(Vec::pop) else { return };
    offer::show(floor);
    let left = offer::with_outbox(|there| mem::replace(there, outbox));
    drop(left);
}

impl Drop for Outside {
    #[inline(always)]
    fn drop(&mut self) {
        word::set(self.0);
        if is_busy(self.0) {
            show();
        }
    }
}

/// Polls a task with nothing on offer. True beside the outcome: leaves have registered, see [`Scope::take_in_left`].
#[inline(always)]
pub(crate) fn poll_task<R>(cx: &mut Context<'_>, poll: impl FnOnce(&mut Context<'_>) -> R) -> (R, bool) {
    let own = enter_task(cx);
    let polled = poll(cx);
    (polled, has_left(own))
}

/// Before a poll of a task with nothing on offer; gives what [`has_left`] asks for.
#[inline(always)]
pub(crate) fn enter_task(cx: &Context<'_>) -> u64 {
    let own = word::of(cx);
    word::set(own);
    own
}

/// After the poll: leaves have registered, see [`Scope::take_in_left`].
#[inline(always)]
pub(crate) fn has_left(own: u64) -> bool {
    word::get() != own
}

/// Before a task is polled with an error on offer: nothing lies around it.
pub(crate) fn leave_all() {
    word::set(0);
}

/// The error of a task's scope, which is nowhere else until it is put back.
pub(crate) struct Taken(Box<Offer>);

impl Taken {
    #[inline(always)]
    pub(crate) fn is_stop(&self) -> bool {
        self.0.is_stop
    }

    /// A poll of the task begins, with the error on offer.
    #[inline(always)]
    pub(crate) fn open(self, cx: &Context<'_>) -> OnOffer {
        let id = offer::open(self.0);
        word::set(word::of(cx) | word::OPEN);
        OnOffer(id)
    }
}

/// What is on offer in a poll of a task.
#[derive(Clone, Copy)]
pub(crate) struct OnOffer(usize);

/// What a poll of a task with an error on offer has left in its scope.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// One leaf has taken the error.
    Nothing,
    /// A stop that goes on being told.
    Stop,
    /// [`Scope::settle_task`] decides.
    Unsettled(u64),
}

impl Scope {
    /// Takes the error for a poll of the scope's task. `None`: there is something to do before, which
    /// [`poll_told`](Scope::poll_told) does.
    #[inline(always)]
    pub(crate) fn take_told(&mut self) -> Option<Taken> {
        let cold = self.0.as_mut()?;
        if !cold.registrations.is_empty() || !cold.offer.as_ref()?.is_clear {
            return None;
        }
        cold.offer.take().map(Taken)
    }

    /// The poll is over. Runs no code of the user's.
    #[inline(always)]
    pub(crate) fn put_back(&mut self, OnOffer(id): OnOffer) -> Left {
        let left = word::get();
        word::set(0);
        let Some(offer) = offer::close(id) else {
            // A poll on another stack has broken the order.
            cold_path();
            return Left::Unsettled(left);
        };
        match self.cold().put_back(offer, left) {
            After::Taken => Left::Nothing,
            After::Quiet => Left::Stop,
            After::Open => {
                cold_path();
                Left::Unsettled(left)
            }
        }
    }

    /// Decides what becomes of what was left, and of the task.
    pub(crate) fn settle_task<T>(&mut self, left: Left, polled: Poll<T>, cx: &Context<'_>) -> Delivery<T> {
        let left = if let Left::Unsettled(left) = left { left } else { 0 };
        self.cold().settle(left, 0, polled, cx)
    }

    /// The poll has panicked: an error that nobody was told of stays. Another one is the caller's to drop.
    #[cold]
    pub(crate) fn put_back_in_panic(&mut self, OnOffer(id): OnOffer) -> Option<Taken> {
        word::set(0);
        let offer = offer::close(id)?;
        if offer.taken > 0 {
            return Some(Taken(offer));
        }
        self.cold().offer.replace(offer).map(Taken)
    }

    /// After `poll_task` of this scope's task: takes in the leaves that have registered.
    #[cold]
    #[inline(never)]
    pub(crate) fn take_in_left(&mut self) {
        if word::get() & word::REGISTERED != 0 {
            word::set(0);
            self.take_in(0);
        }
    }
}
