//! What users do with a [`PriorityLock`].

use super::{
    deadlock::Deadlock,
    raw::Acquire,
    value::{PriorityGuard, PriorityLock},
};
use crate::priority::Priority;
use core::{
    fmt,
    future::Future,
    panic::Location,
    pin::Pin,
    task::{Context, Poll},
};

impl<T: ?Sized> PriorityLock<T> {
    /// Waits for the lock.
    ///
    /// # Errors
    /// [`Deadlock`] where the wait would never end: the lock is held by a task that waits for this one, by way of other
    /// locks and tasks, or by the task itself. It is told to the wait that has closed the circle; the others go on when
    /// that task gives its locks back. It is proved before it is told, by one more poll of each task: parts of one task
    /// that are joined may wait for each other as tasks may, and as long as something else can wake a task, a timer for
    /// one, there is no deadlock. It is found among the tasks of this crate's executors, and of waits for locks alone: a
    /// task that awaits the handle of another one waits for that by no lock, and is told nothing. Nor is one whose waker is
    /// kept by what is between it and the lock, for whatever that may be woken by: `FuturesUnordered` does so, and a
    /// [`GeneratorObject`](crate::GeneratorObject).
    ///
    /// A guard that was handed to another task still counts for the task that has got it. If that one waits for the lock
    /// again, it is told of a deadlock with itself.
    ///
    /// # Cancel safety
    /// Cancel safe: dropped at any poll, it loses nothing. Dropped while it waits, it leaves the queue, and what it
    /// lent ends. A lock that was handed to it already goes to the next one. An
    /// [interrupt](crate::InterruptExt::interruptible) does not take a lock away that was handed over.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, PriorityLock};
    ///
    /// Executor::run(async {
    ///     let lock = PriorityLock::new(1);
    ///     *lock.lock().await? += 1;
    ///     assert_eq!(*lock.lock().await?, 2);
    ///     Ok::<_, asynkit::Deadlock>(())
    /// })
    /// .unwrap();
    /// ```
    #[doc(alias = "acquire")]
    #[inline]
    #[track_caller]
    pub fn lock(&self) -> Lock<'_, T> {
        Lock { lock: self, acquire: Acquire::new(&self.raw, Location::caller()) }
    }

    /// The lock, if nobody holds it, nor waits for it.
    ///
    /// # Examples
    /// ```
    /// let lock = asynkit::PriorityLock::new(1);
    /// let guard = lock.try_lock().unwrap();
    /// assert!(lock.try_lock().is_none());
    /// assert_eq!(*guard, 1);
    /// ```
    pub fn try_lock(&self) -> Option<PriorityGuard<'_, T>> {
        self.raw.try_lock().map(|held| self.guard(held))
    }

    /// Whether somebody holds it.
    #[doc(alias = "locked")]
    pub fn is_locked(&self) -> bool {
        self.raw.is_locked()
    }

    /// Whether a holder has panicked: the value may be half changed.
    ///
    /// # Examples
    /// ```
    /// use asynkit::PriorityLock;
    /// use std::panic::{AssertUnwindSafe, catch_unwind};
    ///
    /// let lock = PriorityLock::new(1);
    /// let panicked = catch_unwind(AssertUnwindSafe(|| {
    ///     let _guard = lock.try_lock();
    ///     panic!("half-way");
    /// }));
    /// assert!(panicked.is_err());
    /// assert!(lock.poisoned() && !lock.is_locked());
    /// ```
    pub fn poisoned(&self) -> bool {
        self.raw.is_poisoned()
    }

    /// The highest priority among those that wait; `None` where nobody waits.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, Priority, PriorityLock, TaskBuilder, yield_now};
    /// use std::rc::Rc;
    ///
    /// Executor::run(async {
    ///     let lock = Rc::new(PriorityLock::new(()));
    ///     let guard = lock.lock().await.unwrap();
    ///     let other = lock.clone();
    ///     let task = TaskBuilder::new(async move { drop(other.lock().await.unwrap()) });
    ///     let task = task.priority(Priority::HIGH).spawn();
    ///     assert_eq!(lock.effective_priority(), None);
    ///     yield_now().await;
    ///     assert_eq!(lock.effective_priority(), Some(Priority::HIGH));
    ///     drop(guard);
    ///     task.await.unwrap();
    /// });
    /// ```
    pub fn effective_priority(&self) -> Option<Priority> {
        self.raw.best()
    }
}

impl<T: Default> Default for PriorityLock<T> {
    #[track_caller]
    fn default() -> Self {
        PriorityLock::new(T::default())
    }
}

impl<T> From<T> for PriorityLock<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        PriorityLock::new(value)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for PriorityLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("PriorityLock");
        match self.try_lock() {
            Some(guard) => debug.field("value", &guard),
            None => debug.field("value", &format_args!("<locked>")),
        };
        debug.field("poisoned", &self.poisoned()).finish_non_exhaustive()
    }
}

/// The future of [`PriorityLock::lock`].
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Lock<'a, T: ?Sized> {
    lock: &'a PriorityLock<T>,
    acquire: Acquire<'a>,
}

impl<'a, T: ?Sized> Future for Lock<'a, T> {
    type Output = Result<PriorityGuard<'a, T>, Deadlock>;

    #[inline]
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let lock = self.lock;
        self.acquire.poll(cx).map_ok(|held| lock.guard(held))
    }
}

impl<T: ?Sized> fmt::Debug for Lock<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lock").field("is_waiting", &self.acquire.is_waiting()).finish_non_exhaustive()
    }
}
