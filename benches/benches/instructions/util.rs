//! What the operations share.

use std::future::Future;
use std::hint::black_box;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures::Stream;

/// Ready after so many polls that are pending; wakes nobody.
/// Pending for as long as a run lasts.
pub(crate) const NEVER: After = After(u32::MAX);

pub(crate) struct After(pub(crate) u32);

impl Future for After {
    type Output = u64;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u64> {
        if self.0 == 0 {
            return Poll::Ready(black_box(1));
        }
        self.0 -= 1;
        Poll::Pending
    }
}

pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
pub(crate) type BoxedStream<'a> = Pin<Box<dyn Stream<Item = u64> + 'a>>;

/// A future whose type nobody knows any more.
pub(crate) fn boxed<'a, T>(future: impl Future<Output = T> + 'a) -> Boxed<'a, T> {
    black_box(Box::pin(future))
}

/// A stream whose type nobody knows any more.
pub(crate) fn boxed_stream<'a>(stream: impl Stream<Item = u64> + 'a) -> BoxedStream<'a> {
    black_box(Box::pin(stream))
}

/// The context of a poll that nobody waits for.
pub(crate) fn context() -> Context<'static> {
    Context::from_waker(Waker::noop())
}

/// Polls to the end: what is measured never waits for anybody.
#[inline]
pub(crate) fn finish<F: Future + ?Sized>(mut future: Pin<&mut F>) -> F::Output {
    let mut cx = context();
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
    }
}

/// Takes all items.
#[inline]
pub(crate) fn exhaust<S: Stream<Item = u64> + ?Sized>(mut stream: Pin<&mut S>) {
    let mut cx = context();
    let mut sum = 0_u64;
    while let Poll::Ready(Some(item)) = stream.as_mut().poll_next(&mut cx) {
        sum = sum.wrapping_add(item);
    }
    black_box(sum);
}
