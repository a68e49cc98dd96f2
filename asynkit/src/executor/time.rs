//! [`sleep`], [`sleep_until`], [`yield_now`].

use crate::engine::{self, TimerKey};
#[cfg(feature = "tokio")]
use alloc::boxed::Box;
use async_io::Timer;
use core::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use std::time::Instant;

/// Waits for `duration`, which begins now; for ever, if that is later than clocks can tell.
///
/// Deadlines are cheap: an executor keeps its own, and arms one timer of the reactor for the earliest.
///
/// # Cancel safety
/// Cancel safe: dropped at any poll, it loses nothing. Dropping it forgets the deadline.
///
/// # Examples
/// ```
/// use asynkit::{Executor, sleep};
/// use std::time::{Duration, Instant};
///
/// let start = Instant::now();
/// Executor::run(sleep(Duration::from_millis(5)));
/// assert!(start.elapsed() >= Duration::from_millis(5));
/// ```
pub fn sleep(duration: Duration) -> Sleep {
    Sleep { deadline: Instant::now().checked_add(duration), wait: Wait::Idle }
}

/// Waits until `deadline`.
///
/// # Cancel safety
/// Cancel safe: dropped at any poll, it loses nothing. Dropping it forgets the deadline.
///
/// # Examples
/// ```
/// use asynkit::{Executor, executor::sleep_until};
/// use std::time::Instant;
///
/// Executor::run(sleep_until(Instant::now())); // has passed already
/// ```
pub const fn sleep_until(deadline: Instant) -> Sleep {
    Sleep { deadline: Some(deadline), wait: Wait::Idle }
}

/// Lets the other tasks that are ready go first.
///
/// # Cancel safety
/// Cancel safe: dropped at any poll, it loses nothing. Its task has its turn all the same.
///
/// # Examples
/// ```
/// use asynkit::{Executor, spawn, yield_now};
///
/// Executor::run(async {
///     let task = spawn(async {});
///     yield_now().await;
///     assert!(task.is_finished());
/// });
/// ```
pub const fn yield_now() -> YieldNow {
    YieldNow(false)
}

/// The future of [`sleep`] and [`sleep_until`].
///
/// It works on other executors, too: inside of a tokio runtime it is a timer of tokio's with the feature `tokio` (timers
/// have to be enabled there), elsewhere one of the reactor.
///
/// # Examples
/// ```
/// use asynkit::{Executor, sleep};
/// use std::time::Duration;
///
/// let nap = sleep(Duration::from_millis(1));
/// Executor::run(nap);
/// ```
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Sleep {
    /// `None`: never.
    deadline: Option<Instant>,
    wait: Wait,
}

enum Wait {
    Idle,
    /// With an executor of ours.
    Ours {
        executor: u32,
        key: TimerKey,
    },
    Reactor(Timer),
    #[cfg(feature = "tokio")]
    Tokio(Pin<Box<tokio::time::Sleep>>),
}

impl Wait {
    /// A timer of whoever has one here.
    fn elsewhere(deadline: Instant) -> Self {
        #[cfg(feature = "tokio")]
        if tokio::runtime::Handle::try_current().is_ok() {
            return Wait::Tokio(Box::pin(tokio::time::sleep_until(deadline.into())));
        }
        Wait::Reactor(Timer::at(deadline))
    }

    /// `None`: it is with an executor of ours, with a runtime that the caller is not in, or nowhere yet.
    fn poll(&mut self, cx: &mut Context<'_>) -> Option<Poll<()>> {
        match self {
            Wait::Reactor(timer) => Some(Pin::new(timer).poll(cx).map(|_| ())),
            #[cfg(feature = "tokio")]
            Wait::Tokio(timer) if tokio::runtime::Handle::try_current().is_ok() => {
                Some(timer.as_mut().poll(cx))
            }
            _ => None,
        }
    }
}

impl Sleep {
    /// When it ends; `None`: never.
    ///
    /// # Examples
    /// ```
    /// use asynkit::sleep_until;
    /// use std::time::Instant;
    ///
    /// let now = Instant::now();
    /// assert_eq!(sleep_until(now).deadline(), Some(now));
    /// ```
    pub const fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    fn forget(&mut self) {
        if let Wait::Ours { executor, key } = mem::replace(&mut self.wait, Wait::Idle) {
            // Away from home the executor forgets it when the time has come.
            if let Some(shared) = engine::find(executor) {
                shared.remove_timer(key);
            }
        }
    }

    /// Whether the executor that runs here has its deadline, so that there is no need to look at the clock.
    fn is_pending(&self, cx: &Context<'_>) -> bool {
        let Wait::Ours { executor, key } = self.wait else { return false };
        engine::with_current(|shared| {
            shared.is_some_and(|shared| executor == shared.number && shared.set_timer(key, cx.waker()))
        })
    }

    fn wait(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(shared) = engine::current() {
            self.forget();
            let key = shared.add_timer(deadline, cx.waker());
            self.wait = Wait::Ours { executor: shared.number, key };
            return Poll::Pending;
        }
        if let Some(polled) = self.wait.poll(cx) {
            return polled;
        }
        self.forget();
        self.wait = Wait::elsewhere(deadline);
        self.wait.poll(cx).unwrap_or(Poll::Pending)
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(deadline) = self.deadline else { return Poll::Pending };
        if self.is_pending(cx) {
            return Poll::Pending;
        }
        if Instant::now() >= deadline {
            self.forget();
            return Poll::Ready(());
        }
        self.wait(deadline, cx)
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.forget();
    }
}

impl fmt::Debug for Sleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sleep").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

/// The future of [`yield_now`].
///
/// # Examples
/// ```
/// use asynkit::{Executor, yield_now};
///
/// let others_first = yield_now();
/// Executor::run(others_first);
/// ```
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct YieldNow(bool);

impl Future for YieldNow {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
