//! What leaves a future around a poll.

use crate::{Verdict, outside::Outside};
use asynkit::{InterruptExt as _, InterruptKind, throw_when, yield_now};
use std::{
    cell::{Cell, RefCell},
    future::{Future, IntoFuture, poll_fn},
    pin::pin,
    rc::Rc,
    sync::Arc,
    task::Poll,
};

/// How a future is left; each but the first with a number of polls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Never,
    /// Dropped instead of one more poll.
    Before(usize),
    /// Dropped in the turn of its last poll.
    After(usize),
    /// Told by a scope inside of the task.
    Told(usize),
    /// Its task is cancelled.
    Cancelled(usize),
    /// An error is thrown into its task.
    Thrown(usize),
}

impl Exit {
    pub(crate) const KINDS: [fn(usize) -> Exit; 5] =
        [Exit::Before, Exit::After, Exit::Told, Exit::Cancelled, Exit::Thrown];
}

/// Leaves the one future of a play that is to be left.
pub(crate) struct Probe {
    exit: Exit,
    verdict: Verdict,
    at: String,
    polls: Cell<usize>,
    is_waiting: Cell<bool>,
    is_told: Cell<bool>,
    is_left: Cell<bool>,
    begun: Cell<usize>,
    alive: Cell<usize>,
    log: RefCell<Vec<String>>,
    outside: Arc<Outside>,
}

struct Alive(Rc<Probe>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.alive.set(self.0.alive.get() - 1);
    }
}

impl Probe {
    pub(crate) fn new(exit: Exit, verdict: Verdict, at: String) -> Self {
        Probe {
            exit,
            verdict,
            at,
            polls: Cell::default(),
            is_waiting: Cell::default(),
            is_told: Cell::default(),
            is_left: Cell::default(),
            begun: Cell::default(),
            alive: Cell::default(),
            log: RefCell::default(),
            outside: Arc::default(),
        }
    }

    /// Awaits it, unless it is left; it is dropped then.
    pub(crate) async fn leave<F: IntoFuture>(&self, future: F) -> Option<F::Output> {
        let ended = match self.exit {
            Exit::Never => Some(self.counted(future).await),
            Exit::Before(n) | Exit::After(n) => self.drops(n, future).await,
            Exit::Told(n) => {
                let trigger = poll_fn(|cx| {
                    if self.polls.get() > n {
                        return Poll::Ready(());
                    }
                    cx.waker().wake_by_ref();
                    Poll::Pending
                });
                let asks = self.counted(future).interruptible();
                // A point that has taken another error in the same poll is dropped, instead of being told.
                throw_when(trigger, InterruptKind::Cancel, asks).await.and_then(|told| told).ok()
            }
            Exit::Cancelled(_) | Exit::Thrown(_) => {
                let ended = self.counted(future).interruptible().await.ok();
                if ended.is_some() && self.is_told.get() {
                    // It was ready, and goes first: the stop comes at the next point that waits.
                    drop(turns(2).interruptible().await);
                }
                ended
            }
        };
        self.is_waiting.set(false);
        self.is_left.set(ended.is_none());
        if ended.is_none() && self.verdict == Verdict::Runs {
            assert_eq!(self.alive.get(), 0, "{}: what it ran was not dropped with it", self.at);
        }
        ended
    }

    async fn drops<F: IntoFuture>(&self, n: usize, future: F) -> Option<F::Output> {
        let mut future = pin!(self.counted(future));
        poll_fn(|cx| {
            if matches!(self.exit, Exit::Before(_)) && self.polls.get() == n {
                return Poll::Ready(None);
            }
            let polled = future.as_mut().poll(cx);
            if matches!(self.exit, Exit::After(_)) && polled.is_pending() && self.polls.get() > n {
                return Poll::Ready(None);
            }
            polled.map(Some)
        })
        .await
    }

    async fn counted<F: IntoFuture>(&self, future: F) -> F::Output {
        let mut future = pin!(future.into_future());
        poll_fn(|cx| {
            let polled = future.as_mut().poll(cx);
            self.polls.set(self.polls.get() + 1);
            self.is_waiting.set(polled.is_pending());
            polled
        })
        .await
    }

    /// Whether its task is to be told now; once.
    pub(crate) fn is_due(&self) -> bool {
        let (Exit::Cancelled(n) | Exit::Thrown(n)) = self.exit else { return false };
        let is_due = self.polls.get() == n && self.is_waiting.replace(false);
        self.is_told.set(self.is_told.get() || is_due);
        is_due
    }

    /// A future for others to run: it waits thrice, and gives 7.
    pub(crate) fn body(self: &Rc<Self>) -> impl Future<Output = u32> + use<> {
        self.begun.set(self.begun.get() + 1);
        self.alive.set(self.alive.get() + 1);
        let alive = Alive(Rc::clone(self));
        async move {
            let _alive = alive;
            turns(3).await;
            7
        }
    }

    /// The same, which waits for something outside of its executor, too.
    pub(crate) fn slow_body(self: &Rc<Self>) -> impl Future<Output = u32> + use<> {
        let (body, outside) = (self.body(), Arc::clone(&self.outside));
        async move {
            outside.wait().await;
            body.await
        }
    }

    /// What goes on outside of the task.
    pub(crate) fn outside(&self) -> Arc<Outside> {
        Arc::clone(&self.outside)
    }

    /// Notes what others meet.
    #[expect(clippy::needless_pass_by_value, reason = "words, numbers and errors, as they come")]
    pub(crate) fn note(&self, what: impl ToString) {
        self.log.borrow_mut().push(what.to_string());
    }

    pub(crate) fn noted(&self) -> String {
        self.log.borrow().join(" ")
    }

    /// Its task is gone, and what it left with it.
    pub(crate) fn drop_task(&self) {
        self.is_left.set(true);
    }

    pub(crate) fn is_left(&self) -> bool {
        self.is_left.get()
    }

    pub(crate) fn polls(&self) -> usize {
        self.polls.get()
    }

    pub(crate) fn begun(&self) -> usize {
        self.begun.get()
    }

    pub(crate) fn alive(&self) -> usize {
        self.alive.get()
    }
}

/// Lets the others run so often.
pub(crate) async fn turns(count: usize) {
    for _ in 0..count {
        yield_now().await;
    }
}
