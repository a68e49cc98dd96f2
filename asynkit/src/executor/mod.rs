//! The executor: one thread, and an order of tasks that programs can change.
//!
//! | | |
//! |---|---|
//! | [`Executor::run`] | runs a future to its end, with tasks around it; it may borrow |
//! | [`Executor`] | one that is kept: [`block_on`](Executor::block_on), [`run_until`](Executor::run_until), or awaited on tokio or smol |
//! | [`ExecutorBuilder`] | eager tasks, a task factory, a panic hook |
//! | [`Remote`] | starts tasks on it from other threads |
//! | [`sleep`], [`sleep_until`], [`yield_now`] | waits |
//!
//! # Other crates' sockets and timers
//! `run` and `block_on` drive the reactor of smol's crates (`async-io`): their sockets and timers work in tasks. It is polled
//! when no task is ready, and at least every 61 polls. `async-io` starts one thread of its own, with the first socket, the
//! first timer or at the end of a `run` that had to wait. Inside of tokio it is tokio that drives its sockets, and they work
//! in tasks as well.

mod builder;
mod local;
mod remote;
mod time;

pub use crate::engine::TaskSpec;
pub use builder::ExecutorBuilder;
pub use local::{Executor, NestedRun, NoExecutor, RunUntil};
pub use remote::{Remote, RemoteTask, Stopped};
pub use time::{Sleep, YieldNow, sleep, sleep_until, yield_now};
