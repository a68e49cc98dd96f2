//! Async code from sync code, at the cost of the sync function.
//!
//! | | |
//! |---|---|
//! | [`await_sync`] | runs a future to its end now; the error says which await would have blocked |
//! | [`SyncDrive`] | the same with options |
//! | [`aiter_sync`] | iterates over a stream now |
//! | [`asyncfunction`], [`leavesync`] | a sync function where async code wants an async one |
//! | [`in_sync_drive`], [`require_sync_drive`] | which colour this code runs in |
//! | [`coro_drive`], [`drive_async`] | runs a future with a callback at each suspension |
//!
//! # One source, both colours
//! A function that takes its input through `&impl AsyncFn` is compiled once and has both colours. Async callers pass an
//! async closure and await it; sync callers pass a sync one and [`await_sync`] it, which compiles to the sync function.
//! ```
//! use asynkit::{await_sync, leavesync};
//! use std::io;
//!
//! async fn size(read: &impl AsyncFn(u32) -> io::Result<Vec<u8>>) -> io::Result<usize> {
//!     Ok(read(1).await?.len() + read(2).await?.len())
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! assert_eq!(await_sync(size(&leavesync(|n| Ok::<_, io::Error>(vec![0; n as usize]))))??, 3);
//! # smol::block_on(async {
//! assert_eq!(size(&async |n| Ok(vec![0; n as usize])).await?, 3);
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! # What a sync drive does
//! It polls once, with a waker that does nothing. A future that is ready by then is all of it: nothing was allocated, no
//! scope was entered, and if the compiler sees the whole body, the code is that of the sync function. Only when the
//! future suspends does it look closer:
//!
//! - A future that woke itself (`yield_now`, a *null sleep*) is polled on: see [`SyncDrive::strict`] and
//!   [`SyncDrive::max_spins`].
//! - One that would really wait is told first: a [`SyncAbort`](crate::InterruptKind::SyncAbort) is thrown into it, and
//!   an [interrupt point](crate::InterruptExt::interruptible) takes it. If the future then returns, it has decided not
//!   to block, and its value counts. (A point that `FuturesUnordered` or its like has polled with a waker of its own
//!   in that first poll cannot be reached any more: it is dropped with the rest.)
//! - Otherwise it is dropped where it stands, and the [`SynchronousError`] says where that was.

mod bridge;
mod colour;
mod iter;
mod report;
mod site;
mod sync;
mod wait;

pub use bridge::{coro_drive, drive_async};
pub use colour::{SyncDriveRequired, asyncfunction, in_sync_drive, leavesync, require_sync_drive};
pub use iter::{AiterSync, aiter_sync};
pub use report::{BlockReason, SynchronousError};
pub use site::{Frame, Site};
pub use sync::{SyncDrive, await_sync};
