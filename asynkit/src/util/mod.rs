//! What more than one part is built on, and no user sees.

pub(crate) mod cold;
pub(crate) mod each;
pub(crate) mod heap;
pub(crate) mod sync;
