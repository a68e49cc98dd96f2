//! [`Oob`]: the coroutine's side of a monitor.

use super::{
    airlock::Airlock,
    parcel::{Parcel, Stage},
    slots::{Held, Record, Rest, Sent, Slots, Unsent, Waits, wake_all},
    told::{note, told},
    turnstile::Turn,
};
use crate::{
    error::{Interrupt, NotActive},
    scope::Listener,
};
use alloc::vec::Vec;
use core::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, Waker},
};

/// The future of `oob`: sends an item to the owner, and waits for the answer.
///
/// It resolves to the answer; or to an [`Interrupt`], when an error was thrown, or when nobody drives the coroutine
/// ([`NotActive`]). An error is told when the answer is not there yet; if the owner has not taken the item by then, it
/// was never sent.
///
/// # Panics
/// When polled again after it has resolved.
///
/// # Cancel safety
/// Not undone: what it has done before it is dropped stays done. Dropping it leaves the monitor clean: an item that
/// the owner has not taken was never sent, an answer that was not read is dropped.
///
/// # Examples
/// ```
/// use asynkit::{Monitor, Step};
/// use std::pin::pin;
///
/// # asynkit::await_sync(async {
/// let monitor: Monitor<u32> = Monitor::new();
/// let coroutine = pin!(async {
///     let item = monitor.oob(1);
///     item.await // not sent before
/// });
/// assert!(matches!(monitor.aawait(coroutine).await, Step::Oob(1)));
/// # }).unwrap();
/// ```
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Oob<'a, M: Airlock> {
    monitor: &'a M,
    parcel: Parcel<M::Out>,
}

impl<M: Airlock> Unpin for Oob<'_, M> {}

impl<'a, M: Airlock> Oob<'a, M> {
    #[inline(always)]
    pub(super) fn new(monitor: &'a M, out: M::Out) -> Self {
        Oob { monitor, parcel: Parcel::new(out) }
    }
}

impl<M: Airlock> Future for Oob<'_, M> {
    type Output = Result<M::In, Interrupt>;

    #[inline(always)]
    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let gate = this.monitor.gate();
        if this.parcel.is_new() {
            if gate.send(&mut this.parcel, cx) {
                note();
                return Poll::Pending;
            }
        } else if let Some(answer) = gate.read(&this.parcel) {
            this.parcel.finish();
            return Poll::Ready(Ok(answer));
        }
        let polled = this.poll_slowly(cx);
        if polled.is_ready() {
            // Whatever it still holds here is void: there is nothing left to withdraw.
            this.parcel.finish();
        }
        polled
    }
}

/// What a poll off the hot path has found.
enum Found<In> {
    Answer(In),
    Error(Interrupt),
    NotActive,
    Nothing,
}

