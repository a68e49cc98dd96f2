//! [`Context`], and [`Scope`]: a future that runs in one.

use super::{
    frame::{Entered, Frame},
    list::List,
};
use core::{
    fmt,
    future::{Future, IntoFuture},
    marker::PhantomData,
    mem,
    pin::Pin,
    task::{self, Poll},
};
use pin_project_lite::pin_project;

/// The values of a set of [`ContextVar`](super::ContextVar)s.
///
/// It is entered for the length of a call with [`run`](Self::run), or for each poll of a future with
/// [`scope`](Self::scope); what is set meanwhile stays in it. Both take it by `&mut`, so that entering it twice at once
/// does not compile:
/// ```compile_fail,E0499
/// let mut context = asynkit::Context::current();
/// let first = context.scope(async {});
/// let second = context.scope(async {});
/// # async { first.await; second.await };
/// ```
/// A copy costs one reference count, and memory only for what was set since the last one: values are shared until one of
/// the two sets the variable.
///
/// # Examples
/// ```
/// use asynkit::{Context, ContextVar};
///
/// static USER: ContextVar<&str> = ContextVar::new();
///
/// let mut context = Context::default();
/// context.run(|| USER.set("ada"));
/// let mut copy = context.copy();
/// copy.run(|| USER.set("bob"));
/// assert_eq!(context.run(|| USER.get()), Some("ada"));
/// assert_eq!(copy.run(|| USER.get()), Some("bob"));
/// ```
pub struct Context(State);

enum State {
    /// Not entered so far.
    Loose(List),
    Framed(&'static Frame),
}

impl Context {
    /// A copy of the context that this code runs in, or of the thread's own if none was entered.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Context, ContextVar};
    ///
    /// static USER: ContextVar<&str> = ContextVar::new();
    /// USER.set("ada");
    /// let mut context = Context::current();
    /// USER.set("bob");
    /// assert_eq!(context.run(|| USER.get()), Some("ada"));
    /// ```
    #[doc(alias = "get_current_context")]
    pub fn current() -> Context {
        Context(State::Loose(Frame::current().map_or(List::new(), Frame::copy)))
    }

    /// A copy of this one.
    ///
    /// # Examples
    /// ```
    /// let context = asynkit::Context::current();
    /// let mut copy = context.copy();
    /// copy.run(|| ());
    /// ```
    #[must_use = "this is the copy"]
    pub fn copy(&self) -> Context {
        Context(State::Loose(self.list()))
    }

    /// What a task gets that is spawned here: a copy without the [uninherited](super::ContextVar::uninherited)
    /// variables.
    ///
    /// Executors that know nothing of contexts are given it by hand.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Context, ContextVar};
    ///
    /// static USER: ContextVar<&str> = ContextVar::new();
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// USER.set("ada");
    /// let mut context = Context::current().inherited();
    /// let task = tokio::spawn(async move { context.scope(async { USER.get() }).await });
    /// USER.set("bob");
    /// assert_eq!(task.await.unwrap(), Some("ada"));
    /// # }
    /// ```
    #[must_use = "this is the copy"]
    pub fn inherited(&self) -> Context {
        Context(State::Loose(self.list().inherited()))
    }

    /// Runs `f` in it; what `f` sets stays in it.
    ///
    /// The thread is back where it was when `f` returns or unwinds.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{ContextVar, copy_context};
    ///
    /// static DEPTH: ContextVar<u32> = ContextVar::new();
    /// let mut context = copy_context();
    /// context.run(|| DEPTH.set(1));
    /// assert_eq!(context.run(|| DEPTH.get()), Some(1));
    /// assert_eq!(DEPTH.get(), None);
    /// ```
    #[inline]
    pub fn run<R>(&mut self, f: impl FnOnce() -> R) -> R {
        let _entered = self.enter();
        f()
    }

    /// Runs a future in it: each poll, and its drop; what it sets stays in it.
    ///
    /// # Cancel safety
    /// As cancel safe as what it runs, which is dropped with it; nothing else is lost. The drop is in the context,
    /// too; what was set before stays set.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{ContextVar, await_sync, copy_context};
    ///
    /// static USER: ContextVar<&str> = ContextVar::new();
    /// let mut context = copy_context();
    /// await_sync(context.scope(async { USER.set("ada") }))?;
    /// assert_eq!(context.run(|| USER.get()), Some("ada"));
    /// assert_eq!(USER.get(), None);
    /// # Ok::<(), asynkit::SynchronousError>(())
    /// ```
    pub fn scope<F: IntoFuture>(&mut self, future: F) -> Scope<'_, F::IntoFuture> {
        let frame = self.frame();
        Scope {
            enter: EnterDrop(frame),
            future: future.into_future(),
            leave: LeaveDrop(frame),
            context: PhantomData,
        }
    }

