//! Locks and conditions that hand priority on.
//!
//! While a task waits for a [`PriorityLock`], whoever holds that lock runs with the priority of the task, where that is
//! the higher one, and so does whoever that one waits for. It ends with the wait, or with the hold, however they end.
//!
//! The pieces: `raw` is a lock without a value, one word as long as nobody waits. All that waits, in the whole process,
//! is in one *graph*: who waits where, who holds what, what is lent to whom. `value` adds the value, `mutex` and
//! `condition` what users see.

mod condition;
mod deadlock;
mod graph;
mod mutex;
mod raw;
mod value;

pub use condition::{PriorityCondition, Wait, WaitFor, WaitInterruptible};
pub use deadlock::{BlockedTask, Deadlock};
pub use mutex::Lock;
pub use value::{PriorityGuard, PriorityLock};
