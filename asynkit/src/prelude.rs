//! What most programs name: `use asynkit::prelude::*;`.
//!
//! It leaves out names that clash with those of `std`, such as [`Context`](crate::Context).
//!
//! # Examples
//! ```
//! use asynkit::prelude::*;
//!
//! start!(let c = async { 1 });
//! assert_eq!(await_sync(c).unwrap(), 1);
//! ```

#[cfg(feature = "macros")]
pub use crate::{awaitmethod, eager, generator_fn, syncfunction};
pub use crate::{
    ayield, coro,
    error::Interrupt,
    generator,
    generator::{AsyncGenerator as _, Co, GeneratorObject},
    monitor::Monitor,
    priority::Priority,
    start,
    step::Step,
};
#[cfg(feature = "std")]
pub use crate::{
    drive::{aiter_sync, await_sync},
    interrupt::InterruptExt as _,
};
#[cfg(feature = "executor")]
pub use crate::{
    executor::Executor,
    task::{Eager, Task, spawn},
};
