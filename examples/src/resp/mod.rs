//! The Redis serialization protocol: one parser, run three ways.
//!
//! [`Parser`] is a recursive async fn that asks its owner for bytes through a [`Monitor`](asynkit::Monitor), and knows
//! nothing of files, sockets or executors. [`supply`] is the owner's side. The rest shows what that buys:
//!
//! | module | |
//! |---|---|
//! | [`value`](Value), [`encode`](Protocol) | what frames say, and how they are written |
//! | `input`, `parse`, `inline` | the parser |
//! | [`ways`] | the parser as sync code, as a generator, and over a TCP connection |
//! | [`cli`] | the program |
//! | [`check`] | what must hold of any bytes, for tests and the fuzz target |

mod cuts;
pub(crate) mod encode;
mod error;
mod inline;
mod input;
mod limits;
mod parse;
mod progress;
mod tally;
mod value;

pub mod check;
pub mod cli;
pub mod ways;

pub use cuts::Cuts;
pub use encode::Protocol;
pub use error::{Bound, Expected, ParseError, ReadError};
pub use input::{Feed, supply};
pub use limits::Limits;
pub use parse::{Grammar, Parser};
pub use progress::Progress;
pub use tally::{Counting, Tally};
pub use value::{Attributed, Null, Value};
