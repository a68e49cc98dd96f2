//! [`TaskGroup`]: starts children.

use super::{
    child::Child,
    member::{ChildOutput, Member},
    members::{Members, Phase},
    start::{Start, Started, TaskStatus},
};
use crate::spawner::{Local, Rest, Spawn};
use alloc::sync::Arc;
use core::{fmt, future::Future};

/// The handle of a [task group](super::task_group): it starts children, and stops them all.
///
/// Children may keep clones of it, and start children, too. Nothing is started in a group that was cancelled, has failed, or
/// has ended: the future is dropped without a poll, and its [`Child`] has failed.
///
/// # Examples
/// Children that start children:
/// ```
/// use asynkit::{Executor, task_group};
/// use std::{cell::Cell, rc::Rc};
///
/// let visited = Rc::new(Cell::new(0));
/// let count = visited.clone();
/// Executor::run(task_group(async |g| {
///     let children = g.clone();
///     g.start_soon(async move {
///         for _ in 0..3 {
///             let count = count.clone();
///             children.spawn(async move { count.set(count.get() + 1) });
///         }
///     });
///     Ok(())
/// }))
/// .unwrap();
/// assert_eq!(visited.get(), 3);
/// ```
pub struct TaskGroup<S = Local> {
    members: Arc<Members>,
    spawner: S,
}

/// The value of a child.
type Value<F> = <<F as Future>::Output as ChildOutput>::Value;

impl<S> TaskGroup<S> {
    pub(super) const fn new(members: Arc<Members>, spawner: S) -> Self {
        TaskGroup { members, spawner }
    }

    /// Runs `child` to its first suspension at once, and the rest as a task of the group.
    ///
    /// It is in the group before its first instruction. The first part runs on the caller's stack; where 64 such starts are
    /// on it, all of it is spawned. If the child fails, in either part, the error goes to the group.
    ///
    /// # Panics
    /// Where the spawner does: it has no executor here.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, task_group, yield_now};
    ///
    /// Executor::run(task_group(async |g| {
    ///     let child = g.start_soon(async {
    ///         // Runs at the call;
    ///         yield_now().await;
    ///         // from here on as a task.
    ///         Ok::<_, std::io::Error>(7)
    ///     });
    ///     assert_eq!(child.await?, 7);
    ///     Ok(())
    /// }))
    /// .unwrap();
    /// ```
    #[track_caller]
    pub fn start_soon<F>(&self, child: F) -> Child<Value<F>>
    where
        F: Future<Output: ChildOutput>,
        S: Spawn<Member<F, ()>> + Spawn<Rest<Member<F, ()>>>,
    {
        self.child(child, |member| drop(Spawn::<Member<F, ()>>::start(&self.spawner, member)))
    }

    /// Starts `child` as a task of the group, which runs when its turn comes.
    ///
    /// One that is cancelled before is dropped without a poll.
    ///
    /// # Panics
    /// Where the spawner does: it has no executor here.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, task_group};
    ///
    /// Executor::run(task_group(async |g| {
    ///     let child = g.spawn(async {});
    ///     assert!(!child.is_finished());
    ///     Ok(child.await?)
    /// }))
    /// .unwrap();
    /// ```
    #[doc(alias = "create_task")]
    #[track_caller]
    pub fn spawn<F>(&self, child: F) -> Child<Value<F>>
    where
        F: Future<Output: ChildOutput>,
        S: Spawn<Member<F, ()>>,
    {
        self.child(child, |member| drop(self.spawner.spawn(member)))
    }

    #[track_caller]
    fn child<F>(&self, child: F, spawn: impl FnOnce(Member<F, ()>)) -> Child<Value<F>>
    where
        F: Future<Output: ChildOutput>,
    {
        let Some(seat) = self.members.join() else { return Child::refused() };
        let control = Arc::clone(&seat.control);
        let (member, joined) = Member::new(child, seat);
        spawn(member);
        Child::new(joined, control)
    }

