//! Models of what other threads do to an executor.
//!
//! What runs in them is the library itself, with other locks and atomics in the place of those of `std`. Each has twins with
//! a planted bug, which is found.

#[cfg(asynkit_loom)]
mod flags;
#[cfg(asynkit_loom)]
mod locks;
#[cfg(asynkit_loom)]
mod orders;
#[cfg(asynkit_shuttle)]
mod schedules;
