//! The waker of a task: an integer, so that cloning and dropping it do nothing.
//!
//! Invariant: the data pointer of a waker with [`VTABLE`] is an integer made by `id::waker_tag` and `id::waker_bits`; it is never read
//! through. Any integer is a harmless waker: one that means no task wakes nobody.

#![allow(unsafe_code, reason = "only a vtable of one's own makes a waker of an integer")]

use super::{current, id, registry};
use core::{
    cell::Cell,
    mem::ManuallyDrop,
    ptr,
    task::{RawWaker, RawWakerVTable, Waker},
};

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake, drop_nothing);

/// The same for a poll that is to tell whether anybody keeps its waker, or uses it.
static PROBE: RawWakerVTable = RawWakerVTable::new(clone_noted, wake_noted, wake_noted, drop_nothing);

crate::util::sync::thread_local! {
    /// Whether a waker with the vtable [`PROBE`] was cloned or woken.
    static NOTED: Cell<bool> = const { Cell::new(false) };
}

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
    let parts = id::Parts::from_waker(bits_of(waker)?);
    (parts.executor == executor).then_some(parts.slot)
}

/// The integer of a waker of a task.
#[inline(always)]
pub(super) fn bits_of(waker: &Waker) -> Option<usize> {
    let vtable = waker.vtable();
    (ptr::eq(vtable, &raw const VTABLE) || ptr::eq(vtable, &raw const PROBE)).then(|| waker.data().addr())
}

/// Whether it is the waker of a [`Probe`].
pub(crate) fn is_probe(waker: &Waker) -> bool {
    ptr::eq(waker.vtable(), &raw const PROBE)
}

/// A clone that a [`Probe`] takes no note of: for who wakes the task only to stop it, as its own handles may.
pub(crate) fn clone_to_stop(waker: &Waker) -> Waker {
    let before = NOTED.get();
    let clone = waker.clone();
    if is_probe(waker) {
        NOTED.set(before);
    }
    clone
}

/// A poll that is to tell whether anybody keeps its waker: then something else than locks can wake the task.
pub(super) struct Probe {
    waker: ManuallyDrop<Waker>,
    /// What was noted in a poll further down the stack.
    before: bool,
}

impl Probe {
    pub(super) fn begin(task: &Waker) -> Self {
        // SAFETY: the vtable's functions keep the contract for any data pointer, as those of `VTABLE` do.
        let waker = ManuallyDrop::new(unsafe { Waker::new(task.data(), &PROBE) });
        Probe { waker, before: NOTED.replace(false) }
    }

    pub(super) fn waker(&self) -> &Waker {
        &self.waker
    }

    /// Ends it; whether the waker was cloned or woken.
    pub(super) fn end(self) -> bool {
        let is_noted = NOTED.get();
        drop(self);
        is_noted
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        // What was noted inside may have been of the poll around: that one is then none of which there is proof.
        NOTED.set(NOTED.get() || self.before);
    }
}

fn clone(data: *const ()) -> RawWaker {
    RawWaker::new(data, &VTABLE)
}

fn clone_noted(data: *const ()) -> RawWaker {
    NOTED.set(true);
    clone(data)
}

fn wake_noted(data: *const ()) {
    NOTED.set(true);
    wake(data);
}

fn wake(data: *const ()) {
    wake_bits(data.addr());
}

/// Wakes the task of a waker with this integer.
#[inline(always)]
pub(super) fn wake_bits(bits: usize) {
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
