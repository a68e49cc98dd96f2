//! What futures under test wait for and hold.

use std::{
    cell::Cell,
    future::{Future, Pending, pending, poll_fn},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

/// A point that only an interrupt ends.
pub fn point() -> asynkit::interrupt::Interruptible<Pending<()>> {
    use asynkit::InterruptExt as _;
    pending::<()>().interruptible()
}

/// A flag that a coroutine waits for without being woken: its driver polls it anyway.
#[derive(Clone, Debug, Default)]
pub struct Gate(Rc<Cell<bool>>);

impl Gate {
    /// Lets everybody through.
    pub fn open(&self) {
        self.0.set(true);
    }

    /// Whether it is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.get()
    }

    /// Waits until it is open.
    pub fn wait(&self) -> impl Future<Output = ()> + use<> {
        let gate = self.clone();
        poll_fn(move |_| if gate.is_open() { Poll::Ready(()) } else { Poll::Pending })
    }
}

/// Runs its closure when it is dropped.
#[derive(Debug)]
pub struct OnDrop<F: FnMut()>(pub F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Never ready; holds something, so that its drop can be seen.
#[derive(Debug)]
pub struct Waits<D>(pub D);

impl<D: Unpin> Future for Waits<D> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

/// Suspends once, waking itself: a null sleep.
pub async fn yield_now() {
    let mut is_second = false;
    poll_fn(|cx| {
        if is_second {
            return Poll::Ready(());
        }
        is_second = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
