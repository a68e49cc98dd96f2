//! Control over *when* async code runs: start now, either colour, talk to what is suspended.
#![cfg_attr(not(feature = "std"), no_std)]
#![warn(missing_docs)]

extern crate alloc;

pub mod error;
mod step;

pub use error::{
    BoxError, Ignored, IgnoredClose, Interrupt, InterruptKind, MonitorError, NoOob, NotActive, NotWaiting,
    ThrowError,
};
pub use step::Step;