impl<M: Airlock> Oob<'_, M> {
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn poll_slowly(&mut self, cx: &mut Context<'_>) -> Poll<Result<M::In, Interrupt>> {
        assert!(self.parcel.stage() != Stage::Done, "an `oob` was polled after it had resolved");
        // An answer that is there goes first. Cloning and dropping wakers is a user's code: outside of the turnstile.
        let mut waker = Some(cx.waker().clone());
        let mut found = self.look(&mut waker);
        if matches!(found, Found::Nothing) {
            let mut listener = self.take_listener();
            if let Some(error) = told(&mut listener, self.monitor.gate(), cx) {
                self.withdraw();
                found = Found::Error(error);
            } else {
                found = self.wait(&mut waker);
                self.keep_listener(listener);
            }
        }
        match found {
            Found::Nothing => Poll::Pending,
            Found::Answer(answer) => Poll::Ready(Ok(answer)),
            Found::Error(error) => Poll::Ready(Err(error)),
            Found::NotActive => Poll::Ready(Err(Interrupt::new(NotActive))),
        }
    }

    /// Looks for the answer; finds its place again when it, or its coroutine, has moved since the last poll.
    fn look(&mut self, waker: &mut Option<Waker>) -> Found<M::In> {
        let gate = self.monitor.gate();
        let parcel = &mut self.parcel;
        let mut refused = Vec::new();
        let (found, unused) = gate.update(|turn, slots| {
            let rest = &mut *slots.rest.borrow_mut();
            match parcel.stage() {
                Stage::Written(ticket) => (turn, (read_letter(ticket, rest, waker), None)),
                Stage::InSlot(key) if turn.is_inside() => {
                    if slots.driven.key() == key && turn.is_answered() {
                        if let Some(answer) = slots.answer.take() {
                            return (slots.free_again(rest), (Found::Answer(answer), None));
                        }
                    }
                    leave_slot(turn, slots, rest, key, parcel, waker)
                }
                // The coroutine is polled by somebody who does not drive it.
                Stage::InSlot(key) => {
                    let (turn, unused) = forget(turn, slots, rest, key, &mut refused);
                    parcel.finish();
                    (turn, (Found::NotActive, unused))
                }
                Stage::New | Stage::Done => (turn, (Found::Nothing, None)),
            }
        });
        wake_all(refused);
        drop(unused);
        found
    }

    /// The listener is kept with the letter: there is no room for it in the slots, nor need.
    fn take_listener(&self) -> Listener {
        let Stage::Written(ticket) = self.parcel.stage() else { return Listener::new() };
        self.monitor.gate().update(|turn, slots| {
            let listener = slots.rest.borrow_mut().listener(ticket).map(mem::take);
            (turn, listener.unwrap_or_default())
        })
    }

    fn keep_listener(&self, listener: Listener) {
        let Stage::Written(ticket) = self.parcel.stage() else { return };
        // What comes out is dropped outside of the lock.
        let _unused = self.monitor.gate().update(|turn, slots| {
            match slots.rest.borrow_mut().listener(ticket) {
                Some(kept) => (turn, mem::replace(kept, listener)),
                // It has been answered meanwhile.
                None => (turn, listener),
            }
        });
    }

    /// Waits from now on: a new one writes a letter.
    fn wait(&mut self, waker: &mut Option<Waker>) -> Found<M::In> {
        if !self.parcel.is_new() {
            return Found::Nothing;
        }
        let parcel = &mut self.parcel;
        let (found, owner) = self.monitor.gate().update(|turn, slots| {
            if turn == Turn::IDLE {
                return (turn, (Found::NotActive, None));
            }
            let rest = &mut *slots.rest.borrow_mut();
            if let Some(waker) = waker.take() {
                if let Some(out) = parcel.take() {
                    // It is part of the conversation that goes on.
                    let home = if turn == Turn::PARKED { None } else { Some(slots.driven.key()) };
                    parcel.written(rest.write(home, out, waker));
                }
            }
            let owner = if turn == Turn::SUSPENDED { rest.owner.take() } else { None };
            (slots.crowd(turn, rest), (Found::Nothing, owner))
        });
        if let Some(owner) = owner {
            owner.wake();
        }
        found
    }

    /// Takes back what it has left with the monitor.
    #[cold]
    #[inline(never)]
    fn withdraw(&mut self) {
        let stage = self.parcel.stage();
        self.parcel.finish();
        let mut refused = Vec::new();
        let unused = self.monitor.gate().update(|turn, slots| {
            let rest = &mut *slots.rest.borrow_mut();
            match &stage {
                Stage::InSlot(key) => {
                    let (turn, record) = forget(turn, slots, rest, *key, &mut refused);
                    (turn, (record, None, None))
                }
                Stage::Written(ticket) => {
                    let (unsent, sent) = (rest.unsent.remove(ticket), rest.sent.remove(ticket));
                    let mut turn = turn;
                    if let Some(Sent::Waits(waits)) = &sent {
                        turn = void(turn, slots, rest, *ticket, waits.key);
                    }
                    (turn, (None, unsent, sent))
                }
                Stage::New | Stage::Done => (turn, (None, None, None)),
            }
        });
        wake_all(refused);
        drop(unused);
    }
}

/// Reads the letter's reply, or leaves the waker with it; the old one comes back in its place.
fn read_letter<Out, In>(ticket: u64, rest: &mut Rest<Out, In>, waker: &mut Option<Waker>) -> Found<In> {
    let kept = match (rest.unsent.get_mut(&ticket), rest.sent.get_mut(&ticket)) {
        (Some(unsent), _) => &mut unsent.waker,
        (None, Some(Sent::Waits(waits))) => &mut waits.waker,
        (None, _) => {
            return match rest.sent.remove(&ticket) {
                Some(Sent::Answered(answer)) => Found::Answer(answer),
                Some(Sent::Thrown(error)) => Found::Error(error),
                _ => Found::NotActive,
            };
        }
    };
    if let Some(waker) = waker {
        if !kept.will_wake(waker) {
            mem::swap(kept, waker);
        }
    }
    Found::Nothing
}

