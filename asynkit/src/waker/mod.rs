//! The wakers that we make.

mod idle;

pub(crate) use idle::IDLE;
