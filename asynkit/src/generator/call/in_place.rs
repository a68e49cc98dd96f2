//! The same without `std`: nothing tells threads apart, so the called body stays where it was called.

use super::Whose;
use crate::generator::{
    Co,
    airlock::{Airlock, Handle},
};
use core::task::{Context, Poll};

#[expect(clippy::unused_self, reason = "the interface of both forms")]
impl<Y, R> Airlock<Y, R> {
    pub(in crate::generator) fn may_drop_frames(&self) -> bool {
        true
    }

    pub(in crate::generator) fn drop_frames(&self, _from: usize) {}

    pub(in crate::generator) fn top(&self) -> Option<Top> {
        None
    }

    pub(in crate::generator) fn go_on(&self, _polled: Poll<()>, _cx: &mut Context<'_>) -> Whose {
        Whose::Body
    }

    pub(in crate::generator) fn poll_frames(&self, _cx: &mut Context<'_>) -> Whose {
        Whose::Body
    }

    pub(in crate::generator) fn poll_frames_after_body(&self, _cx: &mut Context<'_>) -> Whose {
        Whose::Owner
    }
}

/// No called body is polled apart from its caller.
pub(in crate::generator) enum Top {}

impl Top {
    pub(in crate::generator) fn poll(self, _cx: &mut Context<'_>) -> Poll<()> {
        match self {}
    }
}

/// See [`Co::call`].
pub(in crate::generator) async fn call<T, F, Y, R>(handle: Handle<'_, Y, R>, body: F) -> T
where
    F: for<'x> AsyncFnOnce(Co<'x, Y, R>) -> T,
{
    body(Co::new(handle)).await
}
