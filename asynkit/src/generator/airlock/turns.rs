//! The body's side of the airlock for several `ayield`s, which take turns.

use super::{Airlock, FREE, HELD, OFFERED, flag};
use crate::{generator::Resume, scope};
use core::{
    mem,
    task::{Context, Poll, Waker},
};

/// A shared `ayield`: where it stands.
pub(in crate::generator) struct Turn<Y> {
    /// `None`: it is in the slot, or was.
    item: Option<Y>,
    /// 0: it was not polled yet.
    ticket: usize,
}

impl<Y> Turn<Y> {
    pub(in crate::generator) fn new(item: Y) -> Self {
        Turn { item: Some(item), ticket: 0 }
    }
}

/// Wakers are cloned, woken and dropped outside of the lock.
impl<Y, R: Resume> Airlock<Y, R> {
    /// What handles that are gone have left.
    pub(in crate::generator) fn share(&self) {
        self.abandon();
        let queue = self.with_cold(|cold| mem::take(&mut cold.queue));
        drop(queue);
    }

    pub(in crate::generator) fn poll_turn(&self, turn: &mut Turn<Y>, cx: &Context<'_>) -> Poll<R> {
        let waker = cx.waker().clone();
        let (result, next, old) = {
            let _lock = self.lock();
            self.take_turn(turn, waker, cx)
        };
        drop(old);
        if let Some(next) = next {
            next.wake();
        }
        result
    }

    /// Also gives the waker to be woken, and the one to be dropped.
    fn take_turn(
        &self,
        turn: &mut Turn<Y>,
        waker: Waker,
        cx: &Context<'_>,
    ) -> (Poll<R>, Option<Waker>, Option<Waker>) {
        if turn.ticket == 0 {
            turn.ticket = self.with_cold(|cold| {
                cold.last_ticket += 1;
                cold.last_ticket
            });
        }
        let is_holder = self.with_cold(|cold| cold.holder == turn.ticket);
        if turn.item.is_some() {
            if self.slot.get() != FREE {
                let old = self.with_cold(|cold| cold.queue.insert(turn.ticket, waker));
                self.add_flags(flag::WAKE);
                return (Poll::Pending, None, old);
            }
            if let Some(item) = turn.item.take() {
                self.put_item(item, OFFERED);
            }
            let old = self.with_cold(|cold| {
                cold.holder = turn.ticket;
                cold.queue.remove(&turn.ticket)
            });
            return (Poll::Pending, None, self.keep(waker, cx).or(old));
        }
        if let Some(unit) = R::UNIT {
            if !is_holder || !matches!(self.slot.get(), HELD | OFFERED) {
                self.release(turn);
                return (Poll::Ready(unit), None, Some(waker));
            }
        } else if is_holder {
            if let Some(answer) = self.take_answer() {
                if self.has(flag::THROWS) {
                    scope::count_take();
                }
                self.release(turn);
                return (Poll::Ready(answer), self.next_in_turn(), Some(waker));
            }
        }
        (Poll::Pending, None, self.keep(waker, cx))
    }

    /// Keeps the waker of the `ayield` in the slot, if it is not the one that will poll anyway.
    fn keep(&self, waker: Waker, cx: &Context<'_>) -> Option<Waker> {
        if self.is_polled_by(cx.waker()) {
            return Some(waker);
        }
        self.add_flags(flag::WAKE);
        self.with_cold(|cold| cold.waker.replace(waker))
    }

    /// The slot is left, and the `ayield` is over.
    fn release(&self, turn: &mut Turn<Y>) {
        let ticket = mem::take(&mut turn.ticket);
        self.with_cold(|cold| {
            if cold.holder == ticket {
                cold.holder = 0;
            }
        });
    }

    fn next_in_turn(&self) -> Option<Waker> {
        self.with_cold(|cold| cold.queue.pop_first()).map(|(_, waker)| waker)
    }

    /// A shared `ayield` is dropped; the turn passes on.
    pub(in crate::generator) fn drop_turn(&self, turn: &mut Turn<Y>) {
        if turn.ticket == 0 {
            return;
        }
        let mut left = None;
        let (waker, next) = {
            let _lock = self.lock();
            let waker = self.with_cold(|cold| cold.queue.remove(&turn.ticket));
            if turn.item.is_none() && self.with_cold(|cold| cold.holder == turn.ticket) {
                self.release(turn);
                left = Some(self.take_all());
            }
            let next = if self.slot.get() == FREE { self.next_in_turn() } else { None };
            (waker, next)
        };
        if let Some(next) = next {
            next.wake();
        }
        drop((waker, left));
    }
}
