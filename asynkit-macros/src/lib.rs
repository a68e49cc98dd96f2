//! The attribute macros of asynkit; use them through the `asynkit` crate.
#![forbid(unsafe_code)]
