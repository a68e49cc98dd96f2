//! What can go wrong around an executor, as tables: panics, wakers, ends, limits.

mod ends;
mod limits;
mod panics;
mod wakers;
