//! [`Driver`]: an owner that polls, and may leave off after any poll. Generators by handle stand on it.

use super::{
    Monitor,
    airlock::Sealed as _,
    call::{Ask, Call, forget, give_up},
    futures::refuse,
    gate::Gate,
    slots::{Record, Sent, Slots},
    throw::{Throwing, Thrown},
    turnstile::{Turn, Turnstile},
};
use crate::{error::Interrupt, step::Step};
use alloc::boxed::Box;
use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

/// What a monitor's owner keeps of the one coroutine that it drives. It stays where it is: its address is the key.
///
/// Its calls keep nobody out: whoever polls a stream does not say that he has given up. So several coroutines may be
/// driven through one monitor in any order, as long as none is polled inside of another.
pub(crate) struct Driver<In> {
    state: State,
    /// A call that has thrown and goes on.
    throwing: Option<Box<Throwing<In>>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// The owner has its item, and did not answer yet.
    Waiting,
    /// It is suspended elsewhere.
    Awaiting,
    /// It has returned, has panicked, or is to be dropped.
    Over,
}

/// The answer of an owner: a value, or an error.
type Answer<In> = Option<Result<In, Interrupt>>;
type Turned<Out, T> = Poll<Option<Step<Out, T>>>;

/// How often the letters of other tasks are told of one stop in one poll, before those who swallow it are cut off.
const MOST_TOLD: u32 = 1000;

impl<In> Driver<In> {
    pub(crate) const fn new() -> Self {
        Driver { state: State::New, throwing: None }
    }

    /// Whether the coroutine has ended: its future is not to be polled any more, and may be dropped.
    pub(crate) fn is_over(&self) -> bool {
        self.state == State::Over
    }

    /// Whether its `oob`, or one of another task that its owner has the item of, waits to be answered.
    pub(crate) fn is_waiting<Out>(&self, monitor: &Monitor<Out, In>) -> bool {
        match self.state {
            State::Waiting => true,
            State::Awaiting => is_asked(monitor.gate(), self.key()),
            State::New | State::Over => false,
        }
    }

    /// Whether it is suspended, and no answer would help.
    pub(crate) fn is_running<Out>(&self, monitor: &Monitor<Out, In>) -> bool {
        self.state == State::Awaiting && !self.is_waiting(monitor)
    }

    /// What the monitor knows the coroutine by.
    fn key(&self) -> usize {
        core::ptr::from_ref(self).addr()
    }

    /// Drives it to its next item, or to its end; `None`: it has ended before.
    ///
    /// A call begins with an answer, which ends the call before. A value is taken where one is waited for, else it is
    /// left alone. An error is taken; one that nobody was told of is put back.
    ///
    /// # Panics
    /// If another coroutine is being polled through the monitor; nothing is harmed.
    #[inline(always)]
    pub(crate) fn poll<Out, F: Future>(
        &mut self,
        monitor: &Monitor<Out, In>,
        future: Pin<&mut F>,
        answer: &mut Answer<In>,
        cx: &mut Context<'_>,
    ) -> Turned<Out, F::Output> {
        if self.state == State::Waiting && matches!(answer, Some(Ok(_))) {
            if let Some(Ok(data)) = answer.take() {
                return self.poll_inside(monitor, future, Ask::AnswerOrGo(data), answer, cx);
            }
        }
        self.poll_slowly(monitor, future, answer, cx)
    }

