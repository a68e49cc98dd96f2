//! Which executor runs on this thread, and which others are at home here.
//!
//! Invariant: [`CURRENT`] is null, or comes from `Rc::into_raw` and owns one strong count. Guards move that count: whoever
//! takes a pointer out of it takes the count along. So the pointer is never dangling, in whatever order guards are dropped.

#![allow(unsafe_code, reason = "reading the current executor has to be one load")]

use super::{id::Parts, shared::Shared};
use alloc::{
    rc::{Rc, Weak},
    vec::Vec,
};
use core::{
    cell::{Cell, RefCell},
    ptr,
};

crate::util::sync::thread_local! {
    static CURRENT: Cell<*const Shared> = const { Cell::new(ptr::null()) };
    /// The executors that were made on this thread.
    static HOME: RefCell<Vec<Weak<Shared>>> = const { RefCell::new(Vec::new()) };
}

/// Makes another executor the current one, as long as it lives.
pub(crate) struct Entered(*const Shared);

impl Entered {
    pub(super) fn new(shared: Rc<Shared>) -> Self {
        Entered(CURRENT.replace(Rc::into_raw(shared)))
    }

    /// No executor is the current one, as long as it lives: for what runs on another crate's executor.
    #[cfg(any(feature = "tokio", feature = "smol"))]
    #[inline]
    pub(crate) fn none() -> Self {
        Entered(CURRENT.replace(ptr::null()))
    }
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        let ours = CURRENT.replace(self.0);
        // SAFETY: by the invariant it has the count that `new` has put there, or another guard's.
        drop((!ours.is_null()).then(|| unsafe { Rc::from_raw(ours) }));
    }
}

/// Lends the executor that runs on this thread.
#[inline(always)]
pub(crate) fn with<R>(f: impl FnOnce(Option<&Shared>) -> R) -> R {
    // SAFETY: by the invariant it is null or valid. It stays so while `f` runs: guards that `f` makes put the count back
    // when they are dropped, and those further down the stack are not dropped meanwhile.
    f(unsafe { CURRENT.get().as_ref() })
}

/// The executor that runs on this thread.
#[inline(always)]
pub(crate) fn get() -> Option<Rc<Shared>> {
    let current = CURRENT.get();
    if current.is_null() {
        return None;
    }
    // SAFETY: by the invariant it comes from `Rc::into_raw`, and the count in `CURRENT` keeps it alive.
    unsafe { Rc::increment_strong_count(current) };
    // SAFETY: the count that was added is this one's.
    Some(unsafe { Rc::from_raw(current) })
}

/// Wakes a task of the executor that runs on this thread, if there is nothing unusual about it; `false`: nothing was done.
#[inline(always)]
pub(super) fn wake_usual(bits: usize) -> bool {
    with(|shared| {
        let Some(shared) = shared else { return false };
        shared.core.try_borrow_mut().is_ok_and(|mut core| core.wake_usual(shared.tag, bits))
    })
}

/// The same of any task of that executor, and of those that have ended; `false`: it is of another one.
pub(super) fn wake(bits: usize) -> bool {
    with(|shared| {
        let Some(shared) = shared else { return false };
        let is_own = Parts::from_waker(bits).executor == shared.number;
        is_own && shared.core.try_borrow_mut().map(|mut core| core.wake(shared.tag, bits)).is_ok()
    })
}

/// An executor that is at home on this thread, running or not.
pub(crate) fn find(number: u32) -> Option<Rc<Shared>> {
    if let Some(shared) = get().filter(|shared| shared.number == number) {
        return Some(shared);
    }
    // While the thread's locals are destroyed, there is nothing to find.
    let found = HOME.try_with(|home| {
        home.borrow().iter().filter_map(Weak::upgrade).find(|shared| shared.number == number)
    });
    found.ok().flatten()
}

/// Lists an executor that was made on this thread.
pub(super) fn list(shared: &Rc<Shared>) {
    let _ = HOME.try_with(|home| {
        let mut home = home.borrow_mut();
        home.retain(|other| other.strong_count() > 0);
        home.push(Rc::downgrade(shared));
    });
}
