//! The owner's side of a monitor: entering, polling, leaving.

use super::{
    gate::Gate,
    slots::{Held, Record, Sent, Slots, Waits, wake_all},
    turnstile::{Turn, Turnstile},
    unwinding::{Unwinding, inside},
};
use crate::{error::MonitorError, step::Step};
use alloc::vec::Vec;
use core::{
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, Waker},
};

/// What a call asks for, until it is done.
pub(super) enum Ask<In> {
    /// To answer the `oob` that waits.
    Answer(In),
    /// To answer if an `oob` waits, else to go on.
    AnswerOrGo(In),
    /// To go on with a coroutine that waits at no `oob`.
    Go,
    /// To start one.
    Start,
    /// To throw, wherever it waits.
    Throw,
    /// Done, or being done.
    Entered,
    /// The call goes on: the coroutine waits for something else.
    Suspended,
}

impl<In> Ask<In> {
    pub(super) fn is_suspended(&self) -> bool {
        matches!(self, Ask::Suspended)
    }

    /// The data of an answer.
    fn take(&mut self) -> Option<In> {
        match mem::replace(self, Ask::Entered) {
            Ask::Answer(data) | Ask::AnswerOrGo(data) => Some(data),
            ask => {
                *self = ask;
                None
            }
        }
    }
}

/// A call of the owner, from its first poll to its end.
pub(super) struct Call<In> {
    pub(super) ask: Ask<In>,
    /// What the monitor knows the coroutine by.
    pub(super) key: usize,
}

/// What a poll of the coroutine has come to.
pub(super) enum Left<Out> {
    Item(Out),
    Suspended,
    /// The answer has found the `oob` that it is for, which has been woken: poll again.
    Again,
    Misuse(MonitorError),
}

impl<In> Call<In> {
    #[inline(always)]
    pub(super) fn new<C: ?Sized>(coroutine: &C, ask: Ask<In>) -> Self {
        Call { ask, key: core::ptr::from_ref(coroutine).cast::<()>().addr() }
    }

