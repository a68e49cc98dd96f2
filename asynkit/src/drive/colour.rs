//! Which colour code runs in, and sync functions where async ones are wanted.

use crate::waker::in_drive;
use core::{error::Error, fmt};
use std::io;

/// Whether a sync drive is running this code: then it may block the thread.
///
/// It is `true` in the future of an [`await_sync`](super::await_sync), [`SyncDrive::run`](super::SyncDrive::run),
/// [`aiter_sync`](super::aiter_sync) or [`drive_async`](super::drive_async) and in all that this future calls and
/// polls: helper functions, joined branches, `FuturesUnordered`, drives inside drives. It is `false` after the drive,
/// however that ended, on other threads, and in a task that was spawned inside a drive and runs later.
///
/// The mark is the thread's, so it also holds in a foreign executor that is *entered* inside a drive
/// (`await_sync(async { block_on(..) })`): that executor holds up the thread which the drive holds up.
///
/// # Examples
/// ```
/// use asynkit::{await_sync, in_sync_drive};
///
/// async fn colour() -> &'static str {
///     if in_sync_drive() { "sync" } else { "async" }
/// }
///
/// assert_eq!(await_sync(colour())?, "sync");
/// assert_eq!(smol::block_on(colour()), "async");
/// # Ok::<(), asynkit::SynchronousError>(())
/// ```
#[inline]
pub fn in_sync_drive() -> bool {
    in_drive()
}

/// Asks for a sync drive, before something that blocks the thread.
///
/// # Errors
/// No sync drive is running this code; see [`in_sync_drive`].
///
/// # Examples
/// ```
/// use asynkit::{SyncDriveRequired, await_sync, require_sync_drive};
///
/// async fn read_line() -> Result<String, SyncDriveRequired> {
///     require_sync_drive()?;
///     Ok("read by blocking the thread".to_string())
/// }
///
/// assert!(await_sync(read_line()).is_ok_and(|line| line.is_ok()));
/// assert!(smol::block_on(read_line()).is_err());
/// ```
#[inline]
pub fn require_sync_drive() -> Result<(), SyncDriveRequired> {
    if in_drive() { Ok(()) } else { Err(SyncDriveRequired) }
}

/// Code that blocks the thread was about to run outside of a sync drive.
///
/// It converts into [`io::Error`], so that functions of `io::Result` can be given to [`leavesync`].
///
/// # Examples
/// ```
/// let error = asynkit::require_sync_drive().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "this would block the thread outside of a sync drive: run it under `await_sync`, or give an async function instead",
/// );
/// ```
#[doc(alias = "SyncDriveRequiredError")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyncDriveRequired;

impl fmt::Display for SyncDriveRequired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "this would block the thread outside of a sync drive: \
             run it under `await_sync`, or give an async function instead",
        )
    }
}

impl Error for SyncDriveRequired {}

impl From<SyncDriveRequired> for io::Error {
    fn from(error: SyncDriveRequired) -> Self {
        io::Error::other(error)
    }
}

/// A sync function as an async one: it runs when the result is awaited.
///
/// For a function that does not block, in whatever colour it is awaited. One that blocks wants [`leavesync`].
///
/// Take it by reference (`&impl AsyncFn`), as below: an async fn that *owns* the function it calls borrows from itself,
/// which the compiler does not fold into the sync function.
///
/// # Examples
/// ```
/// use asynkit::{asyncfunction, await_sync};
///
/// async fn total(price: &impl AsyncFn(u32) -> u64) -> u64 {
///     price(1).await + price(2).await
/// }
///
/// assert_eq!(await_sync(total(&asyncfunction(|n| u64::from(n) * 10)))?, 30);
/// # Ok::<(), asynkit::SynchronousError>(())
/// ```
#[doc(alias = "syncfunction")]
pub fn asyncfunction<A, R, F: Fn(A) -> R>(f: F) -> impl AsyncFn(A) -> R {
    async move |argument: A| f(argument)
}

/// A sync function that blocks the thread as an async one: it runs when the result is awaited, in a sync drive only.
///
/// Awaited outside of a sync drive it fails before the function is called, so that blocking code cannot slip into an
/// executor. For what counts as a drive, see [`in_sync_drive`].
///
/// # Errors
/// The function's own, or [`SyncDriveRequired`] converted.
///
/// # Examples
/// ```
/// use asynkit::{await_sync, leavesync};
/// use std::io::{self, Read as _};
///
/// async fn head(read: &impl AsyncFn(usize) -> io::Result<Vec<u8>>) -> io::Result<Vec<u8>> {
///     read(4).await
/// }
///
/// let file = |n| {
///     let mut bytes = vec![0; n];
///     (&b"head and tail"[..]).read_exact(&mut bytes)?;
///     Ok::<_, io::Error>(bytes)
/// };
/// assert_eq!(await_sync(head(&leavesync(file))).unwrap()?, b"head");
/// assert!(smol::block_on(head(&leavesync(file))).is_err());
/// # Ok::<(), io::Error>(())
/// ```
pub fn leavesync<A, T, E: From<SyncDriveRequired>, F: Fn(A) -> Result<T, E>>(
    f: F,
) -> impl AsyncFn(A) -> Result<T, E> {
    async move |argument: A| {
        require_sync_drive()?;
        f(argument)
    }
}
