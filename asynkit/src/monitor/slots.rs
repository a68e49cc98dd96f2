//! [`Slots`]: what passes through a monitor, and who waits for it.

use super::{
    gate::{Driven, Slot},
    turnstile::Turn,
};
use crate::{error::Interrupt, scope::Listener, util::each::each};
use alloc::{collections::BTreeMap, vec::Vec};
use core::{
    cell::{Cell, RefCell},
    mem,
    task::{Context, Waker},
};

/// The state behind a monitor's turnstile.
///
/// An `oob` that is polled by the driver itself passes through the slots: no allocation, no waker. All others (joined
/// branches that wait their turn, children of a sub-executor, other tasks and threads) write a letter, and the driver
/// serves them in order when the slots are free.
pub struct Slots<Out, In> {
    pub(super) driven: Driven,
    pub(super) out: Slot<Out>,
    pub(super) answer: Slot<In>,
    /// Why the turn is `TAKEN`.
    pub(super) held: Cell<Held>,
    /// The call that is suspended ends with its future's drop; nobody else may enter before that.
    pub(super) is_owned: Cell<bool>,
    pub(super) rest: RefCell<Rest<Out, In>>,
    /// The error on offer to the leaves, and how often it was told in this poll.
    #[cfg(not(feature = "std"))]
    pub(super) offer: Cell<Option<(Interrupt, u32)>>,
}

/// What keeps a coroutine that is being polled from sending.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// Letters that were written earlier.
    Queue,
    /// Its `oob` waits, and this call has no answer for it.
    Slot,
    /// The letter with this ticket was served in its name, and waits.
    Letter(u64),
}

/// What a coroutine waits for, while it is not driven.
pub(super) enum Record<Out, In> {
    /// An `oob` in the slots: `out` was not taken by the owner yet, `answer` was not read yet, neither: it is the
    /// owner's turn.
    Slot { out: Option<Out>, answer: Option<In> },
    /// The letter with this ticket: it is the owner's turn.
    Letter(u64),
}

/// What only cold paths touch.
pub(super) struct Rest<Out, In> {
    /// By key; a coroutine that waits for nothing has none.
    pub(super) records: BTreeMap<usize, Record<Out, In>>,
    /// By ticket: in the order of writing.
    pub(super) unsent: BTreeMap<u64, Unsent<Out>>,
    pub(super) sent: BTreeMap<u64, Sent<In>>,
    next_ticket: u64,
    /// The coroutine in whose name a letter was served that is gone by now. Its owner does not know, and may answer.
    pub(super) owed: Option<usize>,
    /// Who waits for a letter, while a call is suspended.
    pub(super) owner: Option<Waker>,
}

pub(super) struct Unsent<Out> {
    /// The coroutine whose owner it is for; `None`: any owner.
    home: Option<usize>,
    pub(super) item: Out,
    pub(super) waker: Waker,
    listener: Listener,
}

pub(super) struct Waits {
    /// The coroutine in whose name it was served.
    pub(super) key: usize,
    pub(super) waker: Waker,
    listener: Listener,
}

impl Waits {
    pub(super) const fn new(key: usize, waker: Waker) -> Self {
        Waits { key, waker, listener: Listener::new() }
    }
}

pub(super) enum Sent<In> {
    Waits(Waits),
    Answered(In),
    Thrown(Interrupt),
    /// The call that it was for has ended.
    Refused,
}

impl<Out, In> Slots<Out, In> {
    pub(super) const fn new() -> Self {
        Slots {
            driven: Driven::new(),
            out: Slot::new(),
            answer: Slot::new(),
            held: Cell::new(Held::Queue),
            is_owned: Cell::new(false),
            rest: RefCell::new(Rest {
                records: BTreeMap::new(),
                unsent: BTreeMap::new(),
                sent: BTreeMap::new(),
                next_ticket: 0,
                owed: None,
                owner: None,
            }),
            #[cfg(not(feature = "std"))]
            offer: Cell::new(None),
        }
    }

    /// The turn of a coroutine that waits for nothing and is polled with `cx`.
    pub(super) fn free(&self, rest: &Rest<Out, In>, cx: &Context<'_>) -> Turn {
        self.driven.enter(cx);
        self.free_again(rest)
    }

    /// The turn of a coroutine that waits for nothing any more, while it is being polled.
    pub(super) fn free_again(&self, rest: &Rest<Out, In>) -> Turn {
        let may_send = rest.first(self.driven.key()).is_none() && !self.is_offered();
        if may_send { self.driven.free() } else { self.hold(Held::Queue) }
    }

    /// The turn of a coroutine whose answer lies ready and that is polled with `cx`.
    pub(super) fn answered(&self, rest: &Rest<Out, In>, cx: &Context<'_>) -> Turn {
        self.driven.enter(cx);
        if rest.first(self.driven.key()).is_none() { self.driven.answered() } else { Turn::ANSWERED }
    }

    /// The turn of a coroutine that waits in the slots, the owner having the item.
    pub(super) fn paused(&self, rest: &mut Rest<Out, In>) -> Turn {
        if rest.first(self.driven.key()).is_none() { Turn::PAUSED } else { self.crowd(Turn::PAUSED, rest) }
    }

    /// The turn after a letter was written: the hot path must not pass it by.
    pub(super) fn crowd(&self, turn: Turn, rest: &mut Rest<Out, In>) -> Turn {
        match turn {
            Turn::PAUSED => {
                self.stash(turn, rest);
                Turn::PARKED
            }
            Turn::FULL => Turn::CROWDED,
            turn if turn.is_free() => self.hold(Held::Queue),
            turn if turn.is_answered() => Turn::ANSWERED,
            turn => turn,
        }
    }

