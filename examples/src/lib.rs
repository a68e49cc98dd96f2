//! What the examples share: the larger ones keep their parts here, so that tests and benchmarks can use them too.

pub mod kv;
pub mod priority;
pub mod resp;
pub mod signals;
pub mod worker;
