//! What the tests share: doubles, drivers that step, traces.

mod doubles;
mod exits;
mod forget;
#[cfg(doctest)]
mod guide;
mod ledger;
mod pace;
mod poll;
mod trace;

pub use doubles::{Gate, OnDrop, Waits, point, yield_now};
pub use exits::{Call, Subject, Turn, leave_everywhere, misbehave_everywhere, panic_in_drop_everywhere};
pub use forget::forget;
pub use ledger::{Chosen, Leaf, Ledger, Misbehaviour, Thrown, Value, Woken};
pub use pace::at_some_pace;
pub use poll::{block_on, now, panic_text, poll_once};
pub use trace::Trace;
