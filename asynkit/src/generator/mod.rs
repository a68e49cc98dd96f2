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
mod object;
mod raw;
mod resume;
mod share;

pub use branded::{BoxGenerator, Generator, LocalBoxGenerator, TryStream, generator};
pub use co::{Co, Yield, YieldFrom};
pub use methods::{Aclose, Anext, Asend, AsyncGenerator, Athrow};
pub use object::{GeneratorObject, GeneratorObjectIterator, ObjectYield};
pub use raw::RawGenerator;
pub use resume::{Forward, Plain, Resume};
pub use share::{SharedCo, SharedYield};
