//! An HTTP server whose tasks have priorities, and what that does to the time its clients wait.
//!
//! | module | |
//! |---|---|
//! | [`serve`] | hyper on asynkit's executor: each connection has the priority of what it asks for |
//! | [`Class`], [`Way`] | what is asked for, and in which order the server answers |
//! | `ledger` | what all requests share, behind a `PriorityLock`, or a lock that knows no priorities |
//! | [`load`], `client` | clients on loopback, and how long each waits |
//! | [`Waits`], `chart` | the times, as a table and as a picture |
//! | [`cli`] | the program |

mod chart;
mod class;
mod client;
mod ledger;
mod load;
mod server;
mod waits;

pub mod cli;

pub use class::{Class, Way};
pub use load::{Load, Measured, load};
pub use server::{REPORT_SLICES, Served, serve};
pub use waits::Waits;
