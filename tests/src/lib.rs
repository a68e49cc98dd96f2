//! What the tests share: wakers that count, drivers that step, traces.

mod trace;

pub use trace::Trace;
