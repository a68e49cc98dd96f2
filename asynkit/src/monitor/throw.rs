//! The futures of the owner's calls that throw: [`Athrow`], [`Aclose`].

use super::{
    airlock::Airlock,
    call::{Ask, Call, Left, enter, finish, give_up, leave},
    futures::refuse,
    gate::Gate,
    slots::{Held, Sent, Slots},
    told::Offer,
    turnstile::{Turn, Turnstile},
    unwinding::{Replaced, Unwinding, inside, leave_there},
};
use crate::{
    error::{IgnoredClose, Interrupt, InterruptKind},
    scope::Delivery,
    step::Step,
    util::each::each,
};
use alloc::vec::Vec;
use core::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, Waker},
};

/// How a coroutine that a monitor owns is asked and dropped.
pub(super) struct Owned<C: ?Sized> {
    pub(super) is_new: fn(&C) -> bool,
    pub(super) is_finished: fn(&C) -> bool,
    pub(super) wake_leaves: fn(Pin<&mut C>),
    pub(super) drop: fn(Pin<&mut C>),
}

/// How a call that throws has ended.
pub(crate) enum Thrown<Out, T> {
    Step(Step<Out, T>),
    /// It returned without having been told.
    Unseen(T, Interrupt),
    /// Nobody took the error.
    Untaken(Interrupt),
}

/// A call that throws, until it ends.
pub(super) struct Throwing<In> {
    pub(super) call: Call<In>,
    offer: Offer,
    /// Not thrown yet: calls do nothing before they are polled.
    error: Option<Interrupt>,
    /// The error once more, where every leaf is told of it.
    stop: Option<Interrupt>,
    /// An item that the owner is not told of stays for its next call.
    keeps_item: bool,
    /// While it is suspended, it keeps others out until it is given up.
    is_owned: bool,
}

impl<In> Throwing<In> {
    /// For the coroutine that the monitor knows by `key`.
    pub(super) fn new(key: usize, error: Interrupt, keeps_item: bool, is_owned: bool) -> Self {
        let stop = if error.kind() == InterruptKind::Thrown { None } else { Some(error.share()) };
        let call = Call { ask: Ask::Throw, key };
        Throwing { call, offer: Offer::new(), error: Some(error), stop, keeps_item, is_owned }
    }

    /// The error, if it is a stop.
    pub(super) fn stop(&self) -> Option<&Interrupt> {
        self.stop.as_ref()
    }

    /// Whether a shield in the coroutine waits, and hides the error from what is in it.
    pub(super) fn is_held(&self) -> bool {
        self.offer.is_held()
    }

    /// `is_new`: the coroutine was never polled, and is to be dropped by its owner unpolled.
    #[track_caller]
    pub(super) fn poll<Out, C: Future + ?Sized>(
        &mut self,
        gate: &Gate<impl Turnstile<Slots<Out, In>>>,
        mut coroutine: Pin<&mut C>,
        is_new: bool,
        cx: &mut Context<'_>,
    ) -> Poll<Thrown<Out, C::Output>> {
        if let Err(misuse) = enter(gate, self.call.key, &mut self.call.ask, false, cx) {
            refuse(misuse);
        }
        if let Some(error) = self.error.take() {
            if is_new {
                finish(gate);
                return Poll::Ready(Thrown::Untaken(error));
            }
            self.offer.throw(error);
            inside(gate, || wake_letters(gate));
        }
        loop {
            let unwinding = Unwinding::new(gate);
            let delivery = if self.offer.is_thrown() {
                self.offer.poll(gate, coroutine.as_mut(), cx)
            } else {
                match coroutine.as_mut().poll(cx) {
                    Poll::Ready(value) => Delivery::Ready(value),
                    Poll::Pending => Delivery::Pending,
                }
            };
            mem::forget(unwinding);
            match delivery {
                Delivery::Ready(value) => {
                    self.call.ask = Ask::Entered;
                    finish(gate);
                    return Poll::Ready(Thrown::Step(Step::Done(value)));
                }
                Delivery::Unseen(value, error) => {
                    self.call.ask = Ask::Entered;
                    finish(gate);
                    return Poll::Ready(Thrown::Unseen(value, error));
                }
                Delivery::Root(error) => {
                    if let Some(error) = tell_letter(gate, error, cx) {
                        self.call.ask = Ask::Entered;
                        drop(leave_untold(gate, self.keeps_item));
                        return Poll::Ready(Thrown::Untaken(error));
                    }
                    if let Some(stop) = &self.stop {
                        self.offer.go_on_telling(stop.share());
                    }
                }
                Delivery::Pending => {}
            }
            match leave(gate, &mut self.call.ask, self.is_owned, cx) {
                Left::Item(item) => return Poll::Ready(Thrown::Step(Step::Oob(item))),
                Left::Suspended => return Poll::Pending,
                Left::Again => {}
                Left::Misuse(misuse) => refuse(misuse),
            }
        }
    }
}