    #[inline(always)]
    fn poll_inside<Out, F: Future>(
        &mut self,
        monitor: &Monitor<Out, In>,
        future: Pin<&mut F>,
        ask: Ask<In>,
        answer: &mut Answer<In>,
        cx: &mut Context<'_>,
    ) -> Turned<Out, F::Output> {
        let key = self.key();
        let mut driven = Driven { future, state: &mut self.state, key };
        let mut call = Call::new(&driven, ask);
        call.key = key;
        match call.poll(monitor.gate(), Pin::new(&mut driven), false, cx) {
            Poll::Ready(Ok(Step::Oob(item))) => {
                self.state = State::Waiting;
                Poll::Ready(Some(Step::Oob(item)))
            }
            Poll::Ready(Ok(done)) => Poll::Ready(Some(done)),
            Poll::Ready(Err(misuse)) => {
                if let Ask::AnswerOrGo(data) = call.ask {
                    *answer = Some(Ok(data));
                }
                refuse(misuse)
            }
            Poll::Pending => {
                self.state = State::Awaiting;
                Poll::Pending
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn poll_slowly<Out, F: Future>(
        &mut self,
        monitor: &Monitor<Out, In>,
        future: Pin<&mut F>,
        answer: &mut Answer<In>,
        cx: &mut Context<'_>,
    ) -> Turned<Out, F::Output> {
        if self.state == State::Over {
            return Poll::Ready(None);
        }
        if answer.is_some() {
            self.throwing = None;
        }
        match answer.take() {
            Some(Err(error)) if self.state == State::New => {
                self.state = State::Over;
                *answer = Some(Err(error));
                return Poll::Ready(None);
            }
            Some(Err(error)) => {
                self.throwing = Some(Box::new(Throwing::new(self.key(), error, false, false)));
            }
            value => *answer = value,
        }
        if self.throwing.is_some() {
            return self.poll_throwing(monitor, future, answer, cx);
        }
        // Whatever it waits for, `Throw` goes on; without an error it throws nothing.
        let ask = match answer.take() {
            Some(Ok(data)) if self.is_waiting(monitor) => Ask::AnswerOrGo(data),
            value => {
                *answer = value;
                Ask::Throw
            }
        };
        self.poll_inside(monitor, future, ask, answer, cx)
    }

    fn poll_throwing<Out, F: Future>(
        &mut self,
        monitor: &Monitor<Out, In>,
        mut future: Pin<&mut F>,
        answer: &mut Answer<In>,
        cx: &mut Context<'_>,
    ) -> Turned<Out, F::Output> {
        let (gate, key) = (monitor.gate(), self.key());
        let mut told = 0;
        let untaken = loop {
            let Some(throwing) = &mut self.throwing else { return Poll::Pending };
            let mut driven = Driven { future: future.as_mut(), state: &mut self.state, key };
            let thrown = match throwing.poll(gate, Pin::new(&mut driven), false, cx) {
                Poll::Ready(thrown) => thrown,
                Poll::Pending => {
                    self.state = State::Awaiting;
                    return Poll::Pending;
                }
            };
            match thrown {
                Thrown::Step(Step::Oob(item)) => {
                    // The `oob`s in the coroutine were told by the poll; those of other tasks are told here.
                    if let Some(stop) = throwing.stop().filter(|_| !throwing.is_held()) {
                        if told == MOST_TOLD {
                            break stop.share();
                        }
                        if tell_served(gate, key, stop.share()) {
                            told += 1;
                            throwing.call.ask = Ask::Throw;
                            continue;
                        }
                    }
                    self.state = State::Waiting;
                    self.throwing = None;
                    return Poll::Ready(Some(Step::Oob(item)));
                }
                Thrown::Step(done) => {
                    self.throwing = None;
                    return Poll::Ready(Some(done));
                }
                Thrown::Unseen(value, error) => {
                    self.throwing = None;
                    *answer = Some(Err(error));
                    return Poll::Ready(Some(Step::Done(value)));
                }
                Thrown::Untaken(error) => break error,
            }
        };
        self.state = State::Awaiting;
        self.end(monitor);
        *answer = Some(Err(untaken));
        Poll::Ready(None)
    }

    /// Ends it, wherever it is: its future is about to be dropped. Whoever waits for its owner gets an error.
    #[cold]
    #[inline(never)]
    pub(crate) fn end<Out>(&mut self, monitor: &Monitor<Out, In>) {
        if matches!(self.state, State::New | State::Over) {
            return;
        }
        self.state = State::Over;
        let (gate, key) = (monitor.gate(), self.key());
        give_up(gate, key);
        park(gate, key);
        forget(gate, key);
        self.throwing = None;
    }
}

/// A future that is driven: it is over, unless its driver knows better after the poll.
///
/// It is wider than a handle such as `Pin<Box<F>>`, which a monitor takes for one that may have moved.
struct Driven<'a, F> {
    future: Pin<&'a mut F>,
    state: &'a mut State,
    #[expect(dead_code, reason = "for its width")]
    key: usize,
}

impl<F: Future> Future for Driven<'_, F> {
    type Output = F::Output;

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        *self.state = State::Over;
        self.future.as_mut().poll(cx)
    }
}

/// Whether something waits for an answer in the name of this coroutine, which is not being driven.
fn is_asked<Out, In>(gate: &Gate<impl Turnstile<Slots<Out, In>>>, key: usize) -> bool {
    gate.update(|turn, slots| {
        let rest = slots.rest.borrow();
        let is_asked = match rest.records.get(&key) {
            Some(Record::Slot { out: None, answer: None } | Record::Letter(_)) => true,
            Some(Record::Slot { .. }) => false,
            None => rest.owed == Some(key) || turn == Turn::PAUSED && slots.driven.key() == key,
        };
        (turn, is_asked)
    })
}

/// The item that was served last came in a letter: its `oob` is told, as if the item had never been sent.
fn tell_served<Out, In>(gate: &Gate<impl Turnstile<Slots<Out, In>>>, key: usize, stop: Interrupt) -> bool {
    let told = gate.update(|turn, slots| {
        let rest = &mut *slots.rest.borrow_mut();
        let ticket = match rest.records.get(&key) {
            Some(Record::Letter(ticket)) if turn == Turn::PARKED => *ticket,
            _ => return (turn, None),
        };
        rest.records.remove(&key);
        let told = rest.reply(ticket, Sent::Thrown(stop));
        // The call goes on: it enters again.
        (Turn::PARKED, Some(told))
    });
    match told {
        Some(Ok(waits)) => {
            waits.waker.wake();
            true
        }
        // It is gone.
        Some(Err(_)) => true,
        None => false,
    }
}

/// Nobody is to be answered from the slots any more: what is left there goes to the records.
fn park<Out, In>(gate: &Gate<impl Turnstile<Slots<Out, In>>>, key: usize) {
    let unused = gate.update(|turn, slots| {
        if turn != Turn::PAUSED || slots.driven.key() != key {
            return (turn, None);
        }
        let rest = &mut *slots.rest.borrow_mut();
        (Turn::PARKED, slots.stash(turn, rest))
    });
    drop(unused);
}
