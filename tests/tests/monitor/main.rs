//! Monitors: what a coroutine and its owner say to each other, and what becomes of it when something goes wrong.

/// Runs each test with both monitors.
macro_rules! with_both_monitors {
    ($($(#[$meta:meta])* fn $name:ident() $body:block)*) => {
        mod local {
            use super::*;
            use asynkit::LocalMonitor as Monitor;
            $($(#[$meta])* #[test] fn $name() $body)*
        }

        mod shared {
            use super::*;
            use asynkit::Monitor;
            $($(#[$meta])* #[test] fn $name() $body)*
        }
    };
}

mod abandoned;
mod addresses;
mod misuse;
mod passage;
mod queue;
mod several;
mod talk;
mod threads;
mod throw;
mod users;
