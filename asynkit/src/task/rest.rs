//! [`Rest`]: what is left of a future that ran to its first suspension on the stack of its caller, for another executor.

use super::PanicPayload;
#[cfg(any(feature = "tokio", feature = "smol"))]
use super::kept;
use crate::{
    context::{self, TaskContext},
    error::{Interrupt, InterruptKind},
    scope::{self, Delivery, Scope},
    waker::IDLE,
};
use alloc::boxed::Box;
use core::{
    any::Any,
    cell::Cell,
    fmt,
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll},
};
use std::panic::catch_unwind;

/// The future, in the box that it does not leave any more; empty once it has ended.
pub(super) type Boxed<F> = Pin<Box<Option<F>>>;

/// What becomes of the box of a future that has ended at its start.
pub(super) trait Keep<F> {
    /// Takes the empty box.
    fn keep(self, empty: Boxed<F>);
}

struct NotKept;

impl<F> Keep<F> for NotKept {
    fn keep(self, empty: Boxed<F>) {
        drop(empty);
    }
}

/// How many starts on other executors may be on the stack of a thread: the next one is spawned.
const DEPTH: u32 = 64;

crate::util::sync::thread_local! {
    static STARTS: Cell<u32> = const { Cell::new(0) };
}

/// What is left of a future that ran to its first suspension: it runs in the context that the first part ran in.
#[cfg_attr(
    not(any(feature = "tokio", feature = "smol")),
    allow(dead_code, reason = "what cancels it is in `spawner`")
)]
pub struct Rest<F> {
    context: TaskContext,
    scope: Scope,
    /// It was polled.
    is_begun: bool,
    /// It was asked to stop again after it had been told.
    is_last: bool,
    /// Empty once it has ended.
    future: Boxed<F>,
}

/// How a first part has ended.
pub(crate) enum First<F: Future> {
    Ready(F::Output),
    Rest(Rest<F>),
    Panicked(PanicPayload),
}

/// How a turn of one that may be cancelled has ended.
#[cfg_attr(
    not(any(feature = "tokio", feature = "smol")),
    allow(dead_code, reason = "what cancels it is in `spawner`")
)]
pub(crate) enum Turn<T> {
    Ready(T),
    Pending,
    /// It was dropped.
    Cancelled,
}

impl<F: Future> Rest<F> {
    /// One that was not polled so far, with a copy of this context.
    #[cfg(any(feature = "tokio", feature = "smol"))]
    #[inline]
    pub(crate) fn new(future: F) -> Self {
        Rest::whole(Box::pin(Some(future)))
    }

    /// The same of one in its box.
    fn whole(future: Boxed<F>) -> Self {
        Rest {
            context: TaskContext::inherited(),
            scope: Scope::new(),
            is_begun: false,
            is_last: false,
            future,
        }
    }

    /// Runs it to its first suspension. What is ready by then costs no more than its box.
    #[inline(always)]
    pub(crate) fn start(future: F) -> First<F> {
        Rest::first(Box::pin(Some(future)), NotKept, ())
    }

    /// The same, and costs no box either where one of the same type was ready before. `hidden` is dropped after the poll.
    #[cfg(any(feature = "tokio", feature = "smol"))]
    #[inline(always)]
    pub(crate) fn start_in<A>(future: F, hidden: A) -> First<F>
    where
        F: 'static,
    {
        let (future, origin) = kept::boxed(future);
        Rest::first(future, origin, hidden)
    }

    #[inline(always)]
    fn first<A>(mut future: Boxed<F>, origin: impl Keep<F>, hidden: A) -> First<F> {
        let depth = STARTS.get();
        if depth >= DEPTH {
            return First::Rest(Rest::whole(future));
        }
        STARTS.set(depth + 1);
        let context = TaskContext::inherited();
        let around = Around {
            context: context::Outside::remember(),
            scope: scope::Outside::enter(),
            depth: Depth(depth),
            hidden,
        };
        context.resume();
        let mut value = None;
        let polled = catch_unwind(AssertUnwindSafe(|| {
            let (polled, has_left) =
                scope::poll_task(&mut Context::from_waker(IDLE), |cx| future_of(&mut future).poll(cx));
            if let Poll::Ready(ready) = polled {
                value = Some(ready);
                if !has_left {
                    future.set(None);
                }
            }
            has_left
        }));
        match (polled, value) {
            (Ok(false), Some(value)) => {
                if !context.is_empty() {
                    end_quietly(context.suspend());
                }
                around.leave();
                origin.keep(future);
                First::Ready(value)
            }
            (polled, value) => go_on(future, context, polled, value, around),
        }
    }
}

/// What a first part hides, each of which gives it back when it is dropped.
struct Around<A> {
    context: context::Outside,
    scope: scope::Outside,
    depth: Depth,
    hidden: A,
}

