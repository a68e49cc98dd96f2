//! [`Deferred`]: a coroutine that is started later.

use crate::coro::{Coro, CoroStart, CoroState, CoroStatus};
use core::{
    fmt,
    future::Future,
    ops::{Deref, DerefMut},
    pin::Pin,
};

/// A coroutine that is to be started; from [`CoroStart::deferred`].
///
/// # Examples
/// ```
/// use asynkit::{CoroStart, Deferred, coro};
///
/// coro!(let c = async { 7 });
/// let deferred: Deferred<_> = CoroStart::deferred(c);
/// assert_eq!(deferred.start().into_result().unwrap(), 7);
/// ```
#[must_use = "it runs when it is started"]
pub struct Deferred<P>(Pin<P>);

impl<P> Deferred<P> {
    pub(super) const fn new(coro: Pin<P>) -> Self {
        Deferred(coro)
    }
}

impl<P, F> Deferred<P>
where
    P: DerefMut<Target = Coro<F>>,
    F: Future,
{
    /// Runs it to its first suspension.
    ///
    /// # Panics
    /// Where the coroutine has finished, or panics.
    ///
    /// # Examples
    /// ```
    /// asynkit::coro!(let mut c = std::future::pending::<()>());
    /// assert!(asynkit::CoroStart::deferred(c.as_mut()).start().is_pending());
    /// ```
    #[track_caller]
    pub fn start(self) -> CoroStart<P> {
        CoroStart::new(self.0)
    }
}

impl<P: Deref<Target: CoroState>> CoroState for Deferred<P> {
    fn status(&self) -> CoroStatus {
        self.0.status()
    }
}

impl<P: Deref<Target: CoroState>> fmt::Debug for Deferred<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deferred").field("status", &self.status()).finish_non_exhaustive()
    }
}
