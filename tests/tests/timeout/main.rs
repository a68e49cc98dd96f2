//! Timeouts: who is told, what is an error, and on whose clock.
//!
//! No test sleeps to be right: bodies never end by themselves or at once, limits are a millisecond or an hour.

use std::time::Duration;

mod elsewhere;
mod limits;
mod nesting;
mod over;
mod programs;
mod stages;
mod values;

/// Passes soon.
const SOON: Duration = Duration::from_millis(1);
/// Does not pass while a test runs.
const LONG: Duration = Duration::from_secs(3600);
