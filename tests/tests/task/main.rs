//! Tasks: their handles, their ends, their identity, and starting them at once.

mod joining;
