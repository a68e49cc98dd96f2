//! The wakers that we make, and what the polls under a sync drive tell it.

#[cfg(feature = "std")]
mod drives;
#[cfg(feature = "std")]
mod flag;
mod idle;
mod place;

#[cfg(feature = "std")]
pub(crate) use drives::{Asked, Drive, ask, in_drive, is_asked, note_wait};
#[cfg(feature = "std")]
pub(crate) use flag::Flag;
pub(crate) use idle::IDLE;
pub(crate) use place::Place;
