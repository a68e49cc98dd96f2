//! [`PriorityCondition`]: waiting, without the lock, for what a holder of the lock may change.

mod futures;
mod pause;

pub use futures::{Wait, WaitFor, WaitInterruptible};

use super::{
    graph::{self, NONE, Wake, Who},
    value::PriorityGuard,
};
use crate::util::sync::{AtomicU32, Ordering};
use alloc::vec::Vec;
use core::{fmt, panic::Location};
use pause::Pause;

type Site = &'static Location<'static>;

/// A condition: who waits for it has given its lock up, and has it again when the wait returns.
///
/// It wakes the task with the highest present priority first, in turn among equal ones; they get the lock again in the
/// order of the lock. It goes with any [`PriorityLock`](crate::PriorityLock). Waiting for it lends no priority: nobody is
/// known to end it.
///
/// # Examples
/// ```
/// use asynkit::{Executor, PriorityCondition, PriorityLock, spawn, yield_now};
/// use std::rc::Rc;
///
/// Executor::run(async {
///     let jobs = Rc::new((PriorityLock::new(Vec::new()), PriorityCondition::new()));
///     let worker = spawn({
///         let jobs = jobs.clone();
///         async move {
///             let (lock, filled) = &*jobs;
///             let mut guard = filled.wait_for(lock.lock().await?, |jobs| !jobs.is_empty()).await;
///             Ok::<_, asynkit::Deadlock>(guard.pop())
///         }
///     });
///     yield_now().await;
///     let (lock, filled) = &*jobs;
///     lock.lock().await.unwrap().push("a job");
///     filled.notify(1);
///     assert_eq!(worker.await.unwrap().unwrap(), Some("a job"));
/// });
/// ```
#[doc(alias = "InterruptCondition")]
pub struct PriorityCondition {
    /// Its queue in the graph, once somebody has waited; written while that is locked.
    queue: AtomicU32,
    made_at: Site,
}

impl PriorityCondition {
    /// A condition that nobody waits for.
    #[track_caller]
    pub const fn new() -> Self {
        PriorityCondition { queue: AtomicU32::new(NONE), made_at: Location::caller() }
    }

