//! The thread-local word: all that a hot path looks at.
//!
//! It holds the address of the innermost scope's waker, and three flags. The address is compared, never read: an equal
//! address means the same waker, because the context of the poll that stored it is still borrowed. Zero: in no scope.

use core::{
    cell::Cell,
    sync::atomic::{Ordering, compiler_fence},
    task::{Context, Waker},
};

/// An error is on offer somewhere up the chain of scopes, or the leaves are asked where they wait.
pub(super) const OPEN: u64 = 1;
/// A leaf has left its registration in the outbox, for the scopes around it.
pub(super) const REGISTERED: u64 = 2;
/// A sub-executor, which polls with wakers of its own, lies between two scopes of the chain.
pub(super) const FOREIGN: u64 = 4;
const FLAGS: u64 = OPEN | REGISTERED | FOREIGN;

/// Makes room for the flags where a waker's alignment leaves too few bits (on 32-bit targets).
const SHIFT: u32 = if align_of::<Waker>() >= 8 { 0 } else { 3 };

crate::util::sync::thread_local! {
    static WORD: Cell<u64> = const { Cell::new(0) };
}

#[inline(always)]
pub(super) fn get() -> u64 {
    WORD.get()
}

#[inline(always)]
pub(super) fn set(word: u64) {
    WORD.set(word);
}

/// Whether the poll is in no scope.
///
/// The fence, which costs nothing, has the word read again where it is not zero: so it is compared in memory here.
#[inline(always)]
pub(super) fn is_outside() -> bool {
    let is_outside = get() == 0;
    compiler_fence(Ordering::SeqCst);
    is_outside
}

/// Ends the poll of a scope that entered with the word `own`, outside of all others. False: leaves have registered,
/// and the word is left to whoever takes them in.
#[inline(always)]
pub(super) fn leave(own: u64) -> bool {
    let left = get().wrapping_sub(own);
    set(left);
    left == 0
}

/// What the word is in a scope that polls with `cx` and nothing unusual around it.
#[inline(always)]
pub(super) fn of(cx: &Context<'_>) -> u64 {
    (core::ptr::from_ref(cx.waker()) as usize as u64) << SHIFT
}

/// The word inside a scope whose surroundings have flags, or another waker than `own`.
#[inline]
pub(super) fn nested(outer: u64, own: u64) -> u64 {
    if outer == 0 || outer & !FLAGS == own {
        own | outer & (OPEN | FOREIGN)
    } else {
        own | outer & OPEN | FOREIGN
    }
}

/// Whether a leaf that is polled with `cx` shares the waker of every scope around it.
#[inline]
pub(super) fn is_direct(word: u64, cx: &Context<'_>) -> bool {
    word & !(REGISTERED | OPEN) == of(cx)
}

/// Restores the word of the surroundings on every exit.
pub(super) struct Restore(pub(super) u64);

impl Drop for Restore {
    #[inline(always)]
    fn drop(&mut self) {
        set(self.0);
    }
}
