//! Tasks: what runs on an [`Executor`](crate::Executor), and how it is talked to.
//!
//! | | |
//! |---|---|
//! | [`spawn`], [`TaskBuilder`] | start one |
//! | [`Task`] | its handle: awaits to its value; dropping it lets the task go on |
//! | [`TaskRef`], [`TaskId`] | which task; to cancel it, to ask about it, to schedule it |
//! | [`eager`], [`Eager`] | run it to its first suspension at once |
//! | [`cancelling`], [`eager_ctx`] | cancel it when a scope ends |
//! | [`TaskError`] | why there is no value |

mod builder;
mod cancelling;
mod eager;
mod handle;
#[cfg(any(feature = "tokio", feature = "smol"))]
mod kept;
mod reference;
mod rest;
pub(crate) mod spawner;

pub use crate::engine::{PanicPayload, TaskError, TaskId};
pub use builder::TaskBuilder;
pub use cancelling::{Cancellable, Cancelling, cancelling};
pub use eager::{Eager, Join, eager, eager_ctx, eager_with};
pub use handle::{Task, spawn};
pub use reference::{TaskRef, all_tasks, current_task};
