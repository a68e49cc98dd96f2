//! [`task_throw`] and [`task_interrupt`]: errors for tasks.

use crate::{
    engine::{self, Receipt, Refused, Throw},
    error::{BoxError, Interrupt},
    schedule::Turn,
    task::TaskRef,
};
use alloc::rc::Rc;
use core::{
    error::Error,
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

/// A throw was refused: nothing has changed, and the error comes back.
///
/// # Examples
/// ```
/// use asynkit::{Executor, interrupt::Refused, spawn, task_throw};
///
/// Executor::run(async {
///     let task = spawn(async {});
///     asynkit::yield_now().await;
///     let refused = task_throw(&task, "too late").unwrap_err();
///     assert_eq!(refused.why, Refused::Done);
///     assert_eq!(refused.error.to_string(), "too late");
/// });
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct ThrowRefused {
    /// Why.
    pub why: Refused,
    /// The error, as it was thrown; a stop as the [`Interrupt`] that it is.
    pub error: BoxError,
}

impl ThrowRefused {
    #[cold]
    #[inline(never)]
    fn new((why, error): (Refused, Interrupt)) -> Self {
        ThrowRefused { why, error: error.into_box() }
    }
}

impl fmt::Display for ThrowRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.why {
            Refused::Running => "it runs",
            Refused::Done => "it has ended",
            Refused::Stopping => "it is being stopped",
            Refused::Completed => "it has returned before anybody took the error",
        };
        write!(f, "the task cannot be interrupted, {why}: {}", self.error)
    }
}

impl Error for ThrowRefused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.error)
    }
}

/// Throws `error` into a task, which is told of it in its next turn; the caller goes on.
///
/// The task runs at the end of its priority then: one that waits, and one that was ready already. In that turn one
/// [interrupt point](crate::InterruptExt::interruptible) that would wait takes the error, and the task goes on. If none
/// does, the task is dropped where it waits, with [`TaskError::Interrupted`](crate::TaskError::Interrupted); one that was
/// never polled is dropped without a poll. Several errors are told in their order, one a turn. A task that it merely
/// awaits is not touched.
///
/// An error that is an [`Interrupt`] keeps its kind: a stop is told to every point until the task ends, as a
/// [`cancel`](TaskRef::cancel) is.
///
/// # Errors
/// [`Running`](Refused::Running) where the task is the caller or has started it, [`Done`](Refused::Done) where it has
/// ended, [`Stopping`](Refused::Stopping) where it is being stopped. An error for a task that returns before it was told
/// is dropped: [`task_interrupt`] gives it back.
///
/// # Examples
/// ```
/// use asynkit::{Executor, InterruptExt as _, spawn, task_throw, yield_now};
/// use std::future::pending;
///
/// Executor::run(async {
///     let worker = spawn(async {
///         let told = pending::<()>().interruptible().await.unwrap_err();
///         told.to_string()
///     });
///     yield_now().await;
///     task_throw(&worker, "reload")?;
///     assert_eq!(worker.await?, "interrupted: reload");
///     Ok::<_, Box<dyn std::error::Error>>(())
/// })
/// .unwrap();
/// ```
pub fn task_throw(task: &TaskRef, error: impl Into<BoxError>) -> Result<(), ThrowRefused> {
    throw(task, Throw::new(Interrupt::new(error)))
}

fn throw(task: &TaskRef, throw: Throw) -> Result<(), ThrowRefused> {
    let thrown = match engine::find(task.id().parts().executor) {
        Some(shared) => shared.throw(task.id(), throw),
        None => Err((Refused::Done, throw.into_error())),
    };
    thrown.map_err(ThrowRefused::new)
}

/// Throws `error` into a task and runs it at once: when this returns, the task has seen the error.
///
/// It is [`task_throw`] and [`task_switch`](crate::task_switch): the task runs next, whatever its priority, and the caller
/// when its turn comes, at the end of its priority. Where the task waits in a [`shield`](crate::shield), the caller waits
/// until that is over. It also works where the caller is no task of the same executor; the task has its turn then when
/// its executor runs.
///
/// # Errors
/// As [`task_throw`], and [`Completed`](Refused::Completed) where the task has returned before anybody took the error;
/// [`Done`](Refused::Done) also where it was dropped meanwhile by an abort or by an error that was thrown before.
///
/// # Cancel safety
/// Not undone: what it has done before it is dropped stays done. The error is thrown in the first poll. Dropped
/// later, it is still told; one that would come back is dropped.
///
/// # Examples
/// ```
/// use asynkit::{Executor, InterruptExt as _, spawn, task_interrupt, yield_now};
/// use std::{cell::Cell, future::pending, rc::Rc};
///
/// Executor::run(async {
///     let loaded = Rc::new(Cell::new(0));
///     let counts = loaded.clone();
///     let worker = spawn(async move {
///         while pending::<()>().interruptible().await.is_err() {
///             counts.set(counts.get() + 1); // a new configuration
///         }
///     });
///     yield_now().await;
///     task_interrupt(&worker, "reload").await?;
///     assert_eq!(loaded.get(), 1);
///     Ok::<_, asynkit::interrupt::ThrowRefused>(())
/// })
/// .unwrap();
/// ```
pub fn task_interrupt(task: &TaskRef, error: impl Into<BoxError>) -> TaskInterrupt {
    TaskInterrupt { task: *task, error: Some(Interrupt::new(error)), receipt: None, turn: Turn::New }
}

