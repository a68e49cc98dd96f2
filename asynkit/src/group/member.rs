//! [`Member`]: the future of a child, which tells its group how it has ended.

use super::{
    ChildFailed, GroupError,
    child::Joined,
    members::{self, Members, Request, Seat},
    part::{Part, Turn},
    start::Start,
};
use crate::{
    error::{BoxError, Interrupt, InterruptKind},
    task::PanicPayload,
};
use alloc::{boxed::Box, sync::Arc};
use core::{
    any::Any,
    convert::Infallible,
    fmt,
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll},
};
use pin_project_lite::pin_project;
use std::{panic::catch_unwind, thread};

/// What a child returns: `()`, a `Result` whose error fails the group, or nothing ever.
///
/// # Examples
/// ```
/// use asynkit::group::ChildOutput;
///
/// assert!(().into_result().is_ok());
/// assert_eq!(Ok::<_, std::io::Error>(1).into_result().unwrap(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "a child of a task group returns `()` or a `Result`, not `{Self}`",
    note = "the error of the `Result` converts into `Box<dyn Error + Send + Sync>`"
)]
pub trait ChildOutput {
    /// The value of a child that has not failed.
    type Value: 'static;

    /// The value, or the error that fails the group.
    fn into_result(self) -> Result<Self::Value, BoxError>;
}

impl ChildOutput for () {
    type Value = ();

    fn into_result(self) -> Result<(), BoxError> {
        Ok(())
    }
}

/// Of a child that never returns, `async { loop { .. } }`: it ends when it is stopped, or panics.
#[expect(private_interfaces, reason = "it is `!`, which is nobody's")]
impl ChildOutput for Never {
    type Value = Infallible;

    fn into_result(self) -> Result<Infallible, BoxError> {
        match self {}
    }
}

/// `!`, which has no name of its own here.
type Never = <fn() -> ! as Returns>::Output;

trait Returns {
    type Output;
}

impl<T> Returns for fn() -> T {
    type Output = T;
}

impl<T: 'static, E: Into<BoxError>> ChildOutput for Result<T, E> {
    type Value = T;

    fn into_result(self) -> Result<T, BoxError> {
        self.map_err(Into::into)
    }
}

/// How a child has ended.
pub(super) enum End<T> {
    Value(T),
    /// It was asked to stop, or was dropped.
    Cancelled,
    /// A panic is a `PanicPayload`.
    Failed(BoxError),
}

/// Who hears of a child, beside its group.
enum Report<T, V> {
    Child(Arc<Joined<T>>),
    Starter(Arc<Start<V>>),
}

impl<T, V> Report<T, V> {
    /// Tells the handle and the group; an error that nobody waits for comes back.
    fn tell(&self, end: End<T>, members: &Members) -> Option<BoxError> {
        match self {
            Report::Child(joined) => {
                let (result, untold) = match end {
                    End::Value(value) => (Ok(value), None),
                    End::Cancelled => (Err(ChildFailed::cancelled()), None),
                    End::Failed(error) => (Err(ChildFailed::failed(members.number())), members.fail(error)),
                };
                joined.settle(result);
                untold
            }
            Report::Starter(start) => start.end(end).and_then(|error| members.fail(error)),
        }
    }
}

pin_project! {
    /// What a [`TaskGroup`](super::TaskGroup) spawns for a child: a [`Spawner`](crate::spawner::Spawner) that runs the
    /// children of groups is one that runs these. It is `Send` where the child `F` is, its value, and what it is started
    /// with.
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Member<F: Future, V>
    where
        F::Output: ChildOutput,
    {
        #[pin]
        part: Part<F>,
        // `None`: it has left the group.
        seat: Option<Seat>,
        report: Report<<F::Output as ChildOutput>::Value, V>,
    }

    impl<F: Future, V> PinnedDrop for Member<F, V>
    where
        F::Output: ChildOutput,
    {
        fn drop(this: Pin<&mut Self>) {
            if this.seat.is_none() {
                return;
            }
            let mut this = this;
            let end = match catch_unwind(AssertUnwindSafe(|| this.as_mut().project().part.end())) {
                Ok(()) => End::Cancelled,
                Err(payload) => panicked(payload),
            };
            this.leave(end);
        }
    }
}

