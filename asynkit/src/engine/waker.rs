//! The waker of a task: an integer, so that cloning and dropping it do nothing.
//!
//! Invariant: the data pointer of a waker with [`VTABLE`] is an integer made by `Parts::to_waker`; it is never read
//! through. Any integer is a harmless waker: one that means no task wakes nobody.

#![allow(unsafe_code, reason = "only a vtable of one's own makes a waker of an integer")]

use super::{current, id::Parts, registry};
use core::{
    mem::ManuallyDrop,
    ptr,
    task::{RawWaker, RawWakerVTable, Waker},
};

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake, drop_nothing);

/// The waker of a task; not dropped, since its drop would be a call that does nothing.
#[inline(always)]
pub(super) fn waker(parts: Parts) -> ManuallyDrop<Waker> {
    let data = ptr::without_provenance(parts.to_waker());
    // SAFETY: the vtable's functions keep the contract of `RawWakerVTable` for any data pointer, since they only look at
    // its address, and they are thread-safe: a wake on another thread than the task's goes by the locked inbox.
    ManuallyDrop::new(unsafe { Waker::new(data, &VTABLE) })
}

fn clone(data: *const ()) -> RawWaker {
    RawWaker::new(data, &VTABLE)
}

fn wake(data: *const ()) {
    let parts = Parts::from_waker(data.addr());
    if !current::wake(parts) {
        registry::wake(parts);
    }
}

fn drop_nothing(_: *const ()) {}
