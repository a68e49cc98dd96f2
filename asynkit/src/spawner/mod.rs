//! Where tasks run: on the executor that runs the caller, or on another crate's.
//!
//! | | runs | feature |
//! |---|---|---|
//! | [`Local`] | on the [`Executor`](crate::Executor) that runs the caller | |
#![cfg_attr(
    feature = "tokio",
    doc = "| [`Tokio`] | on tokio's runtime around the caller, on any of its threads: what is spawned is `Send` | `tokio` |"
)]
#![cfg_attr(
    feature = "tokio",
    doc = "| [`TokioLocal`] | on tokio's `LocalSet` or `LocalRuntime` around the caller, on its thread | `tokio` |"
)]
#![cfg_attr(
    feature = "smol",
    doc = "| [`Smol`] | on smol's global executor: what is spawned is `Send` | `smol` |"
)]
#![cfg_attr(
    feature = "smol",
    doc = "| [`SmolLocal`] | on the `smol::LocalExecutor` that [`SmolLocal::run`] runs, on its thread | `smol` |"
)]
//!
//! A spawner of your own implements [`Spawner`] and [`Spawn`]; it goes where these go, also in `#[eager(spawn = Mine)]`.
//!
//! # What is the same everywhere
//! [`eager_with`](crate::eager_with) and `#[eager(spawn = ..)]` run the first part at the call, on the caller's stack, and
//! spawn the rest if there is any. From its first instruction the child has a [context](crate::context) and an interrupt scope
//! of its own. A panic, in either part, goes on where the result is awaited. Dropping the handle lets the task go on.
//! A cancel is polite: it is told to the [interrupt points](crate::interrupt) that wait, and what waits elsewhere is
//! dropped; a second cancel, after one that was told, drops it at its next suspension. A task that was never polled is
//! dropped without being polled.
//!
//! # What differs
//! There is no [`TaskRef`](crate::TaskRef) on other executors: no position in the queue, no priority, and
//! [`current_task`](crate::current_task) is `None` in both parts. What a runtime keeps for its own task, it keeps for the
//! caller during the first part: tokio's `task::id()`, its task-locals and its budget of polls are the caller's until the
//! first suspension, and the child's after it.

#[cfg(any(feature = "tokio", feature = "smol"))]
mod guest;
#[cfg(feature = "smol")]
mod smol;
#[cfg(feature = "tokio")]
mod tokio;

#[cfg(feature = "smol")]
pub use self::smol::{Smol, SmolLocal, SmolTask};
#[cfg(feature = "tokio")]
pub use self::tokio::{Tokio, TokioLocal, TokioTask};
pub use crate::task::spawner::{Local, Rest, Spawn, Spawner};
