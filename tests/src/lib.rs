//! What the tests share: doubles, drivers that step, traces.

mod doubles;
mod forget;
#[cfg(doctest)]
mod guide;
mod poll;
mod trace;

pub use doubles::{Gate, OnDrop, Waits, point, yield_now};
pub use forget::forget;
pub use poll::{block_on, now, panic_text, poll_once};
pub use trace::Trace;