    /// Enters it, until the guard is dropped.
    #[inline]
    pub(super) fn enter(&mut self) -> Entered {
        self.frame().enter()
    }

    #[cfg(feature = "executor")]
    pub(super) fn of(list: List) -> Self {
        Context(State::Loose(list))
    }

    /// Gives its frame away.
    #[cfg(feature = "executor")]
    pub(super) fn into_frame(mut self) -> &'static Frame {
        let frame = self.frame();
        self.0 = State::Loose(List::new());
        frame
    }

    fn list(&self) -> List {
        match &self.0 {
            State::Loose(list) => list.clone(),
            State::Framed(frame) => frame.copy(),
        }
    }

    #[inline]
    fn frame(&mut self) -> &'static Frame {
        match &mut self.0 {
            State::Framed(frame) => frame,
            State::Loose(list) => {
                let frame = Frame::take(mem::replace(list, List::new()));
                self.0 = State::Framed(frame);
                frame
            }
        }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if let State::Framed(frame) = self.0 {
            drop(frame.give_back());
        }
    }
}

impl Clone for Context {
    fn clone(&self) -> Self {
        self.copy()
    }
}

/// A context in which no variable is set.
impl Default for Context {
    fn default() -> Self {
        Context(State::Loose(List::new()))
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("variables", &self.list().len()).finish_non_exhaustive()
    }
}

/// A copy of the context that this code runs in: [`Context::current`] under its Python name.
///
/// # Examples
/// ```
/// let mut context = asynkit::copy_context();
/// assert_eq!(context.run(|| 1), 1);
/// ```
#[must_use = "this is the copy"]
pub fn copy_context() -> Context {
    Context::current()
}

/// Runs a future in `context`; what it sets stays there. [`Context::scope`] as a function.
///
/// # Cancel safety
/// As cancel safe as what it runs, which is dropped with it; nothing else is lost.
///
/// # Examples
/// ```
/// use asynkit::{ContextVar, await_sync, coro_await, copy_context};
///
/// static USER: ContextVar<&str> = ContextVar::new();
/// let mut context = copy_context();
/// await_sync(coro_await(async { USER.set("ada") }, &mut context))?;
/// assert_eq!(context.run(|| USER.get()), Some("ada"));
/// # Ok::<(), asynkit::SynchronousError>(())
/// ```
pub fn coro_await<F: IntoFuture>(future: F, context: &mut Context) -> Scope<'_, F::IntoFuture> {
    context.scope(future)
}

pin_project! {
    /// A future that runs in a context: what [`Context::scope`] and [`coro_await`] give.
    ///
    /// The context is entered for each poll and for the drop of the future, and left when they end, by a panic too.
    /// It is the future's as long as this lives.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{ContextVar, await_sync, context::Scope, copy_context};
    ///
    /// static DEPTH: ContextVar<u32> = ContextVar::new();
    ///
    /// let mut context = copy_context();
    /// let scope: Scope<'_, _> = context.scope(async { DEPTH.set(1) });
    /// assert_eq!(DEPTH.get(), None); // nothing runs before it is awaited
    /// await_sync(scope)?;
    /// # Ok::<(), asynkit::SynchronousError>(())
    /// ```
    #[must_use = "futures do nothing unless awaited or polled"]
    pub struct Scope<'a, F> {
        // Fields are dropped in this order: the future's destructor runs in the context as its polls do.
        enter: EnterDrop,
        #[pin]
        future: F,
        leave: LeaveDrop,
        // It lends the frame.
        context: PhantomData<&'a mut Context>,
    }
}

impl<F: Future> Future for Scope<'_, F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _entered = this.enter.0.enter();
        this.future.poll(cx)
    }
}

impl<F> fmt::Debug for Scope<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").finish_non_exhaustive()
    }
}

struct EnterDrop(&'static Frame);

impl Drop for EnterDrop {
    fn drop(&mut self) {
        self.0.enter_drop();
    }
}

struct LeaveDrop(&'static Frame);

impl Drop for LeaveDrop {
    fn drop(&mut self) {
        self.0.leave_drop();
    }
}
