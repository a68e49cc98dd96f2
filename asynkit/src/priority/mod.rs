//! What runs first: [`Priority`], and a queue in the order of any priorities, [`PriorityQueue`].

mod boost;
mod queue;
mod value;

pub use boost::Boost;
pub use queue::PriorityQueue;
pub use value::Priority;
