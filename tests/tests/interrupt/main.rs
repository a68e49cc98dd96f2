//! Errors thrown into a coroutine: a test for each rule, named by its number.
//!
//! `tasks` has the rules as far as they are about tasks, `exhaustive` throws at every suspension of a victim; the others
//! need no executor.

mod delivery;
mod exhaustive;
mod faults;
mod interrupting;
mod nesting;
mod programs;
mod sub_executors;
mod tasks;
mod values;
mod victims;
