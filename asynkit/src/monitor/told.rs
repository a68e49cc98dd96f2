//! How an error finds the leaves in a coroutine: by its scope; or, without `std`, by the slots of the monitor.

#[cfg(feature = "std")]
pub(super) use by_scope::{Offer, is_quiet, note, told};
#[cfg(not(feature = "std"))]
pub(super) use by_slots::{Offer, is_quiet, note, told};

#[cfg(feature = "std")]
mod by_scope {
    use crate::{
        error::Interrupt,
        monitor::{gate::Gate, slots::Slots, turnstile::Turnstile},
        scope::{Delivery, Listener, Scope},
        waker::Place,
    };
    use core::{future::Future, pin::Pin, task::Context};

    /// Whether a leaf that waits need not ask.
    #[inline(always)]
    pub(crate) fn is_quiet(cx: &Context<'_>) -> bool {
        Listener::is_quiet(cx)
    }

    /// A leaf that need not ask waits now.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn note() {
        Place::note();
    }

    /// A leaf would wait now. `Some`: it drops what it waits for, and resolves to the error.
    #[track_caller]
    pub(crate) fn told<Out, In>(
        listener: &mut Listener,
        _gate: &Gate<impl Turnstile<Slots<Out, In>>>,
        cx: &Context<'_>,
    ) -> Option<Interrupt> {
        listener.listen(cx)
    }

    /// What a call has thrown.
    pub(crate) struct Offer(Scope);

    impl Offer {
        pub(crate) const fn new() -> Self {
            Offer(Scope::new())
        }

        pub(crate) fn throw(&mut self, error: Interrupt) {
            self.0.throw(error);
        }

        /// A leaf that no poll reaches was told of the stop; it stays on offer to the others.
        pub(crate) fn go_on_telling(&mut self, stop: Interrupt) {
            self.0.throw(stop);
            drop(self.0.tell());
        }

        pub(crate) fn is_thrown(&self) -> bool {
            self.0.is_thrown()
        }

        pub(crate) fn is_held(&self) -> bool {
            self.0.is_held()
        }

        /// Polls with the error on offer.
        pub(crate) fn poll<Out, In, C: Future + ?Sized>(
            &mut self,
            _gate: &Gate<impl Turnstile<Slots<Out, In>>>,
            coroutine: Pin<&mut C>,
            cx: &mut Context<'_>,
        ) -> Delivery<C::Output> {
            self.0.poll_thrown(coroutine, cx)
        }
    }
}

#[cfg(not(feature = "std"))]
mod by_slots {
    use crate::{
        error::{Interrupt, InterruptKind},
        monitor::{
            gate::Gate,
            slots::{Held, Slots},
            turnstile::{Turn, Turnstile},
        },
        scope::{Delivery, Listener},
    };
    use core::{
        future::Future,
        marker::PhantomData,
        pin::Pin,
        task::{Context, Poll},
    };

    /// How often one stop is told in one poll, before a loop that swallows it is cut off.
    const MOST_TOLD: u32 = 1000;

    /// An error is on offer only while the turn is not `FREE`.
    #[inline(always)]
    pub(crate) fn is_quiet(_cx: &Context<'_>) -> bool {
        true
    }

    /// There is nobody to tell.
    #[inline(always)]
    pub(crate) fn note() {}

    pub(crate) fn told<Out, In>(
        _listener: &mut Listener,
        gate: &Gate<impl Turnstile<Slots<Out, In>>>,
        _cx: &Context<'_>,
    ) -> Option<Interrupt> {
        gate.update(|turn, slots| {
            let Some((error, told)) = slots.offer.take() else { return (turn, None) };
            if error.kind() == InterruptKind::Thrown {
                return (turn, Some(error));
            }
            let is_told = told <= MOST_TOLD;
            slots.offer.set(Some((error, told + u32::from(is_told))));
            // Without `std` the only stop is `Close`, which carries no error of its own.
            (turn, is_told.then(Interrupt::close))
        })
    }

    /// What a call has thrown.
    pub(crate) struct Offer {
        thrown: Option<Interrupt>,
        is_told: bool,
    }

    impl Offer {
        pub(crate) const fn new() -> Self {
            Offer { thrown: None, is_told: false }
        }

