//! The executor: its loop, its roots, its end, and what other threads do to it.

mod boosting;
mod ending;
mod foreign;
mod limits;
mod nesting;
mod panics;
mod reactor;
mod remote;
mod running;
mod wakers;
