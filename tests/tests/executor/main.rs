//! The executor: its loop, its roots, its end, and what other threads do to it.

mod running;
