//! Where tasks run: on the executor that runs the caller, or on another one.

pub use crate::task::spawner::{Local, Rest, Spawn, Spawner};