impl<A> Around<A> {
    /// Drops it; one by one, so that each is inlined.
    #[inline(always)]
    fn leave(self) {
        let Around { context, scope, depth, hidden } = self;
        drop(context);
        drop(scope);
        drop(depth);
        drop(hidden);
    }
}

/// So many starts are on the stack again when it is dropped.
struct Depth(u32);

impl Drop for Depth {
    #[inline(always)]
    fn drop(&mut self) {
        STARTS.set(self.0);
    }
}

/// The end of a first part, where there is more to do than to take its value.
#[cold]
#[inline(never)]
fn go_on<F: Future, A>(
    mut future: Boxed<F>,
    context: TaskContext,
    polled: Result<bool, Box<dyn Any + Send>>,
    value: Option<F::Output>,
    _around: Around<A>,
) -> First<F> {
    let has_left = match polled {
        Ok(has_left) => has_left,
        Err(payload) => return First::Panicked(fail_start(context.suspend(), future, payload)),
    };
    let mut scope = Scope::new();
    if has_left {
        scope.take_in_left();
    }
    let Some(value) = value else {
        let context = context.suspend();
        return First::Rest(Rest { context, scope, is_begun: true, is_last: false, future });
    };
    let dropped = catch_unwind(AssertUnwindSafe(|| future.set(None)));
    let context = context.suspend();
    if let Err(payload) = dropped {
        return First::Panicked(fail_start(context, future, payload));
    }
    end_quietly(context);
    First::Ready(value)
}

/// What destructors of variables panic with is nobody's.
#[inline(never)]
fn end_quietly(context: TaskContext) {
    if let Some(ended) = context.end() {
        let _ = catch_unwind(AssertUnwindSafe(|| drop(ended)));
    }
}

/// A first part has panicked: it is dropped where it ran, and what its destructors panic with comes second.
#[cold]
#[inline(never)]
fn fail_start<F>(mut context: TaskContext, future: Boxed<F>, payload: Box<dyn Any + Send>) -> PanicPayload {
    let payload = PanicPayload::new(payload);
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let _inside = context::Inside::enter(&mut context);
        drop(future);
    }));
    end_quietly(context);
    payload
}

#[cfg_attr(
    not(any(feature = "tokio", feature = "smol")),
    allow(dead_code, reason = "what cancels it is in `spawner`")
)]
impl<F: Future> Rest<F> {
    /// Asks it to stop, as tasks of ours are asked; the turn that follows tells it.
    #[cold]
    pub(crate) fn cancel(&mut self) {
        if self.scope.is_thrown() {
            if !self.scope.is_told() {
                return;
            }
            self.is_last = true;
        }
        self.scope.throw(Interrupt::of_kind(InterruptKind::Cancel));
    }

    /// A poll, with a cancel on offer if there is one.
    #[inline]
    pub(crate) fn turn(&mut self, cx: &mut Context<'_>) -> Turn<F::Output> {
        if self.scope.is_thrown() {
            return self.turn_thrown(cx);
        }
        match Pin::new(self).poll(cx) {
            Poll::Ready(value) => Turn::Ready(value),
            Poll::Pending => Turn::Pending,
        }
    }

    #[cold]
    #[inline(never)]
    fn turn_thrown(&mut self, cx: &mut Context<'_>) -> Turn<F::Output> {
        // What was never polled is dropped without being polled.
        if self.is_begun {
            let told = self.inside(|scope, future| scope.poll_thrown(future_of(future), cx));
            match told {
                Delivery::Ready(value) | Delivery::Unseen(value, _) => return Turn::Ready(value),
                Delivery::Pending if !(self.is_last && self.scope.is_told()) => return Turn::Pending,
                Delivery::Pending | Delivery::Root(_) => {}
            }
        }
        self.end();
        Turn::Cancelled
    }
}

impl<F> Rest<F> {
    /// Runs `f` in the context.
    #[inline]
    fn inside<R>(&mut self, f: impl FnOnce(&mut Scope, &mut Boxed<F>) -> R) -> R {
        let _inside = context::Inside::enter(&mut self.context);
        f(&mut self.scope, &mut self.future)
    }

    /// Drops what is left, in the context that it ran in, and the context.
    #[inline]
    pub(crate) fn end(&mut self) {
        if self.future.is_some() {
            self.inside(|_, future| future.set(None));
            let context = core::mem::replace(&mut self.context, TaskContext::empty());
            drop(context.end());
        }
    }
}

#[inline]
fn future_of<F>(future: &mut Boxed<F>) -> Pin<&mut F> {
    future.as_mut().as_pin_mut().expect("it is there until this has ended")
}

impl<F: Future> Future for Rest<F> {
    type Output = F::Output;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.is_begun = true;
        self.inside(|scope, future| scope.poll(future_of(future), cx))
    }
}

impl<F> Drop for Rest<F> {
    #[inline]
    fn drop(&mut self) {
        self.end();
    }
}

impl<F> fmt::Debug for Rest<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rest").finish_non_exhaustive()
    }
}
