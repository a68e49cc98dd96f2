//! Interrupt points: awaits that asked to be told of an error, and what throws.
//!
//! `fut.interruptible().await` is a *point*. An error that is thrown to a scope around it (a [`Coro`](crate::Coro), a
//! [`CoroStart`](crate::CoroStart), a coroutine under a monitor, a task, a timeout, a [`throw_when`]) arrives there as an
//! [`Interrupt`](crate::Interrupt), where code can clean up with further awaits and go on or return. Code that does not
//! ask is dropped, as Rust's futures are. A value that is ready always wins over an error.
//!
//! | | told | |
//! |---|---|---|
//! | [`Thrown`](crate::InterruptKind::Thrown) | one point, once | a message: reload, give up |
//! | the stops: `Close`, `Timeout`, `Cancel`, `SyncAbort` | every point that would wait, until the throwing call or scope ends | wind up |

mod point;
mod shield;
#[cfg(feature = "executor")]
mod throw;
mod throw_when;
#[cfg(feature = "executor")]
mod timeout;

#[cfg(feature = "executor")]
pub use crate::engine::Refused;
pub use point::{InterruptExt, Interruptible, TryInterruptible};
pub use shield::{Shield, shield};
#[cfg(feature = "executor")]
pub use throw::{TaskInterrupt, ThrowRefused, task_interrupt, task_throw};
pub use throw_when::{ThrowWhen, throw_when};
#[cfg(feature = "executor")]
pub use timeout::{TaskTimeout, TimedOut, TryTaskTimeout, task_timeout, task_timeout_at, try_task_timeout};
