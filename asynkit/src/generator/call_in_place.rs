//! [`Co::call`] without `std`: nothing tells threads apart, so the called body stays where it was called.

use super::{
    Co,
    airlock::{Airlock, Handle},
};
use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

impl<Y, R> Airlock<Y, R> {
    #[expect(clippy::unused_self, reason = "the interface of both forms")]
    pub(super) fn may_drop_frames(&self) -> bool {
        true
    }

    #[expect(clippy::unused_self, reason = "the interface of both forms")]
    pub(super) fn drop_frames(&self, _from: usize) {}
}

pub(super) struct Innermost<'a, Fut, Y, R> {
    body: Pin<&'a mut Fut>,
    airlock: &'a Airlock<Y, R>,
}

impl<'a, Fut, Y, R> Innermost<'a, Fut, Y, R> {
    pub(super) fn new(body: Pin<&'a mut Fut>, airlock: &'a Airlock<Y, R>) -> Self {
        Innermost { body, airlock }
    }
}

impl<Fut: Future, Y, R> Future for Innermost<'_, Fut, Y, R> {
    type Output = Fut::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Fut::Output> {
        self.airlock.polled_by(cx.waker());
        self.body.as_mut().poll(cx)
    }
}

/// See [`Co::call`].
pub(super) async fn call<T, F, Y, R>(handle: Handle<'_, Y, R>, body: F) -> T
where
    F: for<'x> AsyncFnOnce(Co<'x, Y, R>) -> T,
{
    body(Co::new(handle)).await
}
