//! What the attributes make behaves as the `async fn` that was written.

mod drop_order;
mod eager;
mod forms;
mod generators;
mod shapes;
