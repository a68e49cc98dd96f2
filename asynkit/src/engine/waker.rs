//! The waker of a task: an integer, so that cloning and dropping it do nothing.
//!
//! Invariant: the data pointer of a waker with [`VTABLE`] is an integer made by `id::waker_tag` and `id::waker_bits`; it is never read
//! through. Any integer is a harmless waker: one that means no task wakes nobody.

#![allow(unsafe_code, reason = "only a vtable of one's own makes a waker of an integer")]

use super::{current, id, registry};
use core::{
    mem::ManuallyDrop,
    ptr,
    task::{RawWaker, RawWakerVTable, Waker},
};

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake, drop_nothing);

/// The waker of a task of the executor with this [`tag`](id::waker_tag); not dropped, since its drop would be a call that does nothing.
#[inline(always)]
pub(super) fn waker(tag: usize, generation: u32, slot: u32) -> ManuallyDrop<Waker> {
    let data = ptr::without_provenance(tag | id::waker_bits(generation, slot));
    // SAFETY: the vtable's functions keep the contract of `RawWakerVTable` for any data pointer, since they only look at
    // its address, and they are thread-safe: a wake on another thread than the task's goes by the locked inbox.
    ManuallyDrop::new(unsafe { Waker::new(data, &VTABLE) })
}

/// The slot that a waker means, if it is one of this executor.
#[inline(always)]
pub(super) fn slot_of(waker: &Waker, executor: u32) -> Option<u32> {
    let parts = id::Parts::from_waker(waker.data().addr());
    (ptr::eq(waker.vtable(), &raw const VTABLE) && parts.executor == executor).then_some(parts.slot)
}

fn clone(data: *const ()) -> RawWaker {
    RawWaker::new(data, &VTABLE)
}

fn wake(data: *const ()) {
    let bits = data.addr();
    // The other call is the last thing that is done, so that a usual wake pays for no stack frame.
    if !current::wake_usual(bits) {
        wake_unusual(bits);
    }
}

#[inline(never)]
fn wake_unusual(bits: usize) {
    if !current::wake(bits) {
        registry::wake(bits);
    }
}

/// What a waker does on another thread. The threads of a model share the thread-local in which the executor is noted.
#[cfg(all(test, asynkit_loom))]
pub(crate) fn wake_elsewhere(waker: &Waker) {
    assert!(ptr::eq(waker.vtable(), &raw const VTABLE));
    registry::wake(waker.data().addr());
}

fn drop_nothing(_: *const ()) {}
