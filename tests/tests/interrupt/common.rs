//! What the rules are shown with.

use futures::FutureExt;
use std::{
    cell::Cell,
    future::{Future, pending, poll_fn},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

/// Polls once with a waker that wakes nobody.
pub(crate) fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// A point that only an interrupt ends.
pub(crate) fn point() -> asynkit::interrupt::Interruptible<std::future::Pending<()>> {
    use asynkit::InterruptExt as _;
    pending::<()>().interruptible()
}

/// A flag that a coroutine waits for without being woken: its driver polls it anyway.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gate(Rc<Cell<bool>>);

impl Gate {
    pub(crate) fn open(&self) {
        self.0.set(true);
    }

    pub(crate) fn is_open(&self) -> bool {
        self.0.get()
    }

    pub(crate) fn wait(&self) -> impl Future<Output = ()> + use<> {
        let gate = self.clone();
        poll_fn(move |_| if gate.is_open() { Poll::Ready(()) } else { Poll::Pending })
    }
}

/// Runs its closure when it is dropped.
pub(crate) struct OnDrop<F: FnMut()>(pub(crate) F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Suspends once, waking itself.
pub(crate) async fn yield_now() {
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

/// Runs a future to its end on this thread, parking while it waits.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    smol::block_on(future)
}

/// The value, if it is there without a wait.
pub(crate) fn now<F: Future>(future: F) -> Option<F::Output> {
    future.now_or_never()
}
