//! What the expansions of the macros name; no part of the contract.

#[cfg(feature = "std")]
mod sync;

pub use crate::__generator as generator_body;
#[cfg(feature = "std")]
pub use crate::awaitable::{
    Await, AwaitBody, AwaitBodyLocal, GENERIC_ALIGN, GENERIC_SIZE, Local, Sendable, slot_align, slot_size,
};
#[cfg(feature = "std")]
pub use crate::drive::{SynchronousError, await_sync};
pub use crate::generator::{Generator, RawGenerator};
#[cfg(all(fuzzing, feature = "executor"))]
pub use crate::queue::tests::any_bytes as ready_queue_any_bytes;
pub use core::{
    convert::Infallible,
    future::{Future, Pending, pending},
    marker::Send,
    result::Result,
};
#[cfg(feature = "std")]
pub use sync::{Flatten, flatten, or_panic};

/// The value of a `return` that never runs; it only has a type.
#[must_use]
pub fn unreachable<T>() -> T {
    unreachable!()
}
