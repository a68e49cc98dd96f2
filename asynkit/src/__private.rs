//! What the expansions of the macros name; no part of the contract.

pub use crate::awaitable::{
    Await, AwaitBody, AwaitBodyLocal, GENERIC_ALIGN, GENERIC_SIZE, Local, Sendable, slot_align, slot_size,
};
pub use core::{
    convert::Infallible,
    future::{Pending, pending},
};
