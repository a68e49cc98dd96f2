//! The cold thread-local: the errors on offer in the polls on this stack, outermost first.

use super::{registration::Registration, word};
use crate::error::Interrupt;
use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{
    cell::{Cell, RefCell},
    sync::atomic::{AtomicU64, Ordering},
};

/// How often one stop is told in one poll, before a loop that swallows it is cut off at the scope's root.
pub(super) const MOST_TOLD: u32 = 1000;

/// An error that was thrown; while its scope is polled, it is on offer to the leaves.
///
/// It stays in its box, which the scope and the list of those on offer hand to each other: what is polled often while it
/// cleans up copies and counts nothing.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "five independent facts of one poll")]
pub(super) struct Offer {
    /// `None`: one leaf has taken it, or the throw is over.
    pub(super) error: Option<Interrupt>,
    pub(super) is_stop: bool,
    /// Which throw this is; later throws have higher numbers.
    pub(super) serial: u64,
    /// How often it was taken since it was thrown, and in this poll.
    pub(super) taken: u32,
    pub(super) told: u32,
    /// How many polls of the scope's own making there were.
    pub(super) extra: u32,
    /// The leaves under sub-executors have been woken for it.
    pub(super) is_announced: bool,
    /// A shield waits, or waited in the last poll: the scope is not dropped.
    pub(super) held: bool,
    /// A leaf let those go first that it encloses and that were not polled yet.
    pub(super) deferred: bool,
    /// Nobody is waited for any more.
    pub(super) is_last: bool,
    /// The leaves under sub-executors, lent by the scope for the poll.
    pub(super) woken: Vec<Arc<Registration>>,
}

impl Offer {
    /// Another throw; gives what was there.
    pub(super) fn begin(&mut self, error: Interrupt) -> Option<Interrupt> {
        self.is_stop = error.kind().is_stop();
        self.serial = next_serial();
        (self.taken, self.extra, self.is_announced, self.held) = (0, 0, false, false);
        self.error.replace(error)
    }

    pub(super) fn has_unpolled(&self) -> bool {
        self.woken.iter().any(|registration| registration.is_unpolled())
    }
}

pub(super) struct Offers {
    #[expect(clippy::vec_box, reason = "an offer moves between its scope and here, in its box")]
    pub(super) open: Vec<Box<Offer>>,
    /// The registrations that were made in the polls on this stack.
    pub(super) outbox: Vec<Arc<Registration>>,
    /// Offers below it are hidden by a shield.
    pub(super) floor: usize,
    /// The floors and registrations that tasks have put out of sight.
    #[cfg(feature = "executor")]
    pub(super) hidden: Vec<(usize, Vec<Arc<Registration>>)>,
}

impl Offers {
    const fn new() -> Self {
        Offers {
            open: Vec::new(),
            outbox: Vec::new(),
            floor: 0,
            #[cfg(feature = "executor")]
            hidden: Vec::new(),
        }
    }
}

crate::util::sync::thread_local! {
    static OFFERS: RefCell<Offers> = const { RefCell::new(Offers::new()) };
    static TAKES: Cell<u64> = const { Cell::new(0) };
}

static SERIALS: AtomicU64 = AtomicU64::new(1);

/// A number that no throw and no scope had before.
pub(super) fn next_serial() -> u64 {
    SERIALS.fetch_add(1, Ordering::Relaxed)
}

/// No user code runs inside: nothing is dropped, woken or cloned in `f` that is not ours.
#[inline(always)]
pub(super) fn with<R>(f: impl FnOnce(&mut Offers) -> R) -> R {
    OFFERS.with_borrow_mut(f)
}

/// How many errors were taken on this thread: a leaf sees by it that something inside it took one.
pub(super) fn takes() -> u64 {
    TAKES.get()
}

pub(crate) fn count_take() {
    TAKES.set(TAKES.get() + 1);
}

#[cold]
#[inline(never)]
pub(super) fn outbox_len() -> usize {
    with(|offers| offers.outbox.len())
}

/// Puts an error on offer to what is polled from now on.
#[inline(always)]
pub(super) fn open(offer: Box<Offer>) -> Close {
    with(|offers| {
        offers.open.push(offer);
        Close(offers.open.len() - 1)
    })
}

/// Closes an offer and those above it that a panic has left.
pub(super) struct Close(pub(super) usize);

impl Close {
    /// Takes the offer off the stack; `None` where a poll on another stack has broken the order.
    #[inline(always)]
    pub(super) fn close(self) -> Option<Box<Offer>> {
        let at = self.0;
        let top = with(|offers| if offers.open.len() == at + 1 { offers.open.pop() } else { None });
        if top.is_some() {
            core::mem::forget(self);
        }
        top
    }
}

impl Drop for Close {
    fn drop(&mut self) {
        let left = with(|offers| offers.open.split_off(self.0.min(offers.open.len())));
        drop(left);
    }
}

/// Runs `poll` with the errors of all scopes around it hidden (a shield).
#[inline]
pub(crate) fn hold_back<R>(poll: impl FnOnce() -> R) -> (R, Held) {
    if word::get() & word::OPEN == 0 {
        return (poll(), Held { below: 0, from: 0 });
    }
    let (below, from) = with(|offers| (offers.open.len(), offers.floor));
    let _floor = Floor(from);
    with(|offers| offers.floor = below);
    (poll(), Held { below, from })
}

struct Floor(usize);

impl Drop for Floor {
    fn drop(&mut self) {
        with(|offers| offers.floor = self.0);
    }
}

/// The offers that a shield has hidden.
pub(crate) struct Held {
    below: usize,
    from: usize,
}

impl Held {
    pub(crate) fn is_empty(&self) -> bool {
        self.from == self.below
    }

    /// The shield waits: none of the scopes may be dropped at its root.
    #[cold]
    pub(crate) fn keep(&self) {
        with(|offers| {
            for offer in &mut offers.open[self.from..self.below] {
                offer.held = true;
            }
        });
    }
}
