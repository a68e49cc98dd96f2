//! What the expansions of the macros name; no part of the contract.

mod coro;
#[cfg(feature = "std")]
mod sync;
#[cfg(feature = "executor")]
mod task;

pub use crate::__generator as generator_body;
#[cfg(feature = "std")]
pub use crate::awaitable::{
    Await, AwaitBody, AwaitBodyLocal, GENERIC_ALIGN, GENERIC_SIZE, Local, Sendable, slot_align, slot_size,
};
pub use crate::coro::{Coro, CoroStart};
#[cfg(feature = "std")]
pub use crate::drive::{SynchronousError, await_sync};
pub use crate::generator::{Generator, RawGenerator};
#[cfg(feature = "executor")]
pub use crate::{spawner::Spawner, task::Eager};
pub use alloc::boxed::Box;
pub use core::{
    convert::Infallible,
    future::{Future, Pending, pending},
    marker::Send,
    result::Result,
};
pub use coro::scoped;
#[cfg(feature = "std")]
pub use sync::{Flatten, flatten, or_panic};
#[cfg(feature = "executor")]
pub use task::{EagerOn, eager, eager_with};

/// The value of a `return` that never runs; it only has a type.
#[must_use]
pub fn unreachable<T>() -> T {
    unreachable!()
}

/// What the fuzz target of the ready queue calls.
#[cfg(all(fuzzing, feature = "executor"))]
pub fn ready_queue_any_bytes(bytes: &[u8]) {
    crate::queue::tests::any_bytes(bytes);
}
