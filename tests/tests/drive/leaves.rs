//! Futures that wait in the ways that a sync drive has to tell apart.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    thread,
};

/// Waits for ever, and keeps the waker in sight of the test.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks(pub(crate) Arc<Mutex<Option<Waker>>>);

impl Future for Blocks {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        *self.0.lock().unwrap() = Some(cx.waker().clone());
        Poll::Pending
    }
}

/// A null sleep: wakes itself without storing the waker.
pub(crate) async fn null_sleep() {
    let mut is_first = true;
    poll_fn(|cx| {
        if std::mem::take(&mut is_first) {
            cx.waker().wake_by_ref();
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
}

/// A null sleep that is woken through a clone of the waker, on another thread.
pub(crate) async fn null_sleep_by_thread() {
    let mut is_first = true;
    poll_fn(|cx| {
        if std::mem::take(&mut is_first) {
            let waker = cx.waker().clone();
            thread::spawn(move || waker.wake()).join().unwrap();
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
}

/// Calls its function when it is dropped.
pub(crate) struct OnDrop<F: FnMut()>(pub(crate) F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
