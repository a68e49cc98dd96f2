//! Coroutines that are started at once, stepped, thrown into and closed, without an executor.
//!
//! | | |
//! |---|---|
//! | [`Coro`] | a future in a slot: it knows its status, it can be closed and dropped in place |
//! | [`coro!`](crate::coro!) | pins one on the stack |
//! | [`CoroStart`], [`start!`](crate::start!) | ran to its first suspension when it was made; awaiting it runs the rest |
//! | [`coro_iter`] | its suspensions, one by one |

mod deferred;
mod iter;
mod slot;
mod start;
mod state;
mod throw;

pub use deferred::Deferred;
pub use iter::{CoroIter, coro_iter};
pub use slot::Coro;
pub use start::CoroStart;
pub use state::{CoroState, CoroStatus, coro_get_frame, coro_is_finished, coro_is_new, coro_is_suspended};
pub use throw::{Aclose, Athrow};