type Answered<Out, T> = Result<Step<Out, T>, Interrupt>;

/// The same in a future.
struct ThrowingCall<'a, M: Airlock, C: ?Sized> {
    monitor: &'a M,
    coroutine: Pin<&'a mut C>,
    throwing: Throwing<M::In>,
    owned: Option<Owned<C>>,
}

impl<'a, M: Airlock, C: Future + ?Sized> ThrowingCall<'a, M, C> {
    fn new(monitor: &'a M, coroutine: Pin<&'a mut C>, error: Interrupt, keeps_item: bool) -> Self {
        let key = core::ptr::from_ref(&*coroutine).cast::<()>().addr();
        let throwing = Throwing::new(key, error, keeps_item, true);
        ThrowingCall { monitor, coroutine, throwing, owned: None }
    }

    #[track_caller]
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Answered<M::Out, C::Output>> {
        let mut is_new = false;
        if let Some(owned) = &self.owned {
            let error = &mut self.throwing.error;
            if let Some(error) = error.take_if(|_| (owned.is_finished)(&self.coroutine)) {
                return Poll::Ready(Err(error));
            }
            is_new = (owned.is_new)(&self.coroutine);
            if error.is_some() {
                (owned.wake_leaves)(self.coroutine.as_mut());
            }
        }
        let thrown = self.throwing.poll(self.monitor.gate(), self.coroutine.as_mut(), is_new, cx);
        thrown.map(|thrown| match thrown {
            Thrown::Step(step) => Ok(step),
            // A coroutine that returns has decided, whether it was told or not.
            Thrown::Unseen(value, _error) => Ok(Step::Done(value)),
            Thrown::Untaken(error) => {
                if let Some(owned) = &self.owned {
                    (owned.drop)(self.coroutine.as_mut());
                }
                Err(error)
            }
        })
    }
}

impl<M: Airlock, C: ?Sized> Drop for ThrowingCall<'_, M, C> {
    fn drop(&mut self) {
        let call = &self.throwing.call;
        if call.ask.is_suspended() {
            give_up(self.monitor.gate(), call.key);
        }
    }
}

/// A sub-executor polls the `oob`s under it only when their wakers were woken.
fn wake_letters<Out, In>(gate: &Gate<impl Turnstile<Slots<Out, In>>>) {
    let wakers: Vec<Waker> = gate.update(|turn, slots| {
        let rest = &mut *slots.rest.borrow_mut();
        (turn, rest.take_wakers())
    });
    each(wakers, Waker::wake);
}

/// Nobody inside took the error: the `oob` of another task that the owner has an item of is told, if there is one.
fn tell_letter<Out, In>(
    gate: &Gate<impl Turnstile<Slots<Out, In>>>,
    error: Interrupt,
    cx: &Context<'_>,
) -> Option<Interrupt> {
    let told = gate.update(|turn, slots| {
        let Held::Letter(ticket) = slots.held.get() else { return (turn, Err(Sent::Thrown(error))) };
        if turn != Turn::TAKEN {
            return (turn, Err(Sent::Thrown(error)));
        }
        let rest = &mut *slots.rest.borrow_mut();
        let told = rest.reply(ticket, Sent::Thrown(error));
        (if told.is_ok() { slots.free(rest, cx) } else { turn }, told)
    });
    match told {
        Ok(waits) => {
            inside(gate, || waits.waker.wake());
            None
        }
        Err(Sent::Thrown(error)) => Some(error),
        Err(_) => None,
    }
}

/// Leaves a coroutine that nobody took the error in.
fn leave_untold<Out, In>(
    gate: &Gate<impl Turnstile<Slots<Out, In>>>,
    keeps_item: bool,
) -> (Option<Out>, Replaced<Out, In>) {
    let untold = gate.update(|turn, slots| {
        if keeps_item || !turn.is_full() {
            return (turn, None);
        }
        let rest = &mut *slots.rest.borrow_mut();
        let out = slots.out.take();
        (slots.paused(rest), Some((out, (None, rest.owner.take()))))
    });
    untold.unwrap_or_else(|| (None, leave_there(gate)))
}

