//! Counts instructions per operation, and prints ours beside each peer's.
//!
//! An operation is a [`Row`]: one implementation of ours, any number of others, and what ours may cost. Each is a
//! function that does the operation `n` times. [`main`] runs it in a process of its own under valgrind, once short
//! and once long: the difference of the two counts, divided by the difference of the lengths, is the cost of one
//! operation, and all that start-up costs cancels. Unlike times, the figures repeat exactly on a busy machine.

mod atomics;
mod chart;
mod cli;
mod count;
mod report;
mod row;

pub use chart::Chart;
pub use cli::main;
pub use row::Row;