    /// One poll of the coroutine in this call. `is_owned`: a call that is suspended keeps others out until it is given up.
    #[inline(always)]
    pub(super) fn poll<Out, C: Future + ?Sized>(
        &mut self,
        gate: &Gate<impl Turnstile<Slots<Out, In>>>,
        mut coroutine: Pin<&mut C>,
        is_owned: bool,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Step<Out, C::Output>, MonitorError>> {
        // The hot path: the coroutine that was driven last is answered.
        let is_answered = matches!(self.ask, Ask::Answer(_) | Ask::AnswerOrGo(_))
            && gate.answer(self.key, cx, || self.ask.take());
        // What is left to ask in the unusual case, where it has to lie in memory.
        let mut ask = Ask::Entered;
        if !is_answered {
            // A handle such as `Pin<Box<F>>` may have been moved: its address says nothing.
            let is_handle = size_of_val(&*coroutine) <= 2 * size_of::<usize>();
            ask = mem::replace(&mut self.ask, Ask::Entered);
            if let Err(misuse) = enter(gate, self.key, &mut ask, is_handle, cx) {
                self.ask = ask;
                return Poll::Ready(Err(misuse));
            }
        }
        loop {
            let unwinding = Unwinding::new(gate);
            let polled = coroutine.as_mut().poll(cx);
            mem::forget(unwinding);
            if let Poll::Ready(value) = polled {
                finish(gate);
                return Poll::Ready(Ok(Step::Done(value)));
            }
            if let Some(item) = gate.collect() {
                return Poll::Ready(Ok(Step::Oob(item)));
            }
            match leave(gate, &mut ask, is_owned, cx) {
                Left::Again => {}
                Left::Item(item) => return Poll::Ready(Ok(Step::Oob(item))),
                Left::Suspended => {
                    self.ask = Ask::Suspended;
                    return Poll::Pending;
                }
                Left::Misuse(misuse) => {
                    // The data goes back to the caller.
                    self.ask = ask;
                    return Poll::Ready(Err(misuse));
                }
            }
        }
    }
}

/// Enters, whatever the turn; answers the `oob` that waits, if the call is for that.
#[cold]
#[inline(never)]
pub(super) fn enter<Out, In>(
    gate: &Gate<impl Turnstile<Slots<Out, In>>>,
    key: usize,
    ask: &mut Ask<In>,
    is_handle: bool,
    cx: &Context<'_>,
) -> Result<(), MonitorError> {
    assert!(!matches!(ask, Ask::Entered), "the call of a monitor was polled after it had resolved");
    let mut unused = Vec::new();
    let (entered, woken) = gate.update(|turn, slots| {
        let is_free = match turn {
            Turn::SUSPENDED => ask.is_suspended() || !slots.is_owned.get() || slots.driven.key() == key,
            turn => !turn.is_inside(),
        };
        if !is_free {
            return (turn, (Err(MonitorError::Reentered), None));
        }
        let rest = &mut *slots.rest.borrow_mut();
        // From here on all that waits is in the records. A coroutine waits once: there is no older record to drop.
        if turn == Turn::PAUSED {
            unused.extend(slots.stash(turn, rest).map(Unused::Record));
        }
        let record = rest.records.remove(&key);
        let is_owed = rest.owed.take_if(|owed| *owed == key).is_some();
        let may_have_moved = is_handle && record.is_none() && !rest.records.is_empty();
        let misuse = if is_owed || may_have_moved { None } else { refusal(ask, record.as_ref()) };
        if let Some(misuse) = misuse {
            if let Some(record) = record {
                rest.records.insert(key, record);
            }
            let turn = if turn == Turn::SUSPENDED { turn } else { rest.given_up() };
            return (turn, (Err(misuse), None));
        }
        slots.driven.set_key(key);
        let mut woken = None;
        let turn = match record {
            Some(Record::Slot { out: Some(out), .. }) => {
                unused.extend(slots.out.put(out).map(Unused::Item));
                Turn::FULL
            }
            Some(Record::Slot { answer: Some(answer), .. }) => {
                unused.extend(slots.answer.put(answer).map(Unused::Answer));
                slots.answered(rest, cx)
            }
            Some(Record::Slot { .. }) => match ask.take() {
                Some(data) => {
                    unused.extend(slots.answer.put(data).map(Unused::Answer));
                    slots.answered(rest, cx)
                }
                None => slots.hold(Held::Slot),
            },
            Some(Record::Letter(ticket)) => {
                let reply = match (ask.take(), &*ask) {
                    (Some(data), _) => Some(Sent::Answered(data)),
                    (None, Ask::Start) => Some(Sent::Refused),
                    (None, _) => None,
                };
                match reply.map(|reply| rest.reply(ticket, reply)) {
                    Some(Ok(waits)) => {
                        woken = Some(waits);
                        slots.free(rest, cx)
                    }
                    Some(Err(reply)) => {
                        unused.push(Unused::Reply(reply));
                        slots.free(rest, cx)
                    }
                    None => slots.hold(Held::Letter(ticket)),
                }
            }
            // The data waits until its `oob` is found; meanwhile nothing new passes through the slots.
            None if may_have_moved && !is_owed => slots.hold(Held::Queue),
            None => {
                unused.extend(ask.take().map(Unused::Answer));
                slots.free(rest, cx)
            }
        };
        (turn, (Ok(()), woken))
    });
    if entered.is_ok() {
        inside(gate, || wake(woken, unused));
    }
    entered
}

fn wake<Out, In>(woken: Option<Waits>, unused: Vec<Unused<Out, In>>) {
    if let Some(waits) = woken {
        waits.waker.wake();
    }
    drop(unused);
}

/// What is dropped outside of the turnstile.
#[expect(dead_code, reason = "kept to be dropped")]
enum Unused<Out, In> {
    Record(Record<Out, In>),
    Item(Out),
    Answer(In),
    Reply(Sent<In>),
    Waker(Waker),
}

/// Why a call may not go on with a coroutine that waits for `record`.
fn refusal<Out, In>(ask: &Ask<In>, record: Option<&Record<Out, In>>) -> Option<MonitorError> {
    let is_asked = match record {
        Some(Record::Slot { out: None, answer: None } | Record::Letter(_)) => true,
        Some(Record::Slot { .. }) | None => false,
    };
    match ask {
        Ask::Answer(_) if !is_asked => Some(MonitorError::NotWaiting),
        Ask::Go if is_asked => Some(MonitorError::Unanswered),
        // A new coroutine at the address of one that is gone: only a letter outlives its coroutine.
        Ask::Start if is_asked && !matches!(record, Some(Record::Letter(_))) => {
            Some(MonitorError::Unanswered)
        }
        _ => None,
    }
}

/// Leaves a coroutine that is suspended without an item in the slots: a letter may be served, an answer may have found
/// its `oob` by now; else the call is suspended.
#[cold]
#[inline(never)]
pub(super) fn leave<Out, In>(
    gate: &Gate<impl Turnstile<Slots<Out, In>>>,
    ask: &mut Ask<In>,
    is_owned: bool,
    cx: &Context<'_>,
) -> Left<Out> {
    let mut waker = None;
    let mut woken = None;
    let mut unused = Vec::new();
    let left = loop {
        let left = gate.update(|turn, slots| {
            let rest = &mut *slots.rest.borrow_mut();
            // An `oob` that has moved with its coroutine was found as it was polled.
            let found = match slots.held.get() {
                Held::Letter(ticket) if turn == Turn::TAKEN => Some(ticket),
                _ => None,
            };
            if let Some(ticket) = found {
                if let Some(data) = ask.take() {
                    return match rest.reply(ticket, Sent::Answered(data)) {
                        Ok(waits) => {
                            woken = Some(waits);
                            (slots.free(rest, cx), Some(Left::Again))
                        }
                        Err(reply) => {
                            unused.push(Unused::Reply(reply));
                            (slots.hold(Held::Queue), None)
                        }
                    };
                }
            }
            let misuse = match *ask {
                Ask::Answer(_) => Some(MonitorError::NotWaiting),
                Ask::Go | Ask::Start if found.is_some() => Some(MonitorError::Unanswered),
                _ => None,
            };
            if let Some(misuse) = misuse {
                unused.extend(slots.stash(turn, rest).map(Unused::Record));
                return (rest.given_up(), Some(Left::Misuse(misuse)));
            }
            if turn.is_full() {
                if let Some(item) = slots.out.take() {
                    return (slots.paused(rest), Some(Left::Item(item)));
                }
            }
            if turn.is_free() || turn == Turn::TAKEN && slots.held.get() == Held::Queue {
                if let Some(item) = rest.serve(slots.driven.key()) {
                    return (Turn::PARKED, Some(Left::Item(item)));
                }
            }
            if !rest.owner.as_ref().is_some_and(|owner| owner.will_wake(cx.waker())) {
                // Cloning is a user's code: come back with the clone.
                let Some(waker) = waker.take() else { return (turn, None) };
                unused.extend(rest.owner.replace(waker).map(Unused::Waker));
            }
            unused.extend(slots.stash(turn, rest).map(Unused::Record));
            slots.is_owned.set(is_owned);
            (Turn::SUSPENDED, Some(Left::Suspended))
        });
        match left {
            Some(left) => break left,
            None => waker = Some(inside(gate, || cx.waker().clone())),
        }
    };
    match left {
        Left::Again => inside(gate, || wake(woken, unused)),
        Left::Suspended => *ask = Ask::Suspended,
        Left::Item(_) => *ask = Ask::Entered,
        // The data goes back to the caller.
        Left::Misuse(_) => {}
    }
    left
}

/// The coroutine has ended, by returning or by a panic: what it waited for is void.
#[cold]
#[inline(never)]
pub(super) fn finish<Out, In>(gate: &Gate<impl Turnstile<Slots<Out, In>>>) {
    let mut refused = Vec::new();
    let unused = gate.update(|turn, slots| {
        let rest = &mut *slots.rest.borrow_mut();
        let mut woken = None;
        if turn == Turn::TAKEN {
            if let Held::Letter(ticket) = slots.held.get() {
                woken = rest.reply(ticket, Sent::Refused).ok();
            }
        }
        rest.refuse(slots.driven.key(), &mut refused);
        let unused = (slots.out.take(), slots.answer.take(), rest.owner.take(), woken);
        (rest.outside(&mut refused), unused)
    });
    let (out, answer, owner, woken) = unused;
    if let Some(waits) = woken {
        waits.waker.wake();
    }
    wake_all(refused);
    drop((out, answer, owner));
}

/// The future of a suspended call is dropped: another call may go on with the coroutine.
#[cold]
#[inline(never)]
pub(super) fn give_up<Out, In>(gate: &Gate<impl Turnstile<Slots<Out, In>>>, key: usize) {
    let owner = gate.update(|turn, slots| {
        if turn != Turn::SUSPENDED || slots.driven.key() != key {
            return (turn, None);
        }
        let rest = &mut *slots.rest.borrow_mut();
        (rest.given_up(), rest.owner.take())
    });
    drop(owner);
}

/// The coroutine with this key is gone, and with it the need of an answer.
#[cold]
#[inline(never)]
pub(super) fn forget<Out, In>(gate: &Gate<impl Turnstile<Slots<Out, In>>>, key: usize) {
    let mut refused = Vec::new();
    let unused = gate.update(|turn, slots| {
        let rest = &mut *slots.rest.borrow_mut();
        rest.owed.take_if(|owed| *owed == key);
        rest.refuse(key, &mut refused);
        let record = rest.records.remove(&key);
        let woken = match record {
            Some(Record::Letter(ticket)) => rest.reply(ticket, Sent::Refused).ok(),
            _ => None,
        };
        let turn = if turn == Turn::PARKED { rest.outside(&mut refused) } else { turn };
        (turn, (record, woken))
    });
    wake_all(refused);
    let (record, woken) = unused;
    if let Some(waits) = woken {
        waits.waker.wake();
    }
    drop(record);
}
