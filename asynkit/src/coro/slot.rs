//! [`Coro`]: a future in a slot.

use crate::{
    coro::{Aclose, Athrow, CoroState, CoroStatus, throw},
    error::{BoxError, Ignored, Interrupt, ThrowError},
    scope::{Delivery, Scope},
    waker::Place,
};
use core::{
    fmt,
    future::Future,
    mem,
    panic::Location,
    pin::Pin,
    task::{Context, Poll},
};
use pin_project_lite::pin_project;

pin_project! {
    /// A future in a slot: it knows its status, and can be thrown into, closed, and dropped in place.
    ///
    /// [`coro!`](crate::coro!) pins one on the stack, [`start!`](crate::start!) starts one there, `Box::pin` puts one on
    /// the heap. It is a future like any other: awaiting it, or driving it through a
    /// [`Monitor`](crate::Monitor), runs what is inside. It is a *scope*: errors can be thrown to it.
    ///
    /// # Panics
    /// Polling it after it has finished panics, also when it finished because it was closed.
    ///
    /// # Cancel safety
    /// As cancel safe as what it runs, which is dropped with it; nothing else is lost. A future that awaits it by
    /// reference loses nothing: the coroutine stays where it is.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{coro, coro_is_finished, coro_is_suspended};
    /// use std::{future::pending, pin::Pin, task::{Context, Waker}};
    ///
    /// coro!(let mut c = pending::<()>());
    /// let _ = Future::poll(c.as_mut(), &mut Context::from_waker(Waker::noop()));
    /// assert!(coro_is_suspended(&c));
    /// c.as_mut().close().unwrap(); // nobody asked to be told: dropped in place
    /// assert!(coro_is_finished(&c));
    /// ```
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Coro<F> {
        // `None`: returned or dropped
        #[pin]
        future: Option<F>,
        scope: Scope,
        status: CoroStatus,
        place: Place,
    }
}

impl<F: Future> Coro<F> {
    /// A new coroutine; [`coro!`](crate::coro!) pins one on the stack.
    ///
    /// # Examples
    /// ```
    /// let mut c = Box::pin(asynkit::Coro::new(async { 1 }));
    /// assert!(asynkit::coro_is_new(&c));
    /// assert_eq!(asynkit::await_sync(c.as_mut()).unwrap(), 1);
    /// ```
    pub const fn new(future: F) -> Self {
        Coro { future: Some(future), scope: Scope::new(), status: CoroStatus::New, place: Place::NOWHERE }
    }

    /// Throws [`Close`](crate::InterruptKind::Close) and polls once.
    ///
    /// A coroutine that nobody told (no interrupt point waits), or that was never polled, is dropped in place. One that
    /// was told may clean up as long as that needs no further wait; what it returns is dropped. Closing a finished
    /// coroutine does nothing.
    ///
    /// # Errors
    /// [`Ignored`]: it suspended again; it lives on, unstopped. [`aclose`](Self::aclose) would have waited for it.
    ///
    /// # Examples
    /// ```
    /// asynkit::coro!(let mut c = async { panic!("never runs") });
    /// c.as_mut().close().unwrap();
    /// ```
    pub fn close(self: Pin<&mut Self>) -> Result<(), Ignored> {
        match self.throw(Interrupt::close(), 1) {
            Err(ThrowError::Ignored) => Err(Ignored),
            Ok(_) | Err(ThrowError::Interrupted(_) | ThrowError::Finished(_)) => Ok(()),
        }
    }

