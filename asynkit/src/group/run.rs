//! [`task_group`], [`task_group_on`]: the body, and the wait for the children.

use super::{
    GroupError, TaskGroup,
    members::{Members, Phase},
    part::{Part, Turn},
};
use crate::{
    error::{BoxError, Interrupt, InterruptKind},
    scope::{Listener, Mark},
    spawner::{Local, Spawner},
    task::PanicPayload,
};
use alloc::{boxed::Box, sync::Arc};
use core::{
    future::Future,
    mem,
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll},
};
use pin_project_lite::pin_project;
use std::panic::catch_unwind;

/// Runs `body`, which starts children, and ends when all of them have ended.
///
/// The children are tasks of the executor that runs the caller. No child outlives the group, and no error is lost: the first
/// one, of a child or of the body, asks all the others to [stop](TaskGroup::cancel), and the group waits until they have
/// cleaned up. Children are `'static`, the body may borrow.
///
/// # Errors
/// [`GroupError`] with the errors and panics of the body and of all children. A body that was dropped because the group was
/// cancelled has no value: the error says so.
///
/// # Cancel safety
/// As cancel safe as what it runs, which is dropped with it; nothing else is lost. Dropping it drops the body at
/// once, and has the children dropped at their next turns, without being told. It is an [interrupt
/// point](crate::InterruptExt::interruptible): told of an error while the body does not ask, or while it waits for
/// its children, it asks all of them to stop, waits for them, and has the interrupt among its errors. So a task that
/// is cancelled, or times out, leaves its children time to clean up.
///
/// # Examples
/// ```
/// use asynkit::{Executor, sleep, task_group};
/// use std::{io, time::Duration};
///
/// async fn fetch(page: u32) -> io::Result<String> {
///     sleep(Duration::from_millis(1)).await;
///     Ok(format!("page {page}"))
/// }
///
/// let pages = Executor::run(task_group(async |g| {
///     let first = g.start_soon(fetch(1));
///     let second = g.start_soon(fetch(2));
///     Ok(first.await? + ", " + &second.await?)
/// }));
/// assert_eq!(pages.unwrap(), "page 1, page 2");
/// ```
#[doc(alias = "create_eager_task_group")]
#[doc(alias = "EagerTaskGroup")]
pub fn task_group<T, B>(body: B) -> impl Future<Output = Result<T, GroupError>>
where
    B: AsyncFnOnce(TaskGroup) -> Result<T, BoxError>,
{
    task_group_on(Local, body)
}

/// The same with the children on another executor.
///
/// The body runs where this is awaited. On executors of several threads children are `Send`; the future of the group is
/// `Send` where its body is.
///
/// # Errors
/// As [`task_group`].
///
/// # Cancel safety
/// As cancel safe as what it runs, which is dropped with it; nothing else is lost. See [`task_group`].
///
/// # Examples
/// ```
/// use asynkit::{Executor, spawner::Local, task_group_on};
///
/// let sum = Executor::run(task_group_on(Local, async |g| { // or `Tokio`, `TokioLocal`, `Smol`, `SmolLocal`
///     let children: Vec<_> = (1..=3).map(|n| g.spawn(async move { Ok::<u32, std::io::Error>(n) })).collect();
///     let mut sum = 0;
///     for child in children {
///         sum += child.await?;
///     }
///     Ok(sum)
/// }));
/// assert_eq!(sum.unwrap(), 6);
/// ```
pub fn task_group_on<S, T, B>(spawner: S, body: B) -> impl Future<Output = Result<T, GroupError>>
where
    S: Spawner,
    B: AsyncFnOnce(TaskGroup<S>) -> Result<T, BoxError>,
{
    let members = Arc::new(Members::new());
    let group = TaskGroup::new(Arc::clone(&members), spawner);
    let body = Part::new(async move { body(group).await });
    let listener = Listener::new();
    Run { body: Some(body), value: None, is_asked: false, listener, is_told: false, members }
}

pin_project! {
    /// A group at work.
    struct Run<T, B> {
        // `None`: it has ended.
        #[pin]
        body: Option<Part<B>>,
        value: Option<T>,
        // The body was asked to stop.
        is_asked: bool,
        listener: Listener,
        // The group itself was told of an error.
        is_told: bool,
        members: Arc<Members>,
    }

    impl<T, B> PinnedDrop for Run<T, B> {
        fn drop(this: Pin<&mut Self>) {
            this.project().members.abandon();
        }
    }
}

impl<T, B: Future<Output = Result<T, BoxError>>> Run<T, B> {
    /// A turn of the body; whether it has ended.
    fn turn(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> bool {
        let mut this = self.as_mut().project();
        let Some(mut body) = this.body.as_mut().as_pin_mut() else { return true };
        let phase = this.members.phase();
        let turned = catch_unwind(AssertUnwindSafe(|| {
            match phase {
                Phase::Cancelled if !mem::replace(this.is_asked, true) => body.as_mut().cancel(),
                Phase::Open | Phase::Cancelled => {}
                Phase::Aborted | Phase::Closed => body.as_mut().end(),
            }
            body.as_mut().turn(cx)
        }));
        let untold = match turned {
            Ok(Turn::Pending) => return false,
            Ok(Turn::Ready(Ok(value))) => {
                *this.value = Some(value);
                None
            }
            Ok(Turn::Ready(Err(error))) => this.members.fail_body(error, body.is_passed_on()),
            Ok(Turn::Dropped) => None,
            Err(payload) => {
                // What the destructors panic with comes second.
                let _ = catch_unwind(AssertUnwindSafe(|| body.as_mut().end()));
                this.members.fail_body(Box::new(PanicPayload::new(payload)), false)
            }
        };
        drop(untold);
        this.body.set(None);
        if !*this.is_told {
            // What the body was told of is for the wait, too.
            this.listener.finish();
        }
        true
    }
}

impl<T, B: Future<Output = Result<T, BoxError>>> Future for Run<T, B> {
    type Output = Result<T, GroupError>;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.members.set_owner(cx.waker());
        let mut mark = Mark::now();
        loop {
            let was_running = self.body.is_some();
            let has_ended = self.as_mut().turn(cx);
            let this = self.as_mut().project();
            if has_ended {
                if let Some(mut errors) = this.members.close() {
                    if errors.is_empty() {
                        match this.value.take() {
                            Some(value) => return Poll::Ready(Ok(value)),
                            None => errors.push_told(Interrupt::of_kind(InterruptKind::Cancel)),
                        }
                    }
                    return Poll::Ready(Err(GroupError::new(errors.into_vec())));
                }
                if was_running && !*this.is_told {
                    mark = Mark::now();
                }
                // The end of the children wakes it now, and not only a stop: whoever asks what may wake the task is to know.
                drop(cx.waker().clone());
            }
            let Some(told) = this.listener.listen_since(mark, cx) else { return Poll::Pending };
            *this.is_told = true;
            // It is kept, since the group has not ended.
            drop(this.members.fail_body(told.into(), false));
        }
    }
}
