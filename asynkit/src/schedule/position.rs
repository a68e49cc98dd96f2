//! [`sleep_insert`] and [`task_reinsert`]: where in the ready queue.

use super::ScheduleError;
use crate::{
    engine::{self, Place, Shared},
    task::TaskRef,
};
use core::{
    fmt,
    future::Future,
    panic::Location,
    pin::Pin,
    task::{Context, Poll},
};

/// Suspends the caller, which runs again after `pos` other entries of the ready queue; after all where there are fewer.
///
/// With 0 nothing runs in between. The position is taken when it is first polled. A caller that is moved by
/// [`task_reinsert`] or [`task_switch`](super::task_switch) runs when its turn comes.
///
/// # Panics
/// Where it is polled outside of the tasks of an executor: nobody could wake it.
///
/// # Cancel safety
/// Not undone: what it has done before it is dropped stays done. The task keeps its place in the queue, and is polled
/// there.
///
/// # Examples
/// ```
/// use asynkit::{Executor, sleep_insert, spawn};
///
/// Executor::run(async {
///     let tasks = [0, 1, 2].map(|n| spawn(async move { n }));
///     sleep_insert(2).await;
///     assert_eq!(tasks.map(|task| task.is_finished()), [true, true, false]);
/// });
/// ```
#[track_caller]
pub const fn sleep_insert(pos: usize) -> SleepInsert {
    SleepInsert { pos: Some(pos), turn: Turn::New, site: Location::caller() }
}

/// The caller at the end of its priority.
#[track_caller]
pub(super) const fn sleep_end() -> SleepInsert {
    SleepInsert { pos: None, turn: Turn::New, site: Location::caller() }
}

/// The future of [`sleep_insert`].
///
/// # Examples
/// ```
/// use asynkit::{Executor, sleep_insert};
///
/// let after_one = sleep_insert(1);
/// Executor::run(async { after_one.await; });
/// ```
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct SleepInsert {
    pos: Option<usize>,
    turn: Turn,
    site: &'static Location<'static>,
}

impl Future for SleepInsert {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.turn {
            Turn::New => {
                self.sleep(cx);
                Poll::Pending
            }
            turn @ Turn::Asleep(..) => turn.poll(cx),
        }
    }
}

impl SleepInsert {
    #[inline(never)]
    fn sleep(&mut self, cx: &Context<'_>) {
        engine::with_current(|shared| {
            let Some(shared) = shared else { nobody(self.site) };
            let is_own = shared.is_of_current(cx.waker());
            let Some(place) = shared.place_current(self.pos) else { nobody(self.site) };
            self.turn.sleep(place, is_own, cx);
        });
    }
}

#[cold]
#[inline(never)]
fn nobody(site: &Location<'_>) -> ! {
    panic!("no executor runs the caller: the `sleep_insert` at {site} needs one to be woken by")
}

impl fmt::Debug for SleepInsert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SleepInsert").field("pos", &self.pos).finish_non_exhaustive()
    }
}

/// The sleep of a task that has a place in the queue.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Turn {
    New,
    /// It has been polled so many times since it has the place.
    Asleep(Place, u8),
}

/// How often a sleep is polled in one turn of its task before it ends all the same.
///
/// A combinator that polls what was woken (`FuturesUnordered`) does it a few times; a loop that blocks on it inside of the
/// task would do it for ever.
const POLLS: u8 = 64;

impl Turn {
    /// `is_own`: the waker is that of the task.
    #[inline(always)]
    pub(crate) fn sleep(&mut self, place: Place, is_own: bool, cx: &Context<'_>) {
        *self = Turn::Asleep(place, 0);
        // The task has its place; combinators poll only what was woken.
        if !is_own {
            cx.waker().wake_by_ref();
        }
    }

    #[inline(always)]
    pub(crate) fn poll(&mut self, cx: &Context<'_>) -> Poll<()> {
        if engine::with_current(|shared| shared.is_none_or(Shared::is_nobody_placed)) {
            return Poll::Ready(());
        }
        self.poll_again(cx)
    }

    /// The same where the task may not have suspended since it has the place.
    #[cold]
    #[inline(never)]
    fn poll_again(&mut self, cx: &Context<'_>) -> Poll<()> {
        let Turn::Asleep(place, polls) = self else { return Poll::Ready(()) };
        let is_placed = engine::with_current(|shared| shared.is_some_and(|shared| shared.is_placed(*place)));
        if *polls == POLLS || !is_placed {
            return Poll::Ready(());
        }
        *polls += 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Moves a task that is in the ready queue, so that `pos` others run before it; all where there are fewer.
///
/// # Errors
/// [`NotScheduled`](ScheduleError::NotScheduled) where the task waits, runs or has ended; one that was cancelled or woken
/// is in the queue. The other errors as [`ScheduleError`] says. Nothing has changed then.
///
/// # Examples
/// ```
/// use asynkit::{Executor, sleep_insert, spawn, task_reinsert};
///
/// Executor::run(async {
///     let [first, second] = [1, 2].map(|n| spawn(async move { n }));
///     task_reinsert(&second, 0).unwrap();
///     sleep_insert(1).await;
///     assert!(second.is_finished() && !first.is_finished());
/// });
/// ```
pub fn task_reinsert(task: &TaskRef, pos: usize) -> Result<(), ScheduleError> {
    engine::with_current(|shared| {
        let shared = executor_of(task, shared)?;
        if shared.requeue(task.id(), pos) { Ok(()) } else { Err(ScheduleError::NotScheduled) }
    })
}

/// The executor that runs here, if it is the task's.
#[inline]
pub(super) fn executor_of<'a>(
    task: &TaskRef,
    shared: Option<&'a Shared>,
) -> Result<&'a Shared, ScheduleError> {
    let shared = shared.ok_or(ScheduleError::NoExecutor)?;
    if shared.number == task.id().parts().executor { Ok(shared) } else { Err(ScheduleError::WrongExecutor) }
}
