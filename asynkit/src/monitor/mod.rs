//! Talking to a coroutine from outside, while it runs on whatever polls it.
//!
//! A coroutine that holds a monitor sends its owner an item with `oob`, and is suspended until the owner answers. Its
//! other awaits are none of the monitor's business: they reach the executor as ever.
//!
//! ```
//! use asynkit::{Interrupt, Monitor, Step};
//! use std::pin::pin;
//!
//! # asynkit::await_sync(async {
//! let m = Monitor::<&str, u32>::new();
//! let mut c = pin!(async {
//!     let n = m.oob("size?").await?;
//!     Ok::<_, Interrupt>(n * 2)
//! });
//! assert_eq!(m.start(c.as_mut()).await.unwrap(), "size?");
//! let Step::Done(size) = m.asend(c.as_mut(), 21).await else { panic!("asked again") };
//! assert_eq!(size.unwrap(), 42);
//! # }).unwrap();
//! ```
//!
//! # Which one
//!
//! | | [`Monitor`] | [`LocalMonitor`] |
//! |---|---|---|
//! | in a `Send` future, in a `static` | yes | no |
//! | messages | `Send` | any |
//! | a round trip costs | four compare-exchanges more | least |
//!
//! # Several of everything
//!
//! One monitor serves any number of coroutines in turn, each at its own `oob`, but one call at a time: the future of a
//! call keeps others out until it is ready or dropped. A coroutine is known by its address while it waits: pin it
//! before it is driven, or [`bind`](Monitor::bind) it. Monitors nest: what is driven through an inner one may send
//! through the outer one.
//!
//! An error that is thrown reaches an `oob` wherever it waits. It reaches an interrupt point under a sub-executor, which
//! polls a child only when that was woken, if the coroutine is bound ([`BoundMonitor`]) or the child is polled anyway.
//!
//! An `oob` need not be awaited by the coroutine itself. In joined branches, in the children of a `FuturesUnordered`,
//! in other tasks and on other threads it queues up, and the owner is woken: such items come in order, when the
//! coroutine itself has nothing to say, and each answer goes back to the `oob` that its item came from. Nobody drives,
//! and no coroutine waits at an `oob`: that is [`NotActive`](crate::NotActive).
//!
//! # Limits
//! Any number of coroutines and of letters may wait in one monitor. Monitors that nest are polled through each other: a
//! level takes at most 4 KiB of stack in a debug build, and 512 bytes in an optimised one. In the 2 MiB that a thread
//! has, 500 levels are safe in the one and 4000 in the other.

#[expect(unnameable_types, reason = "the trait is sealed by it")]
mod airlock;
mod bound;
mod call;
mod driver;
mod futures;
#[expect(unnameable_types, missing_debug_implementations, reason = "a part of the sealed trait")]
mod gate;
mod monitors;
mod oob;
mod parcel;
#[expect(unnameable_types, missing_debug_implementations, reason = "an associated type of the sealed trait")]
mod shared;
#[expect(unnameable_types, missing_debug_implementations, reason = "an associated type of the sealed trait")]
mod slots;
mod throw;
mod told;
#[expect(unnameable_types, missing_debug_implementations, reason = "a bound of the sealed trait")]
mod turnstile;
mod unwinding;

pub use airlock::Airlock;
pub use bound::BoundMonitor;
pub(crate) use driver::Driver;
pub use futures::{Asend, Start, TryAwait};
pub use monitors::{LocalMonitor, Monitor};
pub use oob::Oob;
pub use throw::{Aclose, Athrow};