/// The future of [`task_interrupt`].
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct TaskInterrupt {
    task: TaskRef,
    /// At first.
    error: Option<Interrupt>,
    /// After the throw, until it has told what became of the error.
    receipt: Option<Rc<Receipt>>,
    /// The sleep of the caller, where the two are tasks of one executor.
    turn: Turn,
}

impl Future for TaskInterrupt {
    type Output = Result<(), ThrowRefused>;

    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // What most polls give is known here. What the others give is made anew of what a call gives, so that it is in
        // registers.
        let polled = if self.error.is_some() {
            match self.throw(cx) {
                Thrown::Asleep => return Poll::Pending,
                other => self.thrown(&other, cx),
            }
        } else if self.turn.poll(cx).is_pending() {
            return Poll::Pending;
        } else if self.is_seen() {
            return Poll::Ready(Ok(()));
        } else {
            self.wait(cx)
        };
        polled.map(|refused| refused.map_or(Ok(()), Err))
    }
}

/// What has become of a throw.
enum Thrown {
    /// The caller sleeps until the task has run.
    Asleep,
    /// The task is to run, and the caller has no place in its queue.
    Awake,
    Refused(Refused),
    /// The task is of another executor, and nothing was done so far.
    Far,
}

impl TaskInterrupt {
    /// Throws it, and switches to the task if that is one of the caller's executor.
    #[inline(never)]
    fn throw(&mut self, cx: &Context<'_>) -> Thrown {
        let id = self.task.id();
        engine::with_current(|shared| {
            let own = shared.filter(|shared| shared.number == id.parts().executor && shared.has_current());
            let Some(shared) = own else { return Thrown::Far };
            let Some(error) = &mut self.error else { ended() };
            let receipt = shared.receipt();
            match shared.interrupt(id, error, &receipt) {
                Ok(place) => {
                    // What is left of it owns nothing, and there was no receipt before.
                    mem::forget((self.error.take(), self.receipt.replace(receipt)));
                    let Some(place) = place else { return Thrown::Awake };
                    self.turn.sleep(place, shared.is_of_current(cx.waker()), cx);
                    Thrown::Asleep
                }
                Err(why) => {
                    receipt.forgo();
                    Thrown::Refused(why)
                }
            }
        })
    }

    /// After a throw that the caller does not sleep for.
    #[cold]
    #[inline(never)]
    fn thrown(&mut self, thrown: &Thrown, cx: &Context<'_>) -> Poll<Option<ThrowRefused>> {
        let error = match thrown {
            Thrown::Awake | Thrown::Asleep => return self.wait(cx),
            Thrown::Refused(_) | Thrown::Far => self.error.take(),
        };
        let Some(error) = error else { ended() };
        if let &Thrown::Refused(why) = thrown {
            return Poll::Ready(Some(ThrowRefused::new((why, error))));
        }
        let receipt = Rc::<Receipt>::default();
        if let Err(refused) = throw(&self.task, Throw::with_receipt(error, &receipt)) {
            return Poll::Ready(Some(refused));
        }
        self.receipt = Some(receipt);
        self.wait(cx)
    }

    /// Whether it was seen; what tells it is not needed any more then.
    #[inline(always)]
    fn is_seen(&mut self) -> bool {
        let is_seen = self.receipt.as_ref().is_some_and(|receipt| receipt.is_seen());
        if is_seen {
            self.receipt = None;
        }
        is_seen
    }

    /// Waits until it was seen, or comes back.
    #[cold]
    #[inline(never)]
    fn wait(&mut self, cx: &Context<'_>) -> Poll<Option<ThrowRefused>> {
        let Some(receipt) = &self.receipt else { ended() };
        let polled = receipt.poll(cx);
        if polled.is_ready() {
            self.receipt = None;
        }
        polled.map(|told| told.err().map(ThrowRefused::new))
    }
}

#[cold]
#[inline(never)]
fn ended() -> ! {
    panic!("a `TaskInterrupt` was polled after it had ended")
}

impl fmt::Debug for TaskInterrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskInterrupt")
            .field("task", &self.task)
            .field("is_thrown", &self.error.is_none())
            .finish_non_exhaustive()
    }
}