type Update<Out, In> = (Turn, (Found<In>, Option<Record<Out, In>>));

/// Polled again without an answer: by a sub-executor, which has to be woken, or with an error on offer, or where its
/// coroutine is driven under another key, because it has moved. From here on it waits as a letter.
fn leave_slot<Out, In>(
    turn: Turn,
    slots: &Slots<Out, In>,
    rest: &mut Rest<Out, In>,
    key: usize,
    parcel: &mut Parcel<Out>,
    waker: &mut Option<Waker>,
) -> Update<Out, In> {
    let is_current = slots.driven.key() == key;
    let is_held = |held| turn == Turn::TAKEN && slots.held.get() == held;
    let record = if is_current && (turn.is_full() || is_held(Held::Slot)) {
        Some(Record::Slot { out: slots.out.take(), answer: None })
    } else {
        rest.records.remove(&key)
    };
    let Some(waker) = waker.take() else { return (turn, (Found::Nothing, record)) };
    match record {
        Some(Record::Slot { out: Some(out), .. }) => {
            parcel.written(rest.write(Some(key), out, waker));
            (if is_current { slots.hold(Held::Queue) } else { turn }, (Found::Nothing, None))
        }
        Some(Record::Slot { answer: Some(answer), .. }) => (turn, (Found::Answer(answer), None)),
        Some(Record::Slot { .. }) => {
            let is_driven = is_current || turn.is_free() || is_held(Held::Queue);
            let from = key;
            let key = if is_driven { slots.driven.key() } else { key };
            rest.move_home(from, key);
            let ticket = rest.write_sent(Sent::Waits(Waits::new(key, waker)));
            parcel.written(ticket);
            if is_driven {
                return (slots.hold(Held::Letter(ticket)), (Found::Nothing, None));
            }
            rest.records.insert(key, Record::Letter(ticket));
            (turn, (Found::Nothing, None))
        }
        record => (turn, (Found::NotActive, record)),
    }
}

/// What the `oob` in the slots has left there, taken back.
fn forget<Out, In>(
    turn: Turn,
    slots: &Slots<Out, In>,
    rest: &mut Rest<Out, In>,
    key: usize,
    refused: &mut Vec<Unsent<Out>>,
) -> (Turn, Option<Record<Out, In>>) {
    if slots.driven.key() == key {
        let holds_turn =
            turn.is_full() || turn.is_answered() || turn == Turn::TAKEN && slots.held.get() == Held::Slot;
        if holds_turn {
            let record = Record::Slot { out: slots.out.take(), answer: slots.answer.take() };
            return (slots.hold(Held::Queue), Some(record));
        }
        if turn == Turn::PAUSED {
            return (rest.outside(refused), None);
        }
    }
    let record = match rest.records.get(&key) {
        Some(Record::Slot { .. }) => rest.records.remove(&key),
        _ => None,
    };
    (if turn == Turn::PARKED { rest.outside(refused) } else { turn }, record)
}

/// A letter that was served is gone: its answer is not needed any more.
fn void<Out, In>(
    turn: Turn,
    slots: &Slots<Out, In>,
    rest: &mut Rest<Out, In>,
    ticket: u64,
    key: usize,
) -> Turn {
    if turn.is_inside() && turn == Turn::TAKEN && slots.held.get() == Held::Letter(ticket) {
        return slots.hold(Held::Queue);
    }
    if let Some(Record::Letter(served)) = rest.records.get(&key) {
        if *served == ticket {
            rest.records.remove(&key);
            rest.owed = Some(key);
        }
    }
    turn
}

impl<M: Airlock> Drop for Oob<'_, M> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.parcel.waits() {
            self.withdraw();
        }
    }
}

impl<M: Airlock> fmt::Debug for Oob<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match self.parcel.stage() {
            Stage::New => "New",
            Stage::InSlot(_) | Stage::Written(_) => "Waits",
            Stage::Done => "Done",
        };
        f.debug_struct("Oob").field("stage", &stage).finish_non_exhaustive()
    }
}
