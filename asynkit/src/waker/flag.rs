//! [`Flag`]: a waker that remembers being woken, and tells the drive that asks where it was stored.
//!
//! Invariant: the data pointer of a waker with [`VTABLE`] comes from `Arc::into_raw` of an `Arc<AtomicBool>`, and the
//! waker owns one strong count of it.

#![allow(unsafe_code, reason = "only a vtable of one's own sees a waker being cloned")]

use super::drives::note_stored;
#[cfg(asynkit_loom)]
use crate::util::sync::fault::{self, Fault};
use crate::util::sync::{AtomicBool, Ordering};
use alloc::sync::Arc;
use core::{
    mem,
    task::{RawWaker, RawWakerVTable, Waker},
};

/// Whether its [`waker`](Self::waker) was woken; the two go together.
#[derive(Debug)]
pub(crate) struct Flag {
    woken: Arc<AtomicBool>,
    waker: Waker,
}

impl Flag {
    pub(crate) fn new() -> Self {
        let woken = Arc::new(AtomicBool::new(false));
        let data = Arc::into_raw(Arc::clone(&woken)).cast();
        // SAFETY: `data` is as the invariant says, and its count is given to the waker; the vtable's functions keep the
        // contract of `RawWakerVTable` and are thread-safe, as `Arc<AtomicBool>` is.
        let waker = unsafe { Waker::from_raw(RawWaker::new(data, &VTABLE)) };
        Flag { woken, waker }
    }

    pub(crate) fn waker(&self) -> &Waker {
        &self.waker
    }

    /// Whether it was woken since it was last asked.
    pub(crate) fn take(&self) -> bool {
        let order = Ordering::AcqRel;
        #[cfg(asynkit_loom)]
        let order = fault::order(order, Fault::NoAcquire);
        self.woken.swap(false, order)
    }

    /// Whether somebody keeps a clone of the waker.
    pub(crate) fn is_kept(&self) -> bool {
        Arc::strong_count(&self.woken) > 2
    }
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);

fn clone(data: *const ()) -> RawWaker {
    note_stored();
    // SAFETY: by the invariant it is an `Arc`'s pointer, and the waker that is cloned keeps a count meanwhile.
    unsafe { Arc::increment_strong_count(data.cast::<AtomicBool>()) };
    RawWaker::new(data, &VTABLE)
}

fn wake(data: *const ()) {
    // SAFETY: by the invariant; `Waker::wake` gives up the waker, and its count with it.
    let woken = unsafe { Arc::from_raw(data.cast::<AtomicBool>()) };
    set(&woken);
}

fn wake_by_ref(data: *const ()) {
    // SAFETY: by the invariant; the waker keeps the count, so this one is not given back.
    let woken = mem::ManuallyDrop::new(unsafe { Arc::from_raw(data.cast::<AtomicBool>()) });
    set(&woken);
}

#[inline(always)]
fn set(woken: &AtomicBool) {
    let order = Ordering::Release;
    #[cfg(asynkit_loom)]
    let order = fault::order(order, Fault::NoRelease);
    woken.store(true, order);
}

fn drop_waker(data: *const ()) {
    // SAFETY: by the invariant; the waker that is dropped gives its count back.
    drop(unsafe { Arc::from_raw(data.cast::<AtomicBool>()) });
}
