//! [`Co::call`](super::Co::call): another body runs in this one's place.

#[cfg(feature = "std")]
mod callee;
#[cfg(feature = "std")]
mod frames;
#[cfg(not(feature = "std"))]
mod in_place;
#[cfg(feature = "std")]
mod on_stack;

#[cfg(feature = "std")]
pub(in crate::generator) use frames::Frames;
#[cfg(not(feature = "std"))]
pub(in crate::generator) use in_place::call;
#[cfg(feature = "std")]
pub(in crate::generator) use on_stack::call;

/// Whose turn it is, when what a body has called was polled.
pub(in crate::generator) enum Whose {
    /// The body is polled next.
    Body,
    /// An item is on offer, or all of them wait.
    Owner,
}
