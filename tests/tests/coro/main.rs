//! Started coroutines, slots, suspensions, states.

mod closing;
mod programs;
mod starting;
mod states;
mod suspensions;
mod throwing;
