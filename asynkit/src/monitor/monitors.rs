//! [`Monitor`] and [`LocalMonitor`].

use super::{
    Aclose, Airlock, Asend, Athrow, BoundMonitor, Oob, Start, TryAwait,
    airlock::Sealed,
    call::Ask,
    futures::poll_asend,
    gate::Gate,
    shared::SharedTurnstile,
    slots::Slots,
    turnstile::{LocalTurnstile, Turn},
};
use crate::{
    error::{BoxError, Interrupt, MonitorError},
    step::Step,
};
use core::{
    fmt,
    future::Future,
    panic::{RefUnwindSafe, UnwindSafe},
    pin::Pin,
    task::{Context, Poll},
};

/// The airlock between a coroutine and its owner, for `Send` futures and for several threads.
///
/// `Out` is what the coroutine sends, `In` what it is answered. The [module](crate::monitor) tells how to use it.
///
/// Entering it is a compare-exchange, and so is each passage of a message. Without contention nobody waits; a thread
/// that comes while another one is moving a message waits for these few instructions.
///
/// # Misuse
/// Like a `RefCell` it panics, at the caller's line, and nothing is harmed: the monitor, the coroutine and the data are
/// as they were. [`poll_asend`](Self::poll_asend) says the same by [`MonitorError`].
///
/// # Dropping and leaking
/// A monitor has no destructor of its own, so that messages may borrow from what was declared after it. The future of a
/// call that is leaked while it is suspended leaves its coroutine in progress: only that one can be driven on.
///
/// # Examples
/// ```
/// use asynkit::{Monitor, Step};
/// use std::pin::pin;
///
/// static ASK: Monitor<&str, u32> = Monitor::new();
///
/// # asynkit::await_sync(async {
/// let mut c = pin!(async { ASK.oob("port?").await.unwrap_or(80) });
/// assert_eq!(ASK.start(c.as_mut()).await, Ok("port?"));
/// assert_eq!(ASK.asend(c.as_mut(), 8080).await, Step::Done(8080));
/// # }).unwrap();
/// ```
pub struct Monitor<Out, In = ()> {
    gate: Gate<SharedTurnstile<Slots<Out, In>>>,
}

/// The airlock between a coroutine and its owner, on one thread; messages need not be `Send`.
///
/// All else is as with [`Monitor`].
///
/// # Examples
/// ```
/// use asynkit::{LocalMonitor, Step};
/// use std::{pin::pin, rc::Rc};
///
/// # asynkit::await_sync(async {
/// let m = LocalMonitor::<Rc<str>, usize>::new();
/// let mut c = pin!(async { m.oob("abc".into()).await.unwrap() });
/// let word = m.start(c.as_mut()).await.unwrap();
/// assert_eq!(m.asend(c.as_mut(), word.len()).await, Step::Done(3));
/// # }).unwrap();
/// ```
pub struct LocalMonitor<Out, In = ()> {
    gate: Gate<LocalTurnstile<Slots<Out, In>>>,
}

