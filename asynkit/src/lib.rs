//! Control over *when* async code runs: start now, either colour, talk to what is suspended.
//!
//! Coroutines, monitors and generators are plain futures and streams: any executor polls them, or none.
//!
//! | you want | take | in |
//! |---|---|---|
//! | to run a future to its first wait at the call, and await the rest later | [`start!`], [`CoroStart`] | [`coro`](mod@coro) |
//! | to step, close or drop a coroutine in place, and to know where it stands | [`coro!`], [`Coro`], [`coro_iter`] | [`coro`](mod@coro) |
//! | a coroutine that asks its owner for something and waits for the answer | [`Monitor`], [`LocalMonitor`] | [`monitor`] |
//! | a stream written as a loop | [`generator!`], [`generator()`], [`macro@generator_fn`] | [`generator`](mod@generator) |
//! | the same, whose items come from other tasks and threads too | [`GeneratorObject`] | [`generator`](mod@generator) |
//! | to tell a waiting coroutine of an error, and let it clean up | [`interruptible`](InterruptExt::interruptible), [`shield`] | [`interrupt`] |
//! | async code from sync code, or an error that says where it would wait | [`await_sync`], [`aiter_sync`], [`macro@syncfunction`] | [`drive`] |
//! | one source for sync and async callers | [`asyncfunction`], [`leavesync`] | [`drive`] |
//! | a stable queue in the order of priorities | [`PriorityQueue`], [`Priority`] | [`priority`] |
//! | values that follow a coroutine instead of a thread | [`ContextVar`], [`copy_context`] | [`context`] |
//! | tasks on one thread, in an order of your own, started now or later | [`Executor`], [`spawn`], [`eager()`], [`macro@eager`] | [`executor`], [`task`] |
//! | a lock whose holder hurries when somebody urgent waits | [`PriorityLock`], [`PriorityCondition`] | [`lock`] |
//! | a task to run now, next, or after two others | [`task_switch`], [`sleep_insert`], [`task_reinsert`] | [`schedule`] |
//! | tasks that end together, and whose errors are all heard | [`task_group`], [`task_group_on`] | [`group`] |
//! | `.await` on a type of your own, without a box | [`macro@awaitmethod`] | |
//!
//! # Examples
//! Start now, and have the answer later:
//! ```
//! # async fn fetch() -> u32 { 1 }
//! # async fn other_work() {}
//! # asynkit::await_sync(async {
//! asynkit::start!(let page = fetch()); // runs to its first suspension here
//! other_work().await;
//! assert_eq!(page.await, 1);
//! # }).unwrap();
//! ```
//! A recursive parser that asks its owner for input, wherever that comes from:
//! ```
//! use asynkit::{Interrupt, Monitor, Step, await_sync};
//! use std::pin::pin;
//!
//! async fn sum(input: &Monitor<(), u32>) -> Result<u32, Interrupt> {
//!     let mut sum = 0;
//!     loop {
//!         match input.oob(()).await? {
//!             0 => return Ok(sum),
//!             n => sum += n,
//!         }
//!     }
//! }
//!
//! await_sync(async {
//!     let input = Monitor::new();
//!     let mut parser = pin!(sum(&input));
//!     let mut step = Step::Oob(input.start(parser.as_mut()).await.unwrap());
//!     for n in [1, 2, 3, 0] {
//!         step = input.asend(parser.as_mut(), n).await;
//!     }
//!     assert!(matches!(step, Step::Done(Ok(6))));
//! }).unwrap();
//! ```
//!
//! # Features
//! `std` (default): what needs a thread-local: interrupt points, contexts, sync driving. `macros` (default, implies
//! `std`): the attribute macros. `executor` (default, implies `std`): tasks and the executor that runs them. Without
//! default features the crate is `no_std + alloc` and has [`coro`](mod@coro), [`monitor`],
//! [`generator`](mod@generator), [`priority`] and [`error`].
#![cfg_attr(not(feature = "std"), no_std)]
#![warn(missing_docs)]

extern crate alloc;

#[cfg(feature = "macros")]
mod attributes;
#[cfg(feature = "std")]
mod awaitable;
#[cfg(feature = "executor")]
mod engine;
mod macros;
#[cfg(all(test, any(asynkit_loom, asynkit_shuttle), feature = "executor"))]
mod models;
#[cfg(feature = "executor")]
mod queue;
mod scope;
mod step;
mod util;
mod waker;

#[cfg(feature = "std")]
pub mod context;
pub mod coro;
#[cfg(feature = "std")]
pub mod drive;
pub mod error;
#[cfg(feature = "executor")]
pub mod executor;
pub mod generator;
#[cfg(feature = "executor")]
pub mod group;
#[cfg(feature = "std")]
pub mod interrupt;
#[cfg(feature = "executor")]
pub mod lock;
pub mod monitor;
pub mod prelude;
pub mod priority;
#[cfg(feature = "executor")]
pub mod schedule;
#[cfg(feature = "executor")]
pub mod spawner;
#[cfg(feature = "executor")]
pub mod task;

#[cfg(feature = "macros")]
pub use attributes::{awaitmethod, eager, generator_fn, syncfunction};
#[cfg(feature = "std")]
pub use context::{Context, ContextVar, Token, copy_context, coro_await};
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
#[cfg(feature = "executor")]
pub use executor::{Executor, NestedRun, NoExecutor, Remote, Stopped, sleep, sleep_until, yield_now};
pub use generator::{
    AsyncGenerator, Co, Generator, GeneratorObject, GeneratorObjectIterator, SharedCo, generator,
};
#[cfg(feature = "executor")]
pub use group::{Child, ChildFailed, GroupError, StartError, TaskGroup, task_group, task_group_on};
#[cfg(feature = "std")]
pub use interrupt::{InterruptExt, shield, throw_when};
#[cfg(feature = "executor")]
pub use interrupt::{
    Refused, ThrowRefused, TimedOut, task_interrupt, task_throw, task_timeout, task_timeout_at,
    try_task_timeout,
};
#[cfg(feature = "executor")]
pub use lock::{Deadlock, PriorityCondition, PriorityGuard, PriorityLock};
pub use monitor::{BoundMonitor, LocalMonitor, Monitor};
pub use priority::{Priority, PriorityQueue};
#[cfg(feature = "executor")]
pub use schedule::{
    ScheduleError, blocked_tasks, call_soon, create_task_descend, create_task_start, get_scheduling_loop,
    runnable_tasks, sleep_insert, task_is_blocked, task_is_runnable, task_reinsert, task_switch,
};
pub use step::Step;
#[cfg(feature = "executor")]
pub use task::{
    Cancellable, Cancelling, Eager, PanicPayload, Task, TaskBuilder, TaskError, TaskId, TaskRef, all_tasks,
    cancelling, current_task, eager, eager_ctx, eager_with, spawn,
};

#[doc(hidden)]
pub mod __private;
