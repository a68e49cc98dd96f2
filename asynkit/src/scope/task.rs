//! Tasks as scopes: the word is compared once a poll, and everything else is off the hot path.

use super::{Scope, offer, word};
use core::{mem, task::Context};

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

impl Scope {
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
