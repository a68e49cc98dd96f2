//! Errors thrown into a coroutine: a test for each rule, named by its number.
//!
//! Rules about tasks (14's `Stopping`, 15's queue, 17's own executor) come with the executor; here they are shown as far
//! as they need none.

mod delivery;
mod faults;
mod nesting;
mod sub_executors;
mod values;
