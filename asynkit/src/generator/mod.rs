//! Generators: streams that are written as the code that makes their items.
//!
//! *Branded* ones ([`generator()`], [`generator!`](crate::generator!)) are for most uses: the body gets a handle, or the
//! macro's `ayield!`, and the compiler sees that it is used inside the body only. No allocation, no thread-local, `Send`
//! by inference.
//!
//! Those *by handle* ([`GeneratorObject`]) are for items that come from elsewhere as well: whoever holds a clone of the
//! handle yields, also in a spawned task and on another thread.
//!
//! | | branded | by handle |
//! |---|---|---|
//! | who may yield | the body, and what it lends its handle to | also spawned tasks, other threads |
//! | used outside of its body | does not compile | `Err`, with [`NotActive`](crate::NotActive) |
//! | an `ayield` gives | what the [`Resume`] type is: `()`, a value, a `Result` | `Result<R, Interrupt>` |
//! | an error that is thrown | told, or the body is dropped, by that type | told, also to the helper whose item is out |
//! | a [`shield`](crate::interrupt::shield) around an `ayield` | does not cover it | covers it |
//! | allocates | nothing | once a handle; a little for each item of a helper |
//! | an item costs | least | about twice as many instructions |
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
