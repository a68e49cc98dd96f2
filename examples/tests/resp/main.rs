//! The parser and the server of the example `resp`.

#[path = "../common/mod.rs"]
mod common;
mod inline;
mod limits;
mod malformed;
mod mutated;
mod program;
mod real_clients;
mod round_trip;
mod server;
mod splits;
mod types;

use asynkit_examples::resp::Grammar;

/// The recorded session, each side with what it is.
fn session() -> [(Vec<u8>, Grammar); 2] {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/data");
    [("requests", Grammar::Requests), ("replies", Grammar::Replies)].map(|(side, grammar)| {
        let path = format!("{data}/session.{side}.resp");
        (std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}")), grammar)
    })
}
