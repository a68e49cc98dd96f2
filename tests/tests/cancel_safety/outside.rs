//! What comes from outside of an executor, or of a thread.

use std::{
    future::poll_fn,
    mem::take,
    sync::{Mutex, PoisonError},
    task::{Poll, Waker},
};

/// Comes after more turns than a wait takes to begin: no clock says so, which would be over at once on a slow machine.
const TURNS: usize = 20;

/// How many turns there were, and who waits for which.
#[derive(Default)]
pub(crate) struct Outside(Mutex<(usize, Vec<(usize, Waker)>)>);

impl Outside {
    /// Waits for it, on any thread.
    pub(crate) async fn wait(&self) {
        let mut due = None;
        poll_fn(|cx| {
            let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let due = *due.get_or_insert_with(|| inner.0.saturating_add(TURNS));
            if inner.0 >= due {
                return Poll::Ready(());
            }
            inner.1.push((due, cx.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    /// A turn, in which it comes to some.
    pub(crate) fn turn(&self) {
        self.pass(1);
    }

    /// It comes to all who are left.
    pub(crate) fn end(&self) {
        self.pass(usize::MAX);
    }

    fn pass(&self, turns: usize) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.0 = inner.0.saturating_add(turns);
        let now = inner.0;
        let (due, left): (Vec<_>, _) = take(&mut inner.1).into_iter().partition(|(due, _)| *due <= now);
        inner.1 = left;
        drop(inner);
        for (_, waker) in due {
            waker.wake();
        }
    }
}