/// The future of `athrow`: throws, and drives the coroutine to its next `oob`, or to its end.
///
/// # Errors
/// The interrupt: nobody took it, and the coroutine is where it was; one that is bound has been dropped.
///
/// # Panics
/// At the line of the await, when the monitor is in use.
///
/// # Cancel safety
/// Not undone: what it has done before it is dropped stays done. Dropping it leaves the coroutine where it is; an
/// error that was not delivered yet is dropped.
///
/// # Examples
/// ```
/// use asynkit::{Monitor, Step};
/// use std::pin::pin;
///
/// # asynkit::await_sync(async {
/// let monitor: Monitor<u32> = Monitor::new();
/// let mut told = pin!(async { monitor.oob(1).await.is_err() });
/// monitor.aawait(told.as_mut()).await;
/// let step = monitor.athrow(told.as_mut(), "stop").await;
/// assert!(matches!(step, Ok(Step::Done(true))));
/// # }).unwrap();
/// ```
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Athrow<'a, M: Airlock, C: ?Sized>(ThrowingCall<'a, M, C>);

impl<'a, M: Airlock, C: Future + ?Sized> Athrow<'a, M, C> {
    pub(super) fn new(monitor: &'a M, coroutine: Pin<&'a mut C>, error: Interrupt) -> Self {
        Athrow(ThrowingCall::new(monitor, coroutine, error, true))
    }

    /// For a coroutine that is dropped at its root.
    pub(super) fn owned(mut self, key: usize, owned: Owned<C>) -> Self {
        (self.0.throwing.call.key, self.0.owned) = (key, Some(owned));
        self
    }
}

impl<M: Airlock, C: Future + ?Sized> Future for Athrow<'_, M, C> {
    type Output = Result<Step<M::Out, C::Output>, Interrupt>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll(cx)
    }
}

impl<M: Airlock, C: ?Sized> Unpin for Athrow<'_, M, C> {}

impl<M: Airlock, C: ?Sized> fmt::Debug for Athrow<'_, M, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Athrow").field("error", &self.0.throwing.error).finish_non_exhaustive()
    }
}

/// The future of `aclose`: throws [`Close`](crate::InterruptKind::Close), and awaits the clean-up.
///
/// Every interrupt point and `oob` that would wait is told, as long as the call lasts.
///
/// # Errors
/// [`IgnoredClose`]: the coroutine has sent another item, which is dropped, or it waits where nobody asked to be told
/// and is not bound. It lives on, unstopped.
///
/// # Panics
/// At the line of the await, when the monitor is in use.
///
/// # Cancel safety
/// Not undone: what it has done before it is dropped stays done. Dropping it ends the close: the coroutine stays
/// where it is, and is told no more.
///
/// # Examples
/// ```
/// use asynkit::Monitor;
/// use std::pin::pin;
///
/// # asynkit::await_sync(async {
/// let monitor: Monitor<u32> = Monitor::new();
/// let mut tidy = pin!(async { while monitor.oob(1).await.is_ok() {} });
/// monitor.aawait(tidy.as_mut()).await;
/// assert!(monitor.aclose(tidy.as_mut()).await.is_ok());
/// # }).unwrap();
/// ```
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Aclose<'a, M: Airlock, C: ?Sized>(ThrowingCall<'a, M, C>);

impl<'a, M: Airlock, C: Future + ?Sized> Aclose<'a, M, C> {
    pub(super) fn new(monitor: &'a M, coroutine: Pin<&'a mut C>) -> Self {
        Aclose(ThrowingCall::new(monitor, coroutine, Interrupt::close(), false))
    }

    /// For a coroutine that is dropped at its root.
    pub(super) fn owned(mut self, key: usize, owned: Owned<C>) -> Self {
        (self.0.throwing.call.key, self.0.owned) = (key, Some(owned));
        self
    }
}

impl<M: Airlock, C: Future + ?Sized> Future for Aclose<'_, M, C> {
    type Output = Result<(), IgnoredClose>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll(cx).map(|ended| match ended {
            Ok(Step::Done(_value)) => Ok(()),
            Ok(Step::Oob(_item)) => Err(IgnoredClose),
            Err(_close) if self.0.owned.is_some() => Ok(()),
            Err(_close) => Err(IgnoredClose),
        })
    }
}

impl<M: Airlock, C: ?Sized> Unpin for Aclose<'_, M, C> {}

impl<M: Airlock, C: ?Sized> fmt::Debug for Aclose<'_, M, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aclose").finish_non_exhaustive()
    }
}
