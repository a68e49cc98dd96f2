//! [`call()`]: the future that stands for a called body in its caller.
//!
//! # Invariants
//! Those of the called bodies that it makes (`callee.rs`).
#![allow(unsafe_code, reason = "called bodies borrow from the airlock")]

use super::callee::Erased;
use crate::generator::{
    Co,
    airlock::{Address, Airlock, Handle, flag},
};
use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

/// See [`Co::call`].
pub(in crate::generator) fn call<'a, T, F, Y, R>(
    handle: Handle<'a, Y, R>,
    body: F,
) -> Call<'a, impl Future<Output = T> + use<T, F, Y, R>, Y, R>
where
    F: for<'x> AsyncFnOnce(Co<'x, Y, R>) -> T + 'static,
    T: 'static,
    Y: 'static,
    R: 'static,
{
    // SAFETY: the airlock is pinned. The called body is in this future, which the handle's lifetime keeps inside the
    // caller's body, or on the stack; both are dropped before the airlock, or leaked (invariant 1).
    let erased = unsafe { Address::of(&*handle).handle::<'static>() };
    Call { callee: Some(body(Co::new(erased))), at: 0, serial: 0, handle }
}

/// The future of a call.
pub(in crate::generator) struct Call<'a, Fut, Y, R> {
    /// The called body before the first poll; and the type that shows whether it is `Send`.
    callee: Option<Fut>,
    at: usize,
    /// 0: not called yet, or returned.
    serial: u64,
    handle: Handle<'a, Y, R>,
}

// The called body is not pinned before it is on the stack.
impl<Fut, Y, R> Unpin for Call<'_, Fut, Y, R> {}

impl<Fut, Y, R> Call<'_, Fut, Y, R>
where
    Fut: Future<Output: 'static> + 'static,
{
    /// Puts the called body on top of what runs now.
    fn push(&mut self, cx: &Context<'_>) {
        let Some(at) = self.handle.frames(|frames| frames.place()) else { return };
        // What its caller has called before and forgotten.
        self.handle.drop_frames(at);
        let Some(callee) = self.callee.take() else { return };
        let (code, waker) = (Erased::new(callee), foreign(&self.handle, cx));
        self.at = at;
        self.serial = self.handle.frames(|frames| frames.push(code, waker));
        self.handle.add_flags(flag::FRAMES);
    }
}

impl<Fut, Y, R> Future for Call<'_, Fut, Y, R>
where
    Fut: Future<Output: 'static> + 'static,
{
    type Output = Fut::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Fut::Output> {
        let this = self.get_mut();
        if this.serial == 0 {
            this.push(cx);
            return Poll::Pending;
        }
        let mut waker = foreign(&this.handle, cx);
        let code = this.handle.frames(|frames| frames.finished(this.at, this.serial, &mut waker));
        drop(waker);
        let Some(code) = code else { return Poll::Pending };
        this.serial = 0;
        if this.at == 0 {
            this.handle.remove_flags(flag::FRAMES);
        }
        code.into_value().map_or(Poll::Pending, Poll::Ready)
    }
}

impl<Fut, Y, R> Drop for Call<'_, Fut, Y, R> {
    fn drop(&mut self) {
        if self.serial != 0 && self.handle.frames(|frames| frames.is_left(self.at, self.serial)) {
            self.handle.drop_frames(self.at);
        }
    }
}

/// The waker, if it is that of a sub-executor.
fn foreign<Y, R>(airlock: &Airlock<Y, R>, cx: &Context<'_>) -> Option<Waker> {
    if airlock.is_polled_by(cx.waker()) { None } else { Some(cx.waker().clone()) }
}