    /// Throws [`Close`](crate::InterruptKind::Close) and awaits the clean-up.
    ///
    /// # Errors
    /// None: a `Coro` that nobody told is dropped in place. The `Result` is that of every `aclose`.
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. Dropping the future ends the close: the
    /// coroutine stays where it is and is told no more.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{InterruptExt as _, await_sync, coro};
    /// use std::future::pending;
    ///
    /// coro!(let mut c = async { pending::<()>().interruptible().await.is_err() });
    /// asynkit::await_sync(async {
    ///     c.as_mut().aclose().await.unwrap();
    /// }).unwrap();
    /// assert!(asynkit::coro_is_finished(&c));
    /// ```
    pub fn aclose(self: Pin<&mut Self>) -> Aclose<'_, F> {
        Aclose::new(self)
    }

    /// Throws `error` and polls, up to `tries` times as long as the coroutine takes it and suspends again.
    ///
    /// A coroutine that returns has decided: its value counts, told or not.
    ///
    /// # Errors
    /// See [`ThrowError`]. With more than one try the error is shared with the retries until the last one, so that
    /// [`Interrupt::into_error`] may give the interrupt back.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{InterruptExt as _, ThrowError};
    /// use std::future::pending;
    ///
    /// asynkit::coro!(let mut c = async { 1 });
    /// let Err(ThrowError::Interrupted(told)) = c.as_mut().throw("never started", 1) else { panic!() };
    /// assert_eq!(told.to_string(), "interrupted: never started");
    /// ```
    pub fn throw(
        self: Pin<&mut Self>,
        error: impl Into<BoxError>,
        tries: usize,
    ) -> Result<F::Output, ThrowError> {
        throw::throw(self, Interrupt::new(error), tries)
    }

    /// Throws `error` and awaits what the coroutine makes of it.
    ///
    /// # Errors
    /// The interrupt: nobody took it, the coroutine has been dropped or had finished before.
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. Dropping the future leaves the coroutine where
    /// it is; an error that was not delivered yet is dropped.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{InterruptExt as _, await_sync};
    /// use std::future::pending;
    ///
    /// asynkit::start!(let mut c = async { pending::<()>().interruptible().await.unwrap_err().to_string() });
    /// let text = await_sync(c.athrow("enough")).unwrap().unwrap();
    /// assert_eq!(text, "interrupted: enough");
    /// ```
    pub fn athrow(self: Pin<&mut Self>, error: impl Into<BoxError>) -> Athrow<'_, F> {
        Athrow::new(self, Interrupt::new(error))
    }

    /// Stores `error` for the next [`poll_thrown`](Self::poll_thrown); one that was never polled is dropped right now.
    pub(super) fn offer(self: Pin<&mut Self>, error: Interrupt) -> Result<(), Interrupt> {
        let mut this = self.project();
        if *this.status == CoroStatus::Suspended {
            this.scope.throw(error);
            return Ok(());
        }
        *this.status = CoroStatus::Finished;
        this.future.set(None);
        Err(error)
    }

    /// Ends it without a poll.
    pub(crate) fn drop_future(self: Pin<&mut Self>) {
        let mut this = self.project();
        *this.status = CoroStatus::Finished;
        this.future.set(None);
    }

    /// An error is about to be thrown through a monitor: the leaves under sub-executors have to be polled.
    pub(crate) fn wake_leaves(self: Pin<&mut Self>) {
        self.project().scope.wake_leaves();
    }

    /// The throwing call is over.
    pub(super) fn withdraw(self: Pin<&mut Self>) -> Option<Interrupt> {
        self.project().scope.withdraw()
    }

    /// One poll of a throwing call.
    pub(super) fn poll_thrown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Delivery<F::Output> {
        if !self.scope.is_thrown() {
            return match self.poll(cx) {
                Poll::Ready(value) => Delivery::Ready(value),
                Poll::Pending => Delivery::Pending,
            };
        }
        let mut this = self.project();
        let future = this.future.as_mut().as_pin_mut().expect("only a suspended coroutine is thrown into");
        let finish = Finish(this.status);
        Place::forget();
        let delivery = this.scope.poll_thrown(future, cx);
        if let Delivery::Pending = delivery {
            mem::forget(finish);
            *this.place = Place::noted();
        } else {
            drop(finish);
            this.future.set(None);
        }
        delivery
    }
}

impl<F: Future> Future for Coro<F> {
    type Output = F::Output;

    #[inline(always)]
    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else { finished() };
        *this.status = CoroStatus::Suspended;
        let finish = Finish(this.status);
        Place::forget();
        match this.scope.poll_outermost(future, cx) {
            Poll::Pending => {
                mem::forget(finish);
                *this.place = Place::noted();
                Poll::Pending
            }
            Poll::Ready(value) => {
                drop(finish);
                this.future.set(None);
                Poll::Ready(value)
            }
        }
    }
}

/// A coroutine that does not suspend again is finished, also one that panicked.
struct Finish<'a>(&'a mut CoroStatus);

impl Drop for Finish<'_> {
    #[inline]
    fn drop(&mut self) {
        *self.0 = CoroStatus::Finished;
    }
}

#[cold]
#[track_caller]
fn finished() -> ! {
    panic!("a `Coro` was polled after it had finished")
}

impl<F> CoroState for Coro<F> {
    fn status(&self) -> CoroStatus {
        self.status
    }

    fn frame(&self) -> Option<&'static Location<'static>> {
        if self.status == CoroStatus::Suspended { self.place.location() } else { None }
    }
}

impl<F> fmt::Debug for Coro<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Coro").field("status", &self.status).finish_non_exhaustive()
    }
}