        pub(crate) fn throw(&mut self, error: Interrupt) {
            self.thrown = Some(error);
        }

        /// A leaf that no poll reaches was told of the stop; it stays on offer to the others.
        pub(crate) fn go_on_telling(&mut self, stop: Interrupt) {
            (self.thrown, self.is_told) = (Some(stop), true);
        }

        pub(crate) fn is_thrown(&self) -> bool {
            self.thrown.is_some()
        }

        /// There are no shields without `std`.
        #[expect(clippy::unused_self, reason = "the interface that both have")]
        pub(crate) fn is_held(&self) -> bool {
            false
        }

        /// Polls with the error on offer.
        pub(crate) fn poll<Out, In, C: Future + ?Sized>(
            &mut self,
            gate: &Gate<impl Turnstile<Slots<Out, In>>>,
            coroutine: Pin<&mut C>,
            cx: &mut Context<'_>,
        ) -> Delivery<C::Output> {
            let offer = self.thrown.take().map(|error| (error, 0));
            let is_stop = offer.as_ref().is_some_and(|(error, _)| error.kind() != InterruptKind::Thrown);
            let _none = gate.update(|turn, slots| {
                let turn = match turn {
                    turn if turn.is_free() => slots.hold(Held::Queue),
                    // Who has read it is to be told by what it awaits next.
                    turn if turn.is_answered() => Turn::ANSWERED,
                    turn => turn,
                };
                (turn, slots.offer.replace(offer))
            });
            let close = CloseOffer(gate, PhantomData);
            let polled = coroutine.poll(cx);
            let left = close.take();
            self.is_told |= left.as_ref().is_none_or(|(_, told)| *told > 0);
            match (polled, left) {
                (Poll::Ready(value), Some((error, _))) if !self.is_told => Delivery::Unseen(value, error),
                (Poll::Ready(value), _) => Delivery::Ready(value),
                (Poll::Pending, Some((error, told))) if !self.is_told || told > MOST_TOLD => {
                    Delivery::Root(error)
                }
                (Poll::Pending, left) => {
                    self.thrown = left.filter(|_| is_stop).map(|(error, _)| error);
                    Delivery::Pending
                }
            }
        }
    }

    /// Takes the error off offer, also when the coroutine panics.
    struct CloseOffer<'a, Out, In, T: Turnstile<Slots<Out, In>>>(&'a Gate<T>, PhantomData<(Out, In)>);

    impl<Out, In, T: Turnstile<Slots<Out, In>>> CloseOffer<'_, Out, In, T> {
        fn take(&self) -> Option<(Interrupt, u32)> {
            self.0.update(|turn, slots| (turn, slots.offer.take()))
        }
    }

    impl<Out, In, T: Turnstile<Slots<Out, In>>> Drop for CloseOffer<'_, Out, In, T> {
        fn drop(&mut self) {
            drop(self.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::LocalMonitor;
    use core::{
        future::{Future, poll_fn},
        pin::pin,
        task::{Context, Poll, Waker},
    };

    #[test]
    fn who_has_read_an_answer_is_told_of_the_error_by_what_it_awaits_next() {
        let m = LocalMonitor::<u8, u8>::new();
        let cx = &mut Context::from_waker(Waker::noop());
        let (mut first, mut second) = (pin!(m.oob(1)), pin!(m.oob(2)));
        let mut polls = 0;
        let mut c = pin!(poll_fn(|cx| {
            polls += 1;
            match polls {
                1 => first.as_mut().poll(cx).map(|_| None),
                2 => Poll::Pending,
                _ => match first.as_mut().poll(cx) {
                    Poll::Ready(answer) => second.as_mut().poll(cx).map(|told| Some((answer.unwrap(), told))),
                    Poll::Pending => Poll::Pending,
                },
            }
        }));
        assert!(matches!(pin!(m.start(c.as_mut())).poll(cx), Poll::Ready(Ok(1))));
        assert!(pin!(m.asend(c.as_mut(), 10)).poll(cx).is_pending());
        let Poll::Ready(Ok(step)) = pin!(m.athrow(c.as_mut(), "thrown")).poll(cx) else {
            panic!("it is told")
        };
        let (answer, told) = step.done().flatten().expect("it returns");
        assert_eq!(answer, 10);
        assert!(told.is_err());
    }
}
