//! What a sync drive does once the future has suspended; all of it cold.

use super::{
    report::{BlockReason, Blocked, Origin, SynchronousError},
    sync::SyncDrive,
};
use crate::{
    error::{Interrupt, InterruptKind},
    scope::{Delivery, Scope},
    waker::{Asked, Flag, ask},
};
use core::{
    future::Future,
    hint::black_box,
    pin::Pin,
    task::{Context, Poll},
};

/// Drives a future on that was polled `polls` times so far, and was pending each time.
#[cold]
#[inline(never)]
pub(super) fn drive_on<F: Future>(
    future: Pin<&mut F>,
    polls: usize,
    drive: SyncDrive,
    origin: Origin,
) -> Result<F::Output, SynchronousError> {
    let mut value = None;
    // Through a pointer that the optimiser cannot see through, so that the future's own `poll` stays a function with a
    // name of its own in the backtraces, also without debug information.
    let poll: fn(Pin<&mut F>, &mut Context<'_>) -> Poll<F::Output> = black_box(F::poll);
    let ended = until_blocked(&mut Store { future, poll, value: &mut value }, polls, drive);
    match (ended, value) {
        (Ok(()), Some(value)) => Ok(value),
        (Ok(()), None) => unreachable!("a future that is ready has left its value"),
        (Err(blocked), _) => Err(SynchronousError::new(blocked, origin)),
    }
}

/// A future that puts the value of another aside, so that the rest need not know its type.
struct Store<'a, F: Future> {
    future: Pin<&'a mut F>,
    poll: fn(Pin<&mut F>, &mut Context<'_>) -> Poll<F::Output>,
    value: &'a mut Option<F::Output>,
}

/// Nothing is pinned in it but what is behind the pointer.
impl<F: Future> Unpin for Store<'_, F> {}

impl<F: Future> Future for Store<'_, F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let poll = self.poll;
        poll(self.future.as_mut(), cx).map(|value| *self.value = Some(value))
    }
}

type Body<'a> = &'a mut (dyn Future<Output = ()> + Unpin + 'a);

fn until_blocked(body: Body<'_>, polls: usize, drive: SyncDrive) -> Result<(), Blocked> {
    let mut driven = Driven { body, drive, flag: Flag::new(), spins: polls, has_slept: false };
    let mut scope = Scope::new();
    let Err((mut reason, asked)) = driven.run(&mut scope) else { return Ok(()) };
    let mut was_told = false;
    if matches!(reason, BlockReason::Waiting | BlockReason::NeverWoken) {
        match driven.abort(&mut scope) {
            Abort::Returned => return Ok(()),
            Abort::Dropped => {}
            Abort::WaitsAgain => was_told = true,
            Abort::Spins(why) => (reason, was_told) = (why, true),
        }
    }
    Err(Blocked { reason, was_told, is_captured: drive.capture, asked })
}

/// A future under a drive.
struct Driven<'a> {
    body: Body<'a>,
    drive: SyncDrive,
    /// What its waker sets.
    flag: Flag,
    /// How often it was polled again after it had woken itself.
    spins: usize,
    /// It woke itself in its last poll.
    has_slept: bool,
}

/// How a future answered the abort.
enum Abort {
    Returned,
    /// It asked nowhere: its owner drops it.
    Dropped,
    WaitsAgain,
    Spins(BlockReason),
}

impl Future for Driven<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // What woke it before is answered by this poll.
        self.flag.take();
        let polled = Pin::new(&mut *self.body).poll(cx);
        self.has_slept = self.flag.take();
        polled
    }
}

impl Driven<'_> {
    /// Polls until the future is ready, or is found to wait.
    fn run(&mut self, scope: &mut Scope) -> Result<(), (BlockReason, Asked)> {
        let mut asks = self.drive.capture;
        loop {
            let waker = self.flag.waker().clone();
            let mut cx = Context::from_waker(&waker);
            let (polled, asked) = if asks {
                ask(|| scope.poll_asked(Pin::new(&mut *self), &mut cx))
            } else {
                (scope.poll(Pin::new(&mut *self), &mut cx), Asked::default())
            };
            drop(waker);
            if polled.is_ready() {
                return Ok(());
            }
            if self.has_slept {
                self.count().map_err(|reason| (reason, asked))?;
                // Looking is dear, and a future that yields will yield again.
                asks = false;
            } else if self.drive.capture && !asks {
                asks = true;
                // A waker that the leaf has not seen, so that it is stored again while we look.
                self.flag = Flag::new();
            } else if self.flag.is_kept() {
                return Err((BlockReason::Waiting, asked));
            } else {
                return Err((BlockReason::NeverWoken, asked));
            }
        }
    }

    /// Tells the future that it cannot wait, and lets it end.
    fn abort(&mut self, scope: &mut Scope) -> Abort {
        scope.throw(Interrupt::of_kind(InterruptKind::SyncAbort));
        let waker = self.flag.waker().clone();
        let mut cx = Context::from_waker(&waker);
        loop {
            if scope.is_thrown() {
                match scope.poll_thrown(Pin::new(&mut *self), &mut cx) {
                    Delivery::Ready(()) | Delivery::Unseen((), _) => return Abort::Returned,
                    Delivery::Root(_) => return Abort::Dropped,
                    Delivery::Pending => {}
                }
            } else if scope.poll(Pin::new(&mut *self), &mut cx).is_ready() {
                return Abort::Returned;
            }
            if self.has_slept {
                if let Err(reason) = self.count() {
                    return Abort::Spins(reason);
                }
            } else if !self.flag.take() {
                // Nor has the scope asked for another poll, for leaves under a sub-executor.
                return Abort::WaitsAgain;
            }
        }
    }

    /// Counts a null sleep, if it may go on after it.
    fn count(&mut self) -> Result<(), BlockReason> {
        match self.drive.max_spins {
            _ if self.drive.strict => Err(BlockReason::WokeItself),
            Some(limit) if self.spins >= limit => Err(BlockReason::TooManySpins(limit)),
            _ => {
                self.spins = self.spins.saturating_add(1);
                Ok(())
            }
        }
    }
}
