//! What tasks do.

use std::{
    future::Future,
    hint::black_box,
    pin::Pin,
    task::{Context, Poll},
};

/// A job that is ready, and that the compiler does not know to be.
pub(super) async fn job(i: u32) -> u32 {
    if black_box(false) {
        Yield(false).await;
    }
    black_box(i)
}

pub(super) async fn job_once(i: u32) -> u32 {
    Yield(false).await;
    black_box(i)
}

/// Wakes itself, and is ready the next time.
pub(super) struct Yield(pub(super) bool);

impl Future for Yield {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// A task that yields so many times.
pub(super) async fn turns(n: u32) {
    for _ in 0..n {
        Yield(false).await;
    }
}
