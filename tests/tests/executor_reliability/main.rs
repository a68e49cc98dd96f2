//! What can go wrong around an executor, as tables: panics, wakers, ends, re-entrancy, threads, limits.

mod ends;
mod limits;
mod panics;
mod reentrancy;
mod threads;
mod waits;
mod wakers;
