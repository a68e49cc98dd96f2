//! Control over *when* async code runs: start now, either colour, talk to what is suspended.
#![cfg_attr(not(feature = "std"), no_std)]
#![warn(missing_docs)]

extern crate alloc;

#[cfg(feature = "macros")]
mod attributes;
#[cfg(feature = "std")]
mod awaitable;
mod macros;
mod scope;
mod step;
mod waker;

#[cfg(feature = "std")]
pub mod context;
pub mod coro;
#[cfg(feature = "std")]
pub mod drive;
pub mod error;
pub mod generator;
#[cfg(feature = "std")]
pub mod interrupt;
pub mod monitor;

#[cfg(feature = "macros")]
pub use attributes::{awaitmethod, generator_fn, syncfunction};
#[cfg(feature = "std")]
pub use context::{Context, ContextVar, copy_context, coro_await};
pub use coro::{
    Coro, CoroIter, CoroStart, CoroState, CoroStatus, Deferred, coro_get_frame, coro_is_finished,
    coro_is_new, coro_is_suspended, coro_iter,
};
#[cfg(feature = "std")]
pub use drive::{
    SyncDrive, SyncDriveRequired, SynchronousError, aiter_sync, asyncfunction, await_sync, coro_drive,
    drive_async, in_sync_drive, leavesync, require_sync_drive,
};
pub use error::{
    BoxError, Ignored, IgnoredClose, Interrupt, InterruptKind, MonitorError, NoOob, NotActive, NotWaiting,
    ThrowError,
};
pub use generator::{AsyncGenerator, Co, Generator, generator};
#[cfg(feature = "std")]
pub use interrupt::{InterruptExt, shield, throw_when};
pub use monitor::{BoundMonitor, LocalMonitor, Monitor};
pub use step::Step;

#[doc(hidden)]
pub mod __private;
