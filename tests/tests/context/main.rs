//! Context variables, contexts, and futures that run in them.

mod contexts;
mod leaving;
mod programs;
mod scopes;
mod threads;
mod tokens;
mod values;
mod variables;
