//! What runs first: [`Priority`], and a queue in the order of any priorities, [`PriorityQueue`].

mod queue;
mod value;

pub use queue::PriorityQueue;
pub use value::Priority;
