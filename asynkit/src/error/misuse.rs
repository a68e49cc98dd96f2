//! The errors of callers: a close that was ignored, an answer that nobody waits for.

use crate::error::Interrupt;
use core::{error::Error, fmt};

/// A sync `close` met a coroutine that suspended again.
///
/// The coroutine lives on, unstopped: it can be awaited, closed again, or dropped.
///
/// # Examples
/// ```
/// use asynkit::InterruptExt as _;
/// use std::future::pending;
///
/// asynkit::start!(let mut c = async {
///     let _told = pending::<()>().interruptible().await;
///     pending::<()>().await // the clean-up waits, a sync `close` cannot
/// });
/// assert_eq!(c.close().unwrap_err().to_string(), "the coroutine suspended again after it was told to close");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ignored;

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the coroutine suspended again after it was told to close")
    }
}

impl Error for Ignored {}

/// An `aclose` met a coroutine that did not end.
///
/// It answered with another item, or it waits where nobody asked to be told and is not ours to drop. The coroutine
/// lives on, unstopped.
///
/// # Examples
/// ```
/// use asynkit::{IgnoredClose, Monitor};
/// use std::pin::pin;
///
/// # asynkit::await_sync(async {
/// let monitor: Monitor<u32> = Monitor::new();
/// let deaf = pin!(std::future::pending::<()>());
/// let refused: Result<(), IgnoredClose> = monitor.aclose(deaf).await;
/// assert!(refused.is_err());
/// # }).unwrap();
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct IgnoredClose;

impl fmt::Display for IgnoredClose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the coroutine did not end when it was told to close")
    }
}

impl Error for IgnoredClose {}

/// An `oob` or `ayield` while nobody drives the coroutine: the source of the [`Interrupt`] that it resolves to.
///
/// # Examples
/// ```
/// use asynkit::{Monitor, NotActive};
/// use std::error::Error;
///
/// let monitor: Monitor<u32> = Monitor::new();
/// let error = asynkit::await_sync(monitor.oob(1)).unwrap().unwrap_err();
/// assert!(error.source().unwrap().is::<NotActive>());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotActive;

impl fmt::Display for NotActive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody is driving this coroutine through its monitor or generator")
    }
}

impl Error for NotActive {}

/// Why a `poll_asend` was refused; the coroutine was not polled, the data was not taken.
///
/// # Examples
/// ```
/// use asynkit::{Monitor, MonitorError};
/// use std::{pin::pin, task::{Context, Poll, Waker}};
///
/// let monitor: Monitor<&str, u32> = Monitor::new();
/// let mut coroutine = pin!(async { monitor.oob("size?").await });
/// let mut cx = Context::from_waker(Waker::noop());
/// let refused = monitor.poll_asend(coroutine.as_mut(), &mut Some(1), &mut cx);
/// assert!(matches!(refused, Poll::Ready(Err(MonitorError::NotWaiting))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MonitorError {
    /// Another call is in progress: further up this stack, on another thread, or suspended.
    Reentered,
    /// The coroutine waits at no `oob` of this monitor.
    NotWaiting,
    /// An `oob` of the coroutine waits, and the call has no answer for it.
    Unanswered,
}

impl fmt::Display for MonitorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MonitorError::Reentered => "the monitor is in use by another call: it cannot be re-entered",
            MonitorError::NotWaiting => {
                "the coroutine waits at no `oob` of this monitor (it is known by its address: start it, and pin or bind it before that)"
            }
            MonitorError::Unanswered => "an `oob` of the coroutine waits: answer it with `asend`",
        })
    }
}

impl Error for MonitorError {}

/// An `asend` to a generator that waits at no `ayield` (just started, or in a real await); the value comes back.
///
/// # Examples
/// ```
/// use asynkit::{AsyncGenerator, Co, NotWaiting, generator};
/// use std::pin::pin;
///
/// # asynkit::await_sync(async {
/// let mut echo = pin!(generator(async |mut co: Co<'_, u32, asynkit::generator::Plain<u32>>| {
///     co.ayield(1).await;
/// }));
/// assert!(matches!(echo.as_mut().asend(7).await, Err(NotWaiting(_))));
/// # }).unwrap();
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NotWaiting<V>(pub V);

impl<V> fmt::Debug for NotWaiting<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NotWaiting(..)")
    }
}

impl<V> fmt::Display for NotWaiting<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no `ayield` of the generator waits for the value")
    }
}

impl<V> Error for NotWaiting<V> {}

/// A `start` of a coroutine that ended without an `oob`; here is what it returned.
///
/// # Examples
/// ```
/// use asynkit::{Monitor, NoOob};
/// use std::pin::pin;
///
/// # asynkit::await_sync(async {
/// let monitor: Monitor<&str> = Monitor::new();
/// let silent = pin!(async { 7 });
/// assert!(matches!(monitor.start(silent).await, Err(NoOob(7))));
/// # }).unwrap();
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NoOob<T>(pub T);

impl<T> fmt::Debug for NoOob<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NoOob(..)")
    }
}

impl<T> fmt::Display for NoOob<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the coroutine ended without an `oob`")
    }
}

impl<T> Error for NoOob<T> {}

/// How a sync `throw` failed.
///
/// # Examples
/// ```
/// use asynkit::{ThrowError, start};
///
/// start!(let mut c = std::future::pending::<()>());
/// let error = c.throw("stop", 1).unwrap_err();
/// assert!(matches!(error, ThrowError::Interrupted(_)));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum ThrowError {
    /// Nobody took the error: the coroutine was dropped.
    Interrupted(Interrupt),
    /// The coroutine took it and suspended again, as often as it was tried; it lives on.
    Ignored,
    /// The coroutine had finished before; the error comes back.
    Finished(Interrupt),
}

impl fmt::Display for ThrowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ThrowError::Interrupted(_) => "nobody took the error: the coroutine was dropped",
            ThrowError::Ignored => "the coroutine took the error and suspended again",
            ThrowError::Finished(_) => "the coroutine had finished before the error was thrown",
        })
    }
}

impl Error for ThrowError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            ThrowError::Interrupted(interrupt) | ThrowError::Finished(interrupt) => Some(interrupt),
            ThrowError::Ignored => None,
        }
    }
}
