//! [`Erased`]: a called body on the stack.
//!
//! # Invariants
//! 1. A called body holds the address of the airlock. It is dropped before the airlock is, or never.
//! 2. **Threads.** The stack has erased whether a called body is `Send`. It is polled and dropped on the thread on which
//!    it was called; on another one only after its `Call` was polled or dropped there. That future has the called
//!    body's type in its own, so code that took it to another thread has shown that the type is `Send`. (A generator
//!    does not show it by itself: a call that was polled by hand and forgotten leaves no trace in the type of its body.)
//!    A called body of which it is never shown is leaked, as was the future that stood for it.
#![allow(unsafe_code, reason = "called bodies move with the generator")]

use alloc::boxed::Box;
use core::{
    any::Any,
    future::Future,
    pin::Pin,
    ptr::NonNull,
    task::{Context, Poll},
};
use pin_project_lite::pin_project;

/// A called body on the stack.
pub(super) struct Erased(Pin<Box<dyn Callee>>);

impl Erased {
    pub(super) fn new<Fut: Future<Output: 'static> + 'static>(callee: Fut) -> Self {
        Erased(Box::pin(Callable { future: Some(callee), result: None }))
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().run(cx)
    }

    /// What it has returned, a `T`.
    pub(super) fn into_value<T: 'static>(mut self) -> Option<T> {
        self.0.as_mut().result().downcast_mut::<Option<T>>().and_then(Option::take)
    }
}

// SAFETY: it is polled and dropped on its own thread, or was shown to be `Send` (invariant 2).
unsafe impl Send for Erased {}

trait Callee {
    /// Polls it; its value is kept.
    fn run(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()>;
    /// The value: an `Option<T>`.
    fn result(self: Pin<&mut Self>) -> &mut dyn Any;
}

pin_project! {
    struct Callable<Fut, T> {
        #[pin]
        future: Option<Fut>,
        result: Option<T>,
    }
}

impl<Fut: Future<Output = T>, T: 'static> Callee for Callable<Fut, T> {
    #[inline]
    fn run(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else { return Poll::Pending };
        let Poll::Ready(value) = future.poll(cx) else { return Poll::Pending };
        *this.result = Some(value);
        this.future.set(None);
        Poll::Ready(())
    }

    fn result(self: Pin<&mut Self>) -> &mut dyn Any {
        self.project().result
    }
}

/// The address of a called body on the stack.
///
/// As long as `Airlock::top` gives it, the body lies in its box on the stack, and is not being polled. Bodies are
/// touched by [`Top::poll`], `run` and `drop_frames` only. The latter two, as all that changes the stack, take the flag
/// `TOP` away; and they do not come while it is polled here: a body is dropped by its caller, which is not polled then,
/// or with the generator.
#[derive(Clone, Copy)]
pub(in crate::generator) struct Top(NonNull<dyn Callee>);

// SAFETY: it is used as the body is that it points to (invariant 2).
unsafe impl Send for Top {}

impl Top {
    pub(super) fn of(callee: &mut Erased) -> Self {
        // SAFETY: nothing is moved out of the box.
        Top(NonNull::from(unsafe { callee.0.as_mut().get_unchecked_mut() }))
    }

    #[inline(always)]
    pub(in crate::generator) fn poll(mut self, cx: &mut Context<'_>) -> Poll<()> {
        // SAFETY: it was given by `Airlock::top` just now, see the type.
        let callee = unsafe { self.0.as_mut() };
        // SAFETY: it is pinned in its box.
        unsafe { Pin::new_unchecked(callee) }.run(cx)
    }
}
