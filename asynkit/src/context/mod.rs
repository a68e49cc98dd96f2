//! Context variables: values that follow a coroutine instead of a thread.
//!
//! A [`ContextVar`] is a `static` that has a value of its own in each [`Context`]. Code runs in a context while it is
//! [run](Context::run) there, or while a future in its [scope](Context::scope) is polled. Helpers deep in the call
//! chain then know the user, the request or the deadline that they work for, without an argument that says so.

mod bindings;
mod frame;
mod list;
mod locked;
mod scope;
mod spare;
mod start;
#[cfg(feature = "executor")]
mod task;
mod value;
mod var;

pub use scope::{Context, Scope, copy_context, coro_await};
#[cfg(feature = "executor")]
pub(crate) use task::{Inside, Outside, TaskContext, is_empty, take_grown};
pub use var::{ContextVar, Token};
