//! Where a coroutine is in its life.

use core::{ops::Deref, panic::Location, pin::Pin};

/// Where a coroutine is in its life.
///
/// # Examples
/// ```
/// use asynkit::{CoroState, CoroStatus, coro};
///
/// coro!(let c = async { 7 });
/// assert_eq!(c.status(), CoroStatus::New);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CoroStatus {
    /// Never polled.
    New,
    /// Being polled.
    Running,
    /// Waits.
    Suspended,
    /// Returned, dropped at its root, or lost to a panic.
    Finished,
}

/// Asks a coroutine where it is.
///
/// # Examples
/// ```
/// use asynkit::{CoroState, CoroStatus, coro};
///
/// coro!(let mut c = async {});
/// assert_eq!(c.status(), CoroStatus::New);
/// asynkit::await_sync(c.as_mut()).unwrap();
/// assert_eq!(c.status(), CoroStatus::Finished);
/// ```
pub trait CoroState {
    /// Where it is in its life.
    fn status(&self) -> CoroStatus;

    /// The line of the await that it is suspended at, where that await is on a leaf of this crate: an interrupt point,
    /// an `oob`, a handle's `ayield`.
    ///
    /// It is recorded in builds with debug assertions and with the feature `std`, and `None` in others.
    fn frame(&self) -> Option<&'static Location<'static>> {
        None
    }
}

impl<P: Deref<Target: CoroState>> CoroState for Pin<P> {
    fn status(&self) -> CoroStatus {
        (**self).status()
    }

    fn frame(&self) -> Option<&'static Location<'static>> {
        (**self).frame()
    }
}

/// Whether it was never polled.
///
/// # Examples
/// ```
/// asynkit::coro!(let c = async {});
/// assert!(asynkit::coro_is_new(&c));
/// ```
pub fn coro_is_new(coroutine: &impl CoroState) -> bool {
    coroutine.status() == CoroStatus::New
}

/// Whether it waits.
///
/// # Examples
/// ```
/// asynkit::start!(let c = std::future::pending::<()>());
/// assert!(asynkit::coro_is_suspended(&c));
/// ```
pub fn coro_is_suspended(coroutine: &impl CoroState) -> bool {
    coroutine.status() == CoroStatus::Suspended
}

/// Whether it has ended.
///
/// # Examples
/// ```
/// asynkit::start!(let c = async {});
/// assert!(asynkit::coro_is_finished(&c));
/// ```
#[doc(alias = "coro_is_done")]
pub fn coro_is_finished(coroutine: &impl CoroState) -> bool {
    coroutine.status() == CoroStatus::Finished
}

/// The line of the await that it is suspended at; see [`CoroState::frame`] for when it is known.
///
/// # Examples
/// ```
/// use asynkit::InterruptExt as _;
///
/// asynkit::start!(let c = async {
///     std::future::pending::<()>().interruptible().await.ok() // this line
/// });
/// if cfg!(debug_assertions) {
///     assert_eq!(asynkit::coro_get_frame(&c).unwrap().file(), file!());
/// }
/// ```
pub fn coro_get_frame(coroutine: &impl CoroState) -> Option<&'static Location<'static>> {
    coroutine.frame()
}
