//! [`await_sync`] and its options.

use super::{
    iter::AiterSync,
    report::{Origin, SynchronousError},
    wait::drive_on,
};
use crate::waker::{Drive, IDLE};
use core::{
    future::{Future, IntoFuture},
    panic::Location,
    pin::pin,
    task::{Context, Poll},
};
use futures_core::Stream;

/// Runs a future to its end now.
///
/// A future that never has to wait costs what the sync function would cost. One that wakes itself (`yield_now`) is
/// polled on; one that has to wait is told first (see the [module](crate::drive#what-a-sync-drive-does)), and if it goes on
/// waiting it is dropped. For options see [`SyncDrive`].
///
/// It needs no executor and does not mind one: it works inside a task, inside another `await_sync`, and in a future
/// that was polled elsewhere before.
///
/// # Errors
/// The future would have to wait. The error says where: see [`SynchronousError`].
///
/// # Examples
/// ```
/// use asynkit::await_sync;
///
/// async fn add(a: u32, b: u32) -> u32 {
///     a + b
/// }
///
/// assert_eq!(await_sync(async { add(1, 2).await + add(3, 4).await })?, 10);
/// assert!(await_sync(std::future::pending::<()>()).is_err());
/// # Ok::<(), asynkit::SynchronousError>(())
/// ```
#[doc(alias = "enterasync")]
#[doc(alias = "now_or_never")]
// By force, as `run`: only what is compiled into its caller with the future folds away.
#[inline(always)]
#[track_caller]
pub fn await_sync<F: IntoFuture>(future: F) -> Result<F::Output, SynchronousError> {
    SyncDrive::new().run(future)
}

/// The options of [`await_sync`].
///
/// # Examples
/// ```
/// use asynkit::SyncDrive;
///
/// const PATIENT: SyncDrive = SyncDrive::new().max_spins(Some(100));
///
/// assert_eq!(PATIENT.run(async { 1 })?, 1);
/// # Ok::<(), asynkit::SynchronousError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a `SyncDrive` only holds options: `run` a future with it"]
pub struct SyncDrive {
    pub(super) strict: bool,
    pub(super) capture: bool,
    pub(super) max_spins: Option<usize>,
}

impl SyncDrive {
    /// The options that [`await_sync`] has: not strict, captures, spins without limit.
    ///
    /// # Examples
    /// ```
    /// use asynkit::SyncDrive;
    ///
    /// assert_eq!(SyncDrive::new(), SyncDrive::new().strict(false).capture(true).max_spins(None));
    /// ```
    pub const fn new() -> Self {
        SyncDrive { strict: false, capture: true, max_spins: None }
    }

    /// Whether a suspension that woke itself (a null sleep, such as `yield_now`) is an error too; default: `false`.
    ///
    /// A null sleep cannot be told of the abort, as its next poll is ready: the future is dropped. To see it, even the
    /// first poll watches its waker, which costs an allocation.
    ///
    /// # Examples
    /// ```
    /// use asynkit::SyncDrive;
    /// use smol::future::yield_now;
    ///
    /// assert!(SyncDrive::new().run(yield_now()).is_ok());
    /// assert!(SyncDrive::new().strict(true).run(yield_now()).is_err());
    /// ```
    #[doc(alias = "ignore_nullsleep")]
    pub const fn strict(self, on: bool) -> Self {
        SyncDrive { strict: on, ..self }
    }

    /// Whether the error records where the future waits; default: `true`.
    ///
    /// Recording is paid when a future blocks, not before: a few microseconds for each leaf that stores its waker, and
    /// more only if the error is printed. Turn it off where blocking is an answer like any other.
    ///
    /// # Examples
    /// ```
    /// use asynkit::SyncDrive;
    ///
    /// let error = SyncDrive::new().capture(false).run(std::future::pending::<()>()).unwrap_err();
    /// assert!(error.sites().is_empty());
    /// ```
    pub const fn capture(self, on: bool) -> Self {
        SyncDrive { capture: on, ..self }
    }

    /// How often a future that woke itself is polled again; default: `None`, without limit.
    ///
    /// With `Some(0)` the first poll watches its waker, as with [`strict`](Self::strict).
    /// Without a limit, a future that wakes itself for ever is an endless loop, as it would be in a sync function.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{SyncDrive, drive::BlockReason};
    /// use smol::future::yield_now;
    ///
    /// let spinning = async {
    ///     loop {
    ///         yield_now().await;
    ///     }
    /// };
    /// let error = SyncDrive::new().max_spins(Some(1000)).run::<_>(spinning).map(|never: ()| never).unwrap_err();
    /// assert_eq!(error.reason(), BlockReason::TooManySpins(1000));
    /// ```
    pub const fn max_spins(self, limit: Option<usize>) -> Self {
        SyncDrive { max_spins: limit, ..self }
    }

    /// Runs a future to its end now, as [`await_sync`] does.
    ///
    /// # Errors
    /// The future would have to wait, or does what these options forbid.
    ///
    /// # Examples
    /// ```
    /// use asynkit::SyncDrive;
    ///
    /// assert_eq!(SyncDrive::new().strict(true).run(async { "ready" })?, "ready");
    /// # Ok::<(), asynkit::SynchronousError>(())
    /// ```
    #[inline(always)]
    #[track_caller]
    pub fn run<F: IntoFuture>(&self, future: F) -> Result<F::Output, SynchronousError> {
        // Before the future, so that the future's drop is inside the drive too.
        let _drive = Drive::enter();
        let mut future = pin!(future.into_future());
        if self.watches() {
            return drive_on(future, 0, *self, Origin::of::<F::IntoFuture>(Location::caller()));
        }
        match future.as_mut().poll(&mut Context::from_waker(IDLE)) {
            Poll::Ready(value) => Ok(value),
            Poll::Pending => drive_on(future, 1, *self, Origin::of::<F::IntoFuture>(Location::caller())),
        }
    }

    /// Whether a single null sleep is too many, so that the first poll has to watch for it.
    #[inline]
    pub(super) const fn watches(&self) -> bool {
        self.strict || matches!(self.max_spins, Some(0))
    }

    /// Iterates over a stream now, as [`aiter_sync`](super::aiter_sync) does; the options hold for each item.
    ///
    /// # Examples
    /// ```
    /// use asynkit::SyncDrive;
    /// use smol::stream;
    ///
    /// let strict = SyncDrive::new().strict(true);
    /// assert_eq!(strict.iter(stream::iter([1, 2])).collect::<Result<Vec<_>, _>>()?, [1, 2]);
    /// # Ok::<(), asynkit::SynchronousError>(())
    /// ```
    #[inline]
    #[track_caller]
    pub fn iter<S: Stream + Unpin>(&self, stream: S) -> AiterSync<S> {
        AiterSync::new(stream, *self, Location::caller())
    }
}

impl Default for SyncDrive {
    fn default() -> Self {
        SyncDrive::new()
    }
}
