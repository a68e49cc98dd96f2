//! Tasks: their handles, their ends, their identity, and starting them at once.

mod cancelling;
mod contexts;
mod eager;
mod guards;
mod identity;
mod joining;
mod programs;
mod spawners;
