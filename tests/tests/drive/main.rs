//! Sync driving: running async code to its end from sync code.

mod bridge;
mod colour;
mod iter;
mod leaves;
mod programs;
mod report;
mod sync;
