//! [`Throw`] and [`Receipt`]: an error on its way, and what has become of it.

use super::{shared::Shared, throw::Refused};
use crate::error::Interrupt;
use alloc::rc::Rc;
use core::{
    cell::Cell,
    task::{Context, Poll, Waker},
};

/// An error on its way to a task.
pub(crate) struct Throw {
    pub(super) error: Interrupt,
    pub(super) ticket: Option<Ticket>,
}

impl Throw {
    /// Of which nobody hears any more.
    pub(crate) const fn new(error: Interrupt) -> Self {
        Throw { error, ticket: None }
    }

    /// Of which the receipt tells what has become of it.
    pub(crate) fn with_receipt(error: Interrupt, receipt: &Rc<Receipt>) -> Self {
        Throw { error, ticket: Some(Ticket(Rc::clone(receipt))) }
    }

    pub(crate) fn into_error(self) -> Interrupt {
        self.error
    }

    /// Nobody was told, and nobody will be.
    pub(super) fn give_back(self, why: Refused) {
        if let Some(ticket) = self.ticket {
            ticket.0.back.set(Some((why, self.error)));
            ticket.0.settle(Fate::Back);
        }
    }
}

/// Tells a thrower what has become of its error.
#[derive(Default)]
pub(crate) struct Receipt {
    fate: Cell<Fate>,
    /// The error that has come back.
    back: Cell<Option<(Refused, Interrupt)>>,
    waker: Cell<Option<Waker>>,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Fate {
    #[default]
    Coming,
    /// It is coming, and who waits for it is to be woken.
    Awaited,
    /// Somebody was told, or the task has ended by it.
    Seen,
    /// It has come back.
    Back,
}

impl Receipt {
    #[cold]
    fn unused() -> Rc<Self> {
        Rc::new(Receipt { fate: Cell::new(Fate::Seen), ..Receipt::default() })
    }

    /// Whether the error was seen.
    #[inline(always)]
    pub(crate) fn is_seen(&self) -> bool {
        self.fate.get() == Fate::Seen
    }

    /// Nothing was thrown: it has nothing to tell, and can be used again.
    pub(crate) fn forgo(&self) {
        self.fate.set(Fate::Seen);
    }

    /// Waits until the error was seen, or comes back.
    #[cold]
    #[inline(never)]
    pub(crate) fn poll(&self, cx: &Context<'_>) -> Poll<Result<(), (Refused, Interrupt)>> {
        if self.is_coming() {
            let waker = cx.waker().clone();
            // The clone is the user's, and may have had it told.
            if self.is_coming() {
                self.fate.set(Fate::Awaited);
                let old = self.waker.replace(Some(waker));
                drop(old);
                return Poll::Pending;
            }
        }
        Poll::Ready(self.back.take().map_or(Ok(()), Err))
    }

    fn is_coming(&self) -> bool {
        matches!(self.fate.get(), Fate::Coming | Fate::Awaited)
    }

    #[inline(always)]
    fn settle(&self, fate: Fate) {
        if self.fate.get() == Fate::Coming {
            self.fate.set(fate);
        } else {
            self.settle_awaited(fate);
        }
    }

    #[cold]
    #[inline(never)]
    fn settle_awaited(&self, fate: Fate) {
        if self.fate.get() == Fate::Awaited {
            self.fate.set(fate);
            if let Some(waker) = self.waker.take() {
                waker.wake();
            }
        }
    }
}

/// Travels with an error; dropped, it tells that the error was seen.
pub(crate) struct Ticket(Rc<Receipt>);

impl Ticket {
    /// Tells that the error was seen.
    #[inline(always)]
    pub(super) fn tell(self) {
        drop(self);
    }
}

impl Drop for Ticket {
    #[inline(always)]
    fn drop(&mut self) {
        self.0.settle(Fate::Seen);
    }
}

impl Shared {
    /// A receipt for a throw: the executor's own, once the last one that had it has been told.
    #[inline(always)]
    pub(crate) fn receipt(&self) -> Rc<Receipt> {
        let receipt = self.receipt.get_or_init(Receipt::unused);
        if Rc::strong_count(receipt) == 1 && receipt.is_seen() {
            receipt.fate.set(Fate::Coming);
            return Rc::clone(receipt);
        }
        other(receipt)
    }
}

/// A receipt of the throw's own.
#[cold]
#[inline(never)]
fn other(receipt: &Rc<Receipt>) -> Rc<Receipt> {
    if Rc::strong_count(receipt) == 1 {
        // Nobody has heard that the error came back.
        receipt.fate.set(Fate::Seen);
        drop((receipt.back.take(), receipt.waker.take()));
    }
    Rc::default()
}