impl<F: Future, V> Member<F, V>
where
    F::Output: ChildOutput,
{
    pub(super) fn new(future: F, seat: Seat) -> (Self, Arc<Joined<<F::Output as ChildOutput>::Value>>) {
        let joined = Arc::new(Joined::new());
        let report = Report::Child(Arc::clone(&joined));
        (Member { part: Part::new(future), seat: Some(seat), report }, joined)
    }

    pub(super) fn with_start(future: F, seat: Seat, start: Arc<Start<V>>) -> Self {
        Member { part: Part::new(future), seat: Some(seat), report: Report::Starter(start) }
    }

    /// A turn of the child; `None`: it has suspended.
    fn turn(
        self: Pin<&mut Self>,
        request: Request,
        cx: &mut Context<'_>,
    ) -> Option<End<<F::Output as ChildOutput>::Value>> {
        let mut part = self.project().part;
        if request.is_aborted {
            part.end();
            return Some(End::Cancelled);
        }
        if request.is_cancelled {
            part.as_mut().cancel();
        }
        let output = match part.as_mut().turn(cx) {
            Turn::Pending => return None,
            Turn::Dropped => return Some(End::Cancelled),
            Turn::Ready(output) => output,
        };
        Some(match output.into_result() {
            Ok(value) => End::Value(value),
            Err(error) if is_answer(&error, part.is_passed_on()) => End::Cancelled,
            Err(error) => End::Failed(error),
        })
    }

    /// Tells of the end, and leaves the group; the future was dropped before.
    fn leave(self: Pin<&mut Self>, end: End<<F::Output as ChildOutput>::Value>) {
        let this = self.project();
        let Some(seat) = this.seat.take() else { return };
        seat.control.end();
        let untold = this.report.tell(end, &seat.members);
        drop(seat);
        let panic = untold.and_then(|error| error.downcast::<PanicPayload>().ok());
        // The group was dropped: a panic goes where those of other tasks go that nobody awaits.
        if let Some(payload) = panic.filter(|_| !thread::panicking()) {
            payload.resume();
        }
    }
}

/// Whether an error only says that its child was asked to stop: it still holds what it was asked with.
fn is_answer(error: &BoxError, is_passed_on: bool) -> bool {
    if let Some(told) = error.downcast_ref::<Interrupt>() {
        return is_passed_on || told.kind() == InterruptKind::Cancel;
    }
    // One that holds other errors as well is none.
    let has_others = |group: &GroupError| !group.errors().all(members::is_stop);
    is_passed_on && !error.downcast_ref().is_some_and(has_others)
}

#[cold]
fn panicked<T>(payload: Box<dyn Any + Send>) -> End<T> {
    End::Failed(Box::new(PanicPayload::new(payload)))
}

impl<F: Future, V> Future for Member<F, V>
where
    F::Output: ChildOutput,
{
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.as_mut().project();
        let Some(seat) = this.seat else { return Poll::Ready(()) };
        let request = seat.control.turn(cx.waker());
        if let Report::Starter(start) = &*this.report {
            start.begin();
        }
        let end = match catch_unwind(AssertUnwindSafe(|| self.as_mut().turn(request, cx))) {
            Ok(Some(end)) => end,
            Ok(None) => {
                if let Report::Starter(start) = &*self.as_mut().project().report {
                    start.suspend();
                }
                return Poll::Pending;
            }
            Err(payload) => {
                // What the destructors panic with comes second.
                let _ = catch_unwind(AssertUnwindSafe(|| self.as_mut().project().part.end()));
                panicked(payload)
            }
        };
        self.leave(end);
        Poll::Ready(())
    }
}

impl<F: Future, V> fmt::Debug for Member<F, V>
where
    F::Output: ChildOutput,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member").field("has_ended", &self.seat.is_none()).finish_non_exhaustive()
    }
}
