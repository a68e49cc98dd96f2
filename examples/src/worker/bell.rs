//! [`Bell`]: wakes who waits for something on this thread to change.

use std::{
    cell::RefCell,
    future::poll_fn,
    task::{Poll, Waker},
};

/// Rung whenever something has changed.
#[derive(Debug, Default)]
pub(super) struct Bell {
    waiting: RefCell<Vec<Waker>>,
}

impl Bell {
    pub(super) fn ring(&self) {
        for waker in self.waiting.take() {
            waker.wake();
        }
    }

    /// Waits until `look` finds something; it looks now, and whenever the bell rings.
    pub(super) async fn until<T>(&self, mut look: impl FnMut() -> Option<T>) -> T {
        poll_fn(|cx| {
            if let Some(found) = look() {
                return Poll::Ready(found);
            }
            let mut waiting = self.waiting.borrow_mut();
            if !waiting.iter().any(|waker| waker.will_wake(cx.waker())) {
                waiting.push(cx.waker().clone());
            }
            Poll::Pending
        })
        .await
    }
}
