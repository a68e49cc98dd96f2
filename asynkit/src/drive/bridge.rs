//! Drives that ask a callback what to do at each suspension: [`coro_drive`], [`drive_async`].

use crate::{
    error::Interrupt,
    scope::{Delivery, Scope},
    waker::{Drive, IDLE},
};
use core::{
    future::IntoFuture,
    pin::pin,
    task::{Context, Poll},
};

/// Drives a future to its end, with a callback at each suspension.
///
/// While the future is pending, `on_suspend` is called and the future is polled again: the callback makes the progress
/// that the future waits for (turns an event loop, reads a socket, sleeps). It is called for null sleeps
/// (`yield_now`) too; wakes are not listened to. An `Err` is thrown into the future: the
/// [interrupt point](crate::InterruptExt::interruptible) that waits takes it, and the future goes on; where none
/// waits, the future is dropped.
///
/// The future does not count as being in a sync drive ([`in_sync_drive`](super::in_sync_drive)): for that, see
/// [`drive_async`].
///
/// # Errors
/// The callback's interrupt, if nobody in the future took it. A future that returns has decided: its value counts,
/// whatever was thrown.
///
/// # Examples
/// ```
/// use asynkit::{Interrupt, InterruptExt as _, coro_drive};
/// use std::{cell::Cell, future::poll_fn, task::Poll};
///
/// let inbox = Cell::new(None);
/// let receive = || poll_fn(|_| inbox.take().map_or(Poll::Pending, Poll::Ready));
///
/// let fill = || {
///     inbox.set(Some(21));
///     Ok(())
/// };
/// assert_eq!(coro_drive(async { receive().await + receive().await }, fill)?, 42);
///
/// // what the callback throws can be handled inside
/// let asks = async { receive().interruptible().await.map_err(|told| told.to_string()) };
/// let answer = coro_drive(asks, || Err(Interrupt::new("no mail today")))?;
/// assert_eq!(answer.unwrap_err(), "interrupted: no mail today");
/// # Ok::<(), Interrupt>(())
/// ```
pub fn coro_drive<F: IntoFuture>(
    future: F,
    mut on_suspend: impl FnMut() -> Result<(), Interrupt>,
) -> Result<F::Output, Interrupt> {
    let mut future = pin!(future.into_future());
    let mut scope = Scope::new();
    let mut cx = Context::from_waker(IDLE);
    loop {
        if scope.is_thrown() {
            match scope.poll_thrown(future.as_mut(), &mut cx) {
                Delivery::Ready(value) | Delivery::Unseen(value, _) => return Ok(value),
                Delivery::Root(error) => return Err(error),
                Delivery::Pending => {}
            }
        } else if let Poll::Ready(value) = scope.poll(future.as_mut(), &mut cx) {
            return Ok(value);
        }
        if let Err(error) = on_suspend() {
            scope.throw(error);
        }
    }
}

/// Drives a future as [`coro_drive`] does, inside a sync drive: [`in_sync_drive`](super::in_sync_drive) is `true`.
///
/// # Errors
/// As [`coro_drive`].
///
/// # Examples
/// ```
/// use asynkit::{drive_async, in_sync_drive};
/// use smol::future::yield_now;
///
/// let mut suspensions = 0;
/// let future = async {
///     yield_now().await;
///     in_sync_drive()
/// };
/// assert!(drive_async(future, || Ok(suspensions += 1))?);
/// assert_eq!(suspensions, 1);
/// # Ok::<(), asynkit::Interrupt>(())
/// ```
pub fn drive_async<F: IntoFuture>(
    future: F,
    on_suspend: impl FnMut() -> Result<(), Interrupt>,
) -> Result<F::Output, Interrupt> {
    let _drive = Drive::enter();
    coro_drive(future, on_suspend)
}
