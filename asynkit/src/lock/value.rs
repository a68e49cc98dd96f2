//! [`PriorityLock`] and [`PriorityGuard`]: the value of a lock, and who may touch it.
//!
//! Invariants:
//! - a [`PriorityGuard`] is made of a [`Held`] of the same lock, which it keeps in spirit: it gives the lock back when it
//!   is dropped, and `raw` sees to it that there is one at a time, and that one happens before the next;
//! - the value is touched through a guard, or through the lock where that is borrowed mutably or owned.

#![allow(unsafe_code, reason = "a value that many can reach and one may touch")]

use super::raw::{Held, RawLock};
use core::{
    cell::UnsafeCell,
    fmt,
    marker::PhantomData,
    ops::{Deref, DerefMut},
    panic::Location,
};

/// A lock whose holder inherits the priority of those that wait for it.
///
/// It goes to the task with the highest present priority that waits, in turn among equal ones, and to nobody else while
/// somebody waits. A holder that runs with a lower priority than one that waits is raised to that, and so is whoever it
/// waits for in turn; all of it is given back when the lock is given back, and when a wait ends in any other way.
///
/// It works on any executor: tasks that are not of this crate wait with [`Priority::NORMAL`](crate::Priority::NORMAL),
/// and nothing is lent to them. Where holder and waiter are tasks of different executors of this crate, what is lent
/// arrives there when that executor next looks at its inbox. A guard counts for the task that has got it, also where it
/// is handed to another one.
///
/// A panic of a holder gives the lock back as it is; [`poisoned`](Self::poisoned) tells.
///
/// # Examples
/// ```
/// use asynkit::{Executor, Priority, PriorityLock, TaskBuilder, current_task, sleep_insert};
/// use std::rc::Rc;
///
/// Executor::run(async {
///     let me = current_task().unwrap();
///     let lock = Rc::new(PriorityLock::new(Vec::new()));
///     let guard = lock.lock().await?;
///     let tasks = [Priority::LOW, Priority::NORMAL, Priority::HIGH].map(|priority| {
///         let lock = lock.clone();
///         let task = TaskBuilder::new(async move { Ok(lock.lock().await?.push(priority)) });
///         task.priority(priority).spawn()
///     });
///     sleep_insert(usize::MAX).await; // all of them wait now
///     assert_eq!(me.effective_priority(), Priority::HIGH);
///
///     drop(guard);
///     assert_eq!(me.effective_priority(), Priority::NORMAL);
///     for task in tasks {
///         task.await.unwrap()?;
///     }
///     assert_eq!(*lock.lock().await?, [Priority::HIGH, Priority::NORMAL, Priority::LOW]);
///     Ok::<_, asynkit::Deadlock>(())
/// })
/// .unwrap();
/// ```
pub struct PriorityLock<T: ?Sized> {
    pub(super) raw: RawLock,
    value: UnsafeCell<T>,
}

// SAFETY: the lock by itself may be anywhere; the value is touched on one thread at a time, by the invariants, and may be
// sent there.
unsafe impl<T: ?Sized + Send> Sync for PriorityLock<T> {}

impl<T> PriorityLock<T> {
    /// A lock that nobody holds.
    #[track_caller]
    pub const fn new(value: T) -> Self {
        PriorityLock { raw: RawLock::new(Location::caller()), value: UnsafeCell::new(value) }
    }

    /// The value.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(asynkit::PriorityLock::new(1).into_inner(), 1);
    /// ```
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> PriorityLock<T> {
    /// The value; nobody else can hold the lock meanwhile.
    ///
    /// # Examples
    /// ```
    /// let mut lock = asynkit::PriorityLock::new(1);
    /// *lock.get_mut() += 1;
    /// assert_eq!(lock.into_inner(), 2);
    /// ```
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    /// The guard of a lock that is held.
    #[inline(always)]
    pub(super) fn guard<'a>(&'a self, held: Held<'a>) -> PriorityGuard<'a, T> {
        assert!(held.is_of(&self.raw), "another lock is held");
        PriorityGuard { lock: self, _held: held, value: PhantomData }
    }
}

/// A [`PriorityLock`], held: the way to its value. Dropping it hands the lock on.
///
/// # Examples
/// ```
/// use asynkit::{Executor, PriorityLock};
///
/// Executor::run(async {
///     let lock = PriorityLock::new(1);
///     let mut guard = lock.lock().await.unwrap();
///     *guard += 1;
///     drop(guard);
///     assert!(!lock.is_locked());
/// });
/// ```
#[must_use = "the lock is given back when this is dropped"]
#[clippy::has_significant_drop]
pub struct PriorityGuard<'a, T: ?Sized> {
    lock: &'a PriorityLock<T>,
    _held: Held<'a>,
    /// As far as other threads are concerned.
    value: PhantomData<&'a mut T>,
}

impl<'a, T: ?Sized> PriorityGuard<'a, T> {
    /// Whose guard it is.
    ///
    /// It is a function of the type, not a method, so that it hides nothing of the value's.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{PriorityGuard, PriorityLock};
    ///
    /// let lock = PriorityLock::new(1);
    /// let guard = lock.try_lock().unwrap();
    /// assert!(PriorityGuard::lock(&guard).is_locked());
    /// ```
    pub const fn lock(guard: &Self) -> &'a PriorityLock<T> {
        guard.lock
    }
}

impl<T: ?Sized> Deref for PriorityGuard<'_, T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: by the invariants this is the only guard, so that nobody has a mutable reference but by it.
        unsafe { &*self.lock.value.get() }
    }
}

impl<T: ?Sized> DerefMut for PriorityGuard<'_, T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: by the invariants this is the only guard, and it is borrowed mutably.
        unsafe { &mut *self.lock.value.get() }
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for PriorityGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for PriorityGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}
