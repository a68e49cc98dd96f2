//! Frames to use again: some for each thread, where they cost no lock, and the others for all.

use super::{frame::Frame, locked::Locked};
use alloc::vec::Vec;
use core::cell::Cell;

crate::util::sync::thread_local! {
    static OWN: Own = const { Own { frames: [const { Cell::new(None) }; MOST], len: Cell::new(0) } };
}

/// The frames that threads had too many of, or left behind.
static SHARED: Locked<Vec<&'static Frame>> = Locked::new(Vec::new());

/// How many a thread keeps.
const MOST: usize = 32;

/// The first `len` are there.
struct Own {
    frames: [Cell<Option<&'static Frame>>; MOST],
    len: Cell<usize>,
}

/// A frame that nobody uses.
#[inline]
pub(super) fn pop() -> Option<&'static Frame> {
    OWN.try_with(Own::pop).ok().flatten().or_else(pop_shared)
}

/// Takes a frame that nobody uses any more.
#[inline]
pub(super) fn push(frame: &'static Frame) {
    if OWN.try_with(|own| own.push(frame)) != Ok(true) {
        push_shared(frame);
    }
}

#[cold]
#[inline(never)]
fn pop_shared() -> Option<&'static Frame> {
    SHARED.with(Vec::pop)
}

#[cold]
#[inline(never)]
fn push_shared(frame: &'static Frame) {
    SHARED.with(|shared| shared.push(frame));
}

impl Own {
    #[inline]
    fn pop(&self) -> Option<&'static Frame> {
        let last = self.len.get().checked_sub(1)?;
        self.len.set(last);
        self.frames.get(last)?.get()
    }

    /// Whether there was room for it.
    #[inline]
    fn push(&self, frame: &'static Frame) -> bool {
        let len = self.len.get();
        let Some(free) = self.frames.get(len) else { return false };
        free.set(Some(frame));
        self.len.set(len + 1);
        true
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        SHARED.with(|shared| shared.extend(core::iter::from_fn(|| self.pop())));
    }
}
