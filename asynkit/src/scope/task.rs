//! Tasks as scopes: the word is compared once a poll, and everything else is off the hot path.

use super::{Scope, offer, registration::Registration, word};
use alloc::{sync::Arc, vec::Vec};
use core::{mem, task::Context};

/// Tasks are inside of no scope but their own: as long as this lives, the scopes around it are out of sight.
pub(crate) struct Outside {
    word: u64,
    hidden: Option<Hidden>,
}

/// What the scopes around have in the cold thread-local.
struct Hidden {
    floor: usize,
    outbox: Vec<Arc<Registration>>,
}

impl Outside {
    #[inline(always)]
    pub(crate) fn enter() -> Self {
        let word = word::get();
        let is_busy = word & (word::OPEN | word::REGISTERED) != 0;
        Outside { word, hidden: if is_busy { Some(hide()) } else { None } }
    }
}

#[cold]
#[inline(never)]
fn hide() -> Hidden {
    let (_, floor) = offer::hide();
    Hidden { floor, outbox: offer::with_outbox(mem::take) }
}

#[cold]
#[inline(never)]
fn show(Hidden { floor, outbox }: Hidden) {
    offer::show(floor);
    let left = offer::with_outbox(|there| mem::replace(there, outbox));
    drop(left);
}

impl Drop for Outside {
    #[inline(always)]
    fn drop(&mut self) {
        word::set(self.word);
        if let Some(hidden) = self.hidden.take() {
            show(hidden);
        }
    }
}

/// Polls a task with nothing on offer. True beside the outcome: leaves have registered, see [`Scope::take_in_left`].
#[inline(always)]
pub(crate) fn poll_task<R>(cx: &mut Context<'_>, poll: impl FnOnce(&mut Context<'_>) -> R) -> (R, bool) {
    let own = word::of(cx);
    word::set(own);
    let polled = poll(cx);
    (polled, word::get() != own)
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
