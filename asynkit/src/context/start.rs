//! Started coroutines whose parts run in contexts.

use super::{Context, Scope};
use crate::coro::{Coro, CoroStart, Deferred};
use core::{future::Future, ops::DerefMut, pin::Pin};

impl<P, F> CoroStart<P>
where
    P: DerefMut<Target = Coro<F>>,
    F: Future,
    Pin<P>: Unpin,
{
    /// The rest of the coroutine, run in `context`.
    ///
    /// # Cancel safety
    /// As cancel safe as what it runs, which is dropped with it; nothing else is lost.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{ContextVar, copy_context, start};
    ///
    /// static USER: ContextVar<&str> = ContextVar::new();
    ///
    /// # asynkit::await_sync(async {
    /// let mut context = copy_context();
    /// context.run(|| USER.set("ada"));
    /// start!(let c = async {
    ///     let first = USER.get();
    ///     suspend_once().await;
    ///     (first, USER.get())
    /// });
    /// assert_eq!(c.as_coroutine(&mut context).await, (None, Some("ada")));
    /// # }).unwrap();
    /// # async fn suspend_once() {
    /// #     let mut polled = false;
    /// #     std::future::poll_fn(|cx| {
    /// #         if std::mem::replace(&mut polled, true) { return std::task::Poll::Ready(()) }
    /// #         cx.waker().wake_by_ref();
    /// #         std::task::Poll::Pending
    /// #     }).await
    /// # }
    /// ```
    pub fn as_coroutine(self, context: &mut Context) -> Scope<'_, Self> {
        context.scope(self)
    }
}

impl<P, F> Deferred<P>
where
    P: DerefMut<Target = Coro<F>>,
    F: Future,
{
    /// Runs it to its first suspension, in `context`; the rest runs where it is awaited.
    ///
    /// # Panics
    /// Where the coroutine has finished, or panics.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{ContextVar, CoroStart, copy_context, coro};
    ///
    /// static USER: ContextVar<&str> = ContextVar::new();
    ///
    /// let mut context = copy_context();
    /// context.run(|| USER.set("ada"));
    /// coro!(let c = async { USER.get() });
    /// let started = CoroStart::deferred(c).start_in(&mut context);
    /// assert_eq!(started.into_result().unwrap(), Some("ada"));
    /// ```
    #[track_caller]
    pub fn start_in(self, context: &mut Context) -> CoroStart<P> {
        // Not in a closure: the caller's line is what `start` passes on.
        let _entered = context.enter();
        self.start()
    }
}