    /// Starts a child that says when it is ready for work: a server that listens, a connection that is open.
    ///
    /// `child` is called with the [`TaskStatus`], and runs to its first suspension at once, as of
    /// [`start_soon`](Self::start_soon). The result of this is a future of what the child says with
    /// [`started`](TaskStatus::started), after which the child goes on. What it returns then is dropped.
    ///
    /// Until the child has called `started`, its error is its starter's: the group goes on, unless the starter passes it on.
    ///
    /// # Panics
    /// Where the spawner does, and where `child` does.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, group::TaskStatus, task_group};
    /// use smol::net::TcpListener;
    /// use std::{io, net::SocketAddr};
    ///
    /// async fn serve(status: TaskStatus<SocketAddr>) -> io::Result<()> {
    ///     let listener = TcpListener::bind("127.0.0.1:0").await?;
    ///     status.started(listener.local_addr()?);
    ///     loop {
    ///         let (_stream, _peer) = listener.accept().await?;
    ///     }
    /// }
    ///
    /// Executor::run(task_group(async |g| {
    ///     let address = g.start(serve).await?;
    ///     assert_ne!(address.port(), 0);
    ///     g.cancel();
    ///     Ok(())
    /// }))
    /// .unwrap();
    /// ```
    #[track_caller]
    pub fn start<V, C, F>(&self, child: C) -> Started<V>
    where
        C: FnOnce(TaskStatus<V>) -> F,
        F: Future<Output: ChildOutput>,
        S: Spawn<Member<F, V>> + Spawn<Rest<Member<F, V>>>,
    {
        let (start, status) = Start::new();
        if let Some(seat) = self.members.join() {
            let child = child(status);
            let member = Member::with_start(child, seat, Arc::clone(&start));
            drop(Spawn::<Member<F, V>>::start(&self.spawner, member));
        } else {
            start.refuse();
        }
        Started::new(start, Arc::clone(&self.members))
    }

    /// Asks the body and all children to stop; once, however often it is called.
    ///
    /// They are told as [a task that is cancelled](crate::TaskRef::cancel): they may clean up, and the group waits for
    /// them. What was not polled so far is dropped, and nothing is started any more. That is no error: a body that has
    /// returned a value, or returns one now, gives that.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, InterruptExt as _, task_group};
    /// use std::{cell::Cell, future::pending};
    ///
    /// thread_local!(static CLEAN: Cell<bool> = const { Cell::new(false) });
    ///
    /// let found = Executor::run(task_group(async |g| {
    ///     g.start_soon(async {
    ///         let _stop = pending::<()>().interruptible().await;
    ///         CLEAN.set(true);
    ///     });
    ///     g.cancel();
    ///     Ok("enough")
    /// }));
    /// assert_eq!(found.unwrap(), "enough");
    /// assert!(CLEAN.get());
    /// ```
    pub fn cancel(&self) {
        self.members.cancel();
    }

    /// Has the body and all children dropped at their next turns, without being told.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, shield, task_group};
    /// use std::future::pending;
    ///
    /// Executor::run(task_group(async |g| {
    ///     g.start_soon(shield(pending::<()>()));
    ///     g.abort();
    ///     Ok(())
    /// }))
    /// .unwrap();
    /// ```
    pub fn abort(&self) {
        self.members.abort();
    }

    /// Whether it was cancelled, has failed, or has ended: nothing is started any more.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, task_group};
    ///
    /// Executor::run(task_group(async |g| {
    ///     assert!(!g.is_cancelled());
    ///     g.cancel();
    ///     assert!(g.is_cancelled());
    ///     Ok(())
    /// }))
    /// .unwrap();
    /// ```
    pub fn is_cancelled(&self) -> bool {
        self.members.phase() != Phase::Open
    }

    /// How many children it waits for.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, task_group};
    ///
    /// Executor::run(task_group(async |g| {
    ///     let child = g.spawn(async {});
    ///     assert_eq!(g.children(), 1);
    ///     child.await?;
    ///     assert_eq!(g.children(), 0);
    ///     Ok(())
    /// }))
    /// .unwrap();
    /// ```
    pub fn children(&self) -> usize {
        self.members.len()
    }
}

impl<S: Clone> Clone for TaskGroup<S> {
    fn clone(&self) -> Self {
        TaskGroup { members: Arc::clone(&self.members), spawner: self.spawner.clone() }
    }
}

impl<S> fmt::Debug for TaskGroup<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskGroup")
            .field("children", &self.children())
            .field("is_cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}
