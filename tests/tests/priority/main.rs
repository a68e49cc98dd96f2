//! Priorities, and the queue in their order.

mod model;
mod queue;
mod values;
