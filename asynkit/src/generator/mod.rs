//! Generators: streams that are written as the code that makes their items.
//!
//! *Branded* ones ([`generator()`], [`generator!`](crate::generator!)) are for most uses: the body gets a handle, or the
//! macro's `ayield!`, and the compiler sees that it is used inside the body only. No allocation, no thread-local, `Send`
//! by inference.
//!
//! Both forms are streams, and have the methods of Python's generators ([`AsyncGenerator`]): the owner can answer an
//! item (`asend`), throw an error to where it was yielded (`athrow`), and close it and await the clean-up (`aclose`).
//! What a body gets for an item is a matter of the [`Resume`] type.
//!
//! A body may wait for anything; a generator works on any executor. Sync code iterates one with
//! [`aiter_sync`](crate::aiter_sync).
//!
//! # Limits
//! Bodies that are run by [`Co::call`] nest without limit: ten thousand of them use no more stack than one, to be
//! resumed, thrown into, closed or dropped. Generators inside generators, by [`yield_from`](Co::yield_from) or by a loop,
//! are polled through each other: a level takes at most 4 KiB of stack in a debug build, and 512 bytes in an optimised
//! one. In the 2 MiB that a thread has, 500 levels are safe in the one and 4000 in the other.

mod airlock;
mod body;
mod branded;
#[cfg(feature = "std")]
mod call;
#[cfg(not(feature = "std"))]
#[path = "call_in_place.rs"]
mod call;
mod co;
mod methods;
mod raw;
mod resume;
mod share;

pub use branded::{BoxGenerator, Generator, LocalBoxGenerator, TryStream, generator};
pub use co::{Co, Yield, YieldFrom};
pub use methods::{Aclose, Anext, Asend, AsyncGenerator, Athrow};
pub use raw::RawGenerator;
pub use resume::{Forward, Plain, Resume};
pub use share::{SharedCo, SharedYield};
