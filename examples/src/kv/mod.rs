//! A redis-compatible key-value server on asynkit's executor.
//!
//! | module | |
//! |---|---|
//! | [`serve`] | accepts connections, gives each to a thread, and ends in good order |
//! | `connection`, `wire` | one client: its socket, its mailbox, and the parser of [`resp`](crate::resp) between them |
//! | `commands`, `reply` | what clients can ask for |
//! | [`store`] | keys, in shards that threads share |
//! | `pubsub`, `mailbox` | how one client reaches another, on whichever thread that is |
//! | [`Runtime`] | the little that all this needs of an executor: ours, tokio's and smol's are measured with one server |
//! | [`cli`], [`demo`], [`bench`], [`Caller`] | the program, what it shows and measures, and a client |

mod caller;
mod client;
mod commands;
mod connection;
mod mailbox;
mod pubsub;
mod reply;
mod request;
mod runtime;
mod serve;
mod server;
mod wire;

pub mod bench;
pub mod cli;
pub mod demo;
pub mod pattern;
pub mod store;

pub use caller::Caller;
pub use runtime::{Asynkit, Runtime, Smol, Stream, Tokio};
pub use serve::{Options, Stop, serve};
