//! The errors: what is thrown into a coroutine, and what says that the library was misused.

mod interrupt;
mod misuse;

pub use interrupt::{BoxError, Interrupt, InterruptKind};
pub use misuse::{Ignored, IgnoredClose, MonitorError, NoOob, NotActive, NotWaiting, ThrowError};