macro_rules! monitor {
    ($Monitor:ident, $Turnstile:ident, $name:literal) => {
        impl<Out, In> $Monitor<Out, In> {
            /// A monitor that nothing passes through yet.
            ///
            /// # Examples
            /// ```
            #[doc = concat!("let m = asynkit::", $name, "::<u8>::new();")]
            /// assert!(!m.is_active());
            /// ```
            pub const fn new() -> Self {
                $Monitor { gate: Gate::<$Turnstile<Slots<Out, In>>>::new() }
            }

            /// Whether a call is in progress, be it that its coroutine is being polled, or that it is suspended.
            ///
            /// # Examples
            /// ```
            /// # asynkit::await_sync(async {
            #[doc = concat!("let m = asynkit::", $name, "::<u8>::new();")]
            /// let mut c = std::pin::pin!(async { m.is_active() });
            /// assert_eq!(m.try_await(c.as_mut(), ()).await, Some(true));
            /// assert!(!m.is_active());
            /// # }).unwrap();
            /// ```
            pub fn is_active(&self) -> bool {
                let turn = self.gate.turn();
                turn != Turn::IDLE && turn != Turn::PAUSED && turn != Turn::PARKED
            }

            /// Inside the coroutine: sends `out` to the owner, and waits for the answer.
            ///
            /// # Errors
            /// The [`Interrupt`] that the owner throws, or one whose source is [`NotActive`](crate::NotActive), when
            /// nobody drives the coroutine.
            ///
            /// # Cancel safety
            /// Not undone: what it has done before it is dropped stays done. See [`Oob`] for what that is.
            ///
            /// # Examples
            /// ```
            /// use asynkit::NotActive;
            ///
            #[doc = concat!("let m = asynkit::", $name, "::<u8>::new();")]
            /// let alone = asynkit::await_sync(async { m.oob(1).await }).unwrap();
            /// assert!(alone.unwrap_err().is::<NotActive>());
            /// ```
            #[inline(always)]
            pub fn oob(&self, out: Out) -> Oob<'_, Self> {
                Oob::new(self, out)
            }

            /// Drives a coroutine to its next `oob`, or to its end; one that waits at an `oob` is answered by the default.
            ///
            /// It also starts a new coroutine, and goes on with one whose call was dropped.
            ///
            /// # Cancel safety
            /// Not undone: what it has done before it is dropped stays done. See [`Asend`].
            ///
            /// # Examples
            /// ```
            /// use asynkit::Step;
            ///
            /// # asynkit::await_sync(async {
            #[doc = concat!("let m = asynkit::", $name, "::<u8>::new();")]
            /// let mut c = std::pin::pin!(async {
            ///     m.oob(1).await.unwrap();
            ///     m.oob(2).await.unwrap();
            /// });
            /// let mut sum = 0;
            /// while let Step::Oob(n) = m.aawait(c.as_mut()).await {
            ///     sum += n;
            /// }
            /// assert_eq!(sum, 3);
            /// # }).unwrap();
            /// ```
            #[inline(always)]
            pub fn aawait<'a, C: Future + ?Sized>(&'a self, coroutine: Pin<&'a mut C>) -> Asend<'a, Self, C>
            where
                In: Default,
            {
                Asend::new(self, coroutine, Ask::AnswerOrGo(In::default()))
            }

            /// Answers the `oob` that a coroutine waits at, and drives it to the next one, or to its end.
            ///
            /// # Panics
            /// When awaited, if it waits at no `oob` of this monitor: it is new, has ended, or waits for something else.
            ///
            /// # Examples
            /// ```
            /// use asynkit::Step;
            ///
            /// # asynkit::await_sync(async {
            #[doc = concat!("let m = asynkit::", $name, "::<u8, u8>::new();")]
            /// let mut c = std::pin::pin!(async { m.oob(1).await.unwrap() + 1 });
            /// assert_eq!(m.start(c.as_mut()).await, Ok(1));
            /// assert_eq!(m.asend(c.as_mut(), 10).await, Step::Done(11));
            /// # }).unwrap();
            /// ```
            #[doc(alias = "send")]
            #[inline(always)]
            pub fn asend<'a, C: Future + ?Sized>(
                &'a self,
                coroutine: Pin<&'a mut C>,
                data: In,
            ) -> Asend<'a, Self, C> {
                Asend::new(self, coroutine, Ask::Answer(data))
            }

            /// Goes on with a coroutine whose call was dropped.
            ///
            /// # Panics
            /// When awaited, if it waits at an `oob`, which has to be answered.
            ///
            /// # Cancel safety
            /// Cancel safe: dropped at any poll, it loses nothing. The coroutine stays where it is; call it again to
            /// go on.
            ///
            /// # Examples
            /// ```
            /// use asynkit::Step;
            /// use std::{cell::Cell, future::poll_fn, task::{Context, Poll, Waker}};
            ///
            /// # asynkit::await_sync(async {
            #[doc = concat!("let m = asynkit::", $name, "::<u8, u8>::new();")]
            /// let ready = Cell::new(false);
            /// let mut c = std::pin::pin!(async {
            ///     let n = m.oob(1).await.unwrap();
            ///     poll_fn(|_| if ready.get() { Poll::Ready(()) } else { Poll::Pending }).await;
            ///     n
            /// });
            /// m.start(c.as_mut()).await.unwrap();
            /// {
            ///     let mut call = m.asend(c.as_mut(), 5);
            ///     assert!(Future::poll(std::pin::pin!(&mut call), &mut Context::from_waker(Waker::noop())).is_pending());
            /// }
            /// ready.set(true);
            /// assert_eq!(m.resume(c.as_mut()).await, Step::Done(5));
            /// # }).unwrap();
            /// ```
            pub fn resume<'a, C: Future + ?Sized>(&'a self, coroutine: Pin<&'a mut C>) -> Asend<'a, Self, C> {
                Asend::new(self, coroutine, Ask::Go)
            }

            /// Throws `error` into a coroutine, and drives it to its next `oob`, or to its end.
            ///
            /// The `oob` that it waits at, or the interrupt point, resolves to the error.
            ///
            /// # Errors
            /// See [`Athrow`]. An error that nobody took comes back, and the coroutine is where it was. That is so with a
            /// bare future that is new, too, but for what it does up to its first `oob`; [`bind`](Self::bind) one that
            /// has to be dropped unpolled.
            ///
            /// # Examples
            /// ```
            /// use asynkit::Step;
            ///
            /// # asynkit::await_sync(async {
            #[doc = concat!("let m = asynkit::", $name, "::<u8>::new();")]
            /// let mut c = std::pin::pin!(async { m.oob(1).await.unwrap_err().to_string() });
            /// m.start(c.as_mut()).await.unwrap();
            /// let step = m.athrow(c.as_mut(), "enough").await.unwrap();
            /// assert_eq!(step, Step::Done("interrupted: enough".into()));
            /// # }).unwrap();
            /// ```
            pub fn athrow<'a, C: Future + ?Sized>(
                &'a self,
                coroutine: Pin<&'a mut C>,
                error: impl Into<BoxError>,
            ) -> Athrow<'a, Self, C> {
                Athrow::new(self, coroutine, Interrupt::new(error))
            }

            /// Throws [`Close`](crate::InterruptKind::Close) into a coroutine, and awaits its clean-up.
            ///
            /// # Errors
            /// See [`Aclose`].
            ///
            /// # Examples
            /// ```
            /// # asynkit::await_sync(async {
            #[doc = concat!("let m = asynkit::", $name, "::<u8>::new();")]
            /// let mut c = std::pin::pin!(async { while m.oob(1).await.is_ok() {} });
            /// m.start(c.as_mut()).await.unwrap();
            /// m.aclose(c.as_mut()).await.unwrap();
            /// # }).unwrap();
            /// ```
            pub fn aclose<'a, C: Future + ?Sized>(
                &'a self,
                coroutine: Pin<&'a mut C>,
            ) -> Aclose<'a, Self, C> {
                Aclose::new(self, coroutine)
            }

            /// Drives a new coroutine to its first `oob`, whatever the type of the answer.
            ///
            /// # Errors
            /// [`NoOob`](crate::NoOob) with its value, when it returned instead.
            ///
            /// # Examples
            /// ```
            /// # asynkit::await_sync(async {
            #[doc = concat!("let m = asynkit::", $name, "::<&str, u8>::new();")]
            /// let mut c = std::pin::pin!(async { m.oob("first").await });
            /// assert_eq!(m.start(c.as_mut()).await.unwrap(), "first");
            /// # }).unwrap();
            /// ```
            pub fn start<'a, C: Future + ?Sized>(&'a self, coroutine: Pin<&'a mut C>) -> Start<'a, Self, C> {
                Start::new(Asend::new(self, coroutine, Ask::Start))
            }

            /// Drives a coroutine to its end, answering by `data` if it waits at an `oob`; `None`: it sent an item instead.
            ///
            /// The item is dropped, and the coroutine waits for its answer.
            ///
            /// # Cancel safety
            /// Not undone: what it has done before it is dropped stays done. See [`Asend`].
            ///
            /// # Examples
            /// ```
            /// # asynkit::await_sync(async {
            #[doc = concat!("let m = asynkit::", $name, "::<&str, u8>::new();")]
            /// let mut c = std::pin::pin!(async { m.oob("more").await.unwrap() });
            /// assert_eq!(m.try_await(c.as_mut(), 1).await, None);
            /// assert_eq!(m.try_await(c.as_mut(), 2).await, Some(2));
            /// # }).unwrap();
            /// ```
            pub fn try_await<'a, C: Future + ?Sized>(
                &'a self,
                coroutine: Pin<&'a mut C>,
                data: In,
            ) -> TryAwait<'a, Self, C> {
                TryAwait::new(Asend::new(self, coroutine, Ask::AnswerOrGo(data)))
            }

            /// `asend` (or `resume`, where `data` is `None`) for futures that are written by hand.
            ///
            /// Data that was not taken stays in the `Option`. A call that was left suspended keeps nobody out.
            ///
            /// # Errors
            /// [`MonitorError`]: nothing was taken, and monitor and coroutine are as they were.
            ///
            /// # Examples
            /// ```
            /// use asynkit::MonitorError;
            /// use std::{future::poll_fn, task::Poll};
            ///
            /// # asynkit::await_sync(async {
            #[doc = concat!("let m = asynkit::", $name, "::<u8, u8>::new();")]
            /// let mut c = std::pin::pin!(async { m.oob(1).await.unwrap() });
            /// let mut data = Some(7);
            /// let early = poll_fn(|cx| m.poll_asend(c.as_mut(), &mut data, cx)).await;
            /// assert_eq!((early, data), (Err(MonitorError::NotWaiting), Some(7)));
            /// # }).unwrap();
            /// ```
            #[inline]
            pub fn poll_asend<C: Future + ?Sized>(
                &self,
                coroutine: Pin<&mut C>,
                data: &mut Option<In>,
                cx: &mut Context<'_>,
            ) -> Poll<Result<Step<Out, C::Output>, MonitorError>> {
                poll_asend(&self.gate, coroutine, None, data, cx)
            }
        }

        impl<Out, In> $Monitor<Out, In> {
            /// Ties a coroutine to this monitor: the two in one value that may move.
            ///
            /// # Examples
            /// ```
            /// use asynkit::Step;
            ///
            /// # asynkit::await_sync(async {
            #[doc = concat!("let m = asynkit::", $name, "::<u8>::new();")]
            /// let mut bound = m.bind(Box::pin(async { m.oob(1).await.is_ok() }));
            /// assert_eq!(bound.aawait().await, Step::Oob(1));
            /// # }).unwrap();
            /// ```
            pub fn bind<C: Future + Unpin>(&self, coroutine: C) -> BoundMonitor<&Self, C> {
                BoundMonitor::new(self, coroutine)
            }
        }

        impl<Out, In> Default for $Monitor<Out, In> {
            fn default() -> Self {
                Self::new()
            }
        }

        impl<Out, In> fmt::Debug for $Monitor<Out, In> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($Monitor))
                    .field("is_active", &self.is_active())
                    .finish_non_exhaustive()
            }
        }

        // A panic passes through it without leaving anything half done.
        impl<Out, In> UnwindSafe for $Monitor<Out, In> {}
        impl<Out, In> RefUnwindSafe for $Monitor<Out, In> {}

        impl<Out, In> Airlock for $Monitor<Out, In> {
            type Out = Out;
            type In = In;
        }

        impl<Out, In> Sealed<Out, In> for $Monitor<Out, In> {
            type Turnstile = $Turnstile<Slots<Out, In>>;

            #[inline(always)]
            fn gate(&self) -> &Gate<Self::Turnstile> {
                &self.gate
            }
        }
    };
}

monitor!(Monitor, SharedTurnstile, "Monitor");
monitor!(LocalMonitor, LocalTurnstile, "LocalMonitor");