    pub(super) fn hold(&self, held: Held) -> Turn {
        self.held.set(held);
        Turn::TAKEN
    }

    #[cfg(feature = "std")]
    #[expect(clippy::unused_self, reason = "with `std` the offer is the scope's")]
    fn is_offered(&self) -> bool {
        false
    }

    #[cfg(not(feature = "std"))]
    fn is_offered(&self) -> bool {
        let offer = self.offer.take();
        let is_offered = offer.is_some();
        self.offer.set(offer);
        is_offered
    }

    /// Moves what the current coroutine waits for to the records. What the record replaces comes back, to be dropped.
    pub(super) fn stash(&self, turn: Turn, rest: &mut Rest<Out, In>) -> Option<Record<Out, In>> {
        let record = match turn {
            Turn::PAUSED => Record::Slot { out: None, answer: None },
            Turn::FULL | Turn::CROWDED => Record::Slot { out: self.out.take(), answer: None },
            Turn::TAKEN => match self.held.get() {
                Held::Queue => return None,
                Held::Slot => Record::Slot { out: None, answer: None },
                Held::Letter(ticket) => Record::Letter(ticket),
            },
            turn if turn.is_answered() => Record::Slot { out: None, answer: self.answer.take() },
            _ => return None,
        };
        rest.records.insert(self.driven.key(), record)
    }
}

impl<Out, In> Rest<Out, In> {
    pub(super) fn write(&mut self, home: Option<usize>, item: Out, waker: Waker) -> u64 {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.unsent.insert(ticket, Unsent { home, item, waker, listener: Listener::new() });
        ticket
    }

    /// An `oob` that leaves the slots with its item taken.
    pub(super) fn write_sent(&mut self, sent: Sent<In>) -> u64 {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.sent.insert(ticket, sent);
        ticket
    }

    /// The first letter for the owner of this coroutine.
    fn first(&self, key: usize) -> Option<u64> {
        let is_for = |home: Option<usize>| home.is_none_or(|home| home == key);
        self.unsent.iter().find(|(_, unsent)| is_for(unsent.home)).map(|(ticket, _)| *ticket)
    }

    /// Serves the first letter in the name of this coroutine; its `oob` waits from now on.
    pub(super) fn serve(&mut self, key: usize) -> Option<Out> {
        let ticket = self.first(key)?;
        let Unsent { item, waker, listener, .. } = self.unsent.remove(&ticket)?;
        self.sent.insert(ticket, Sent::Waits(Waits { key, waker, listener }));
        self.records.insert(key, Record::Letter(ticket));
        Some(item)
    }

    /// A coroutine is known by another key from now on.
    pub(super) fn move_home(&mut self, from: usize, to: usize) {
        for unsent in self.unsent.values_mut().filter(|unsent| unsent.home == Some(from)) {
            unsent.home = Some(to);
        }
    }

    /// Nobody answers the letters for this coroutine's owner any more.
    pub(super) fn refuse(&mut self, key: usize, refused: &mut Vec<Unsent<Out>>) {
        while let Some((&ticket, _)) = self.unsent.iter().find(|(_, unsent)| unsent.home == Some(key)) {
            refused.extend(self.unsent.remove(&ticket));
            self.sent.insert(ticket, Sent::Refused);
        }
    }

    pub(super) fn listener(&mut self, ticket: u64) -> Option<&mut Listener> {
        if let Some(unsent) = self.unsent.get_mut(&ticket) {
            return Some(&mut unsent.listener);
        }
        match self.sent.get_mut(&ticket) {
            Some(Sent::Waits(waits)) => Some(&mut waits.listener),
            _ => None,
        }
    }

    /// Answers a letter and gives what waits for it, to be woken and dropped; or gives the reply back: nothing does.
    pub(super) fn reply(&mut self, ticket: u64, reply: Sent<In>) -> Result<Waits, Sent<In>> {
        match self.sent.get_mut(&ticket) {
            Some(sent @ Sent::Waits(..)) => match mem::replace(sent, reply) {
                Sent::Waits(waits) => Ok(waits),
                reply => Err(reply),
            },
            _ => Err(reply),
        }
    }

    /// The wakers of all letters that wait, those first that were served; they write new ones when they are polled.
    pub(super) fn take_wakers(&mut self) -> Vec<Waker> {
        let unsent = self.unsent.values_mut().map(|unsent| &mut unsent.waker);
        let sent = self.sent.values_mut().filter_map(|sent| match sent {
            Sent::Waits(waits) => Some(&mut waits.waker),
            _ => None,
        });
        sent.chain(unsent).map(|waker| mem::replace(waker, Waker::noop().clone())).collect()
    }

    /// The turn after a call: with nothing left that waits, letters have nobody to wait for.
    pub(super) fn outside(&mut self, refused: &mut Vec<Unsent<Out>>) -> Turn {
        if self.given_up() == Turn::PARKED {
            return Turn::PARKED;
        }
        while let Some((ticket, unsent)) = self.unsent.pop_first() {
            self.sent.insert(ticket, Sent::Refused);
            refused.push(unsent);
        }
        Turn::IDLE
    }

    /// The same, where the letters may still be served: the call was given up, and can be resumed.
    pub(super) fn given_up(&self) -> Turn {
        if self.records.is_empty() && self.owed.is_none() { Turn::IDLE } else { Turn::PARKED }
    }
}

/// Wakes and drops refused letters, outside of the turnstile.
pub(super) fn wake_all<Out>(refused: Vec<Unsent<Out>>) {
    each(refused, |Unsent { item, waker, listener, .. }| {
        waker.wake();
        drop((item, listener));
    });
}