    /// Gives the lock up, waits for a notification, and returns with the lock held again.
    ///
    /// What the lock guards may have changed again by then, see [`wait_for`](Self::wait_for). It gets the lock again
    /// whatever happens: where that closes a circle, a [`lock`](crate::PriorityLock::lock) that is part of it is told so, and
    /// where there is none, nobody is.
    ///
    /// # Cancel safety
    /// Cancel safe: dropped at any poll, it loses nothing. The wait is over, and the lock is not held. A
    /// notification that it has got goes to another one that waits.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, PriorityCondition, PriorityLock, spawn, yield_now};
    /// use std::rc::Rc;
    ///
    /// Executor::run(async {
    ///     let shared = Rc::new((PriorityLock::new(0), PriorityCondition::new()));
    ///     let other = shared.clone();
    ///     let task = spawn(async move {
    ///         let guard = other.0.lock().await.unwrap();
    ///         *other.1.wait(guard).await
    ///     });
    ///     yield_now().await;
    ///     *shared.0.lock().await.unwrap() = 1; // it is free while the task waits
    ///     shared.1.notify(1);
    ///     assert_eq!(task.await.unwrap(), 1);
    /// });
    /// ```
    #[track_caller]
    pub fn wait<'a, T: ?Sized>(&self, guard: PriorityGuard<'a, T>) -> Wait<'_, 'a, T> {
        Wait::new(Pause::new(self, guard, Location::caller()))
    }

    /// The same as an [interrupt point](crate::InterruptExt::interruptible): it gives the lock and what it was told.
    ///
    /// An error that is thrown while it waits ends the wait; the lock is held again in both cases, and of several errors
    /// that come meanwhile the last one is given. A notification that it has got goes to another one that waits then.
    ///
    /// # Cancel safety
    /// Cancel safe: dropped at any poll, it loses nothing. See [`wait`](Self::wait).
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, PriorityCondition, PriorityLock, spawn, yield_now};
    /// use std::rc::Rc;
    ///
    /// Executor::run(async {
    ///     let lock = Rc::new(PriorityLock::new(0));
    ///     let inner = lock.clone();
    ///     let task = spawn(async move {
    ///         let never = PriorityCondition::new();
    ///         let (mut guard, told) = never.wait_interruptible(inner.lock().await.unwrap()).await;
    ///         *guard += 1; // clean up, with the lock
    ///         told
    ///     });
    ///     yield_now().await;
    ///     task.cancel();
    ///     assert_eq!(task.await.unwrap().unwrap_err().to_string(), "interrupted: cancelled");
    ///     assert_eq!(*lock.lock().await.unwrap(), 1);
    /// });
    /// ```
    #[track_caller]
    pub fn wait_interruptible<'a, T: ?Sized>(
        &self,
        guard: PriorityGuard<'a, T>,
    ) -> WaitInterruptible<'_, 'a, T> {
        WaitInterruptible::new(Pause::new(self, guard, Location::caller()))
    }

    /// Waits until `ready` accepts the value, which it looks at first, and after each notification.
    ///
    /// # Panics
    /// Where `ready` does: the lock is given back, and tells that a holder has [panicked](crate::PriorityLock::poisoned); a
    /// notification goes to another one that waits.
    ///
    /// # Cancel safety
    /// Cancel safe: dropped at any poll, it loses nothing. See [`wait`](Self::wait).
    ///
    /// # Examples
    /// ```
    /// use asynkit::{PriorityCondition, PriorityLock, await_sync};
    ///
    /// let (lock, condition) = (PriorityLock::new(3), PriorityCondition::new());
    /// let wait = condition.wait_for(lock.try_lock().unwrap(), |n| *n > 2);
    /// assert_eq!(*await_sync(wait).unwrap(), 3);
    /// ```
    #[track_caller]
    pub fn wait_for<'a, T: ?Sized, P: FnMut(&mut T) -> bool>(
        &self,
        guard: PriorityGuard<'a, T>,
        ready: P,
    ) -> WaitFor<'_, 'a, T, P> {
        WaitFor::new(Pause::new(self, guard, Location::caller()), ready)
    }

    /// Wakes up to `count` of those that wait; the lock need not be held.
    ///
    /// # Examples
    /// ```
    /// asynkit::PriorityCondition::new().notify(1); // nobody waits: nothing is kept
    /// ```
    pub fn notify(&self, count: usize) {
        // Who waits has put it there before it gave up the lock.
        let queue = self.queue.load(Ordering::Relaxed);
        if queue == NONE || count == 0 {
            return;
        }
        if count == 1 {
            let wake = graph::with(|graph| graph.notify(queue));
            return wake.into_iter().for_each(Wake::wake);
        }
        // All that are meant are taken before any is woken, so that none is that comes then.
        let wakes = graph::with(|graph| {
            let all = core::iter::from_fn(|| graph.notify(queue)).take(count);
            all.collect::<Vec<_>>()
        });
        Wake::wake_all(wakes);
    }

    /// Wakes all that wait; the lock need not be held.
    pub fn notify_all(&self) {
        self.notify(usize::MAX);
    }

    /// Waits from now on.
    fn enter(&self, who: Who, site: Site) -> u32 {
        graph::with(|graph| {
            let mut queue = self.queue.load(Ordering::Relaxed);
            if queue == NONE {
                queue = graph.open(self.made_at);
                self.queue.store(queue, Ordering::Relaxed);
            }
            graph.add(queue, who.key, who.waker, site, true)
        })
    }
}

impl Default for PriorityCondition {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for PriorityCondition {
    fn drop(&mut self) {
        let queue = self.queue.load(Ordering::Relaxed);
        if queue != NONE {
            drop(graph::with(|graph| graph.close(queue)));
        }
    }
}

impl fmt::Debug for PriorityCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PriorityCondition")
            .field("made_at", &format_args!("{}", self.made_at))
            .finish_non_exhaustive()
    }
}
