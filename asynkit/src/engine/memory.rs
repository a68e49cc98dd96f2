//! [`Pool`]: the memory of tasks that have ended, for those to come.
//!
//! Invariants: a block in list `n` was allocated by the global allocator with the layout `block(n)`, belongs to the list
//! alone, and its first word is the address of the next block of the list. Only `take` and `give` touch the lists, and
//! neither runs code of others.

#![allow(unsafe_code, reason = "free blocks are a list through the blocks themselves")]

use alloc::alloc::{alloc, dealloc, handle_alloc_error};
use core::{alloc::Layout, cell::Cell, ptr, ptr::NonNull};

/// Sizes are rounded up to multiples of it, so that a pool has a list for each multiple.
const STEP: usize = 16;
/// How many lists there are: larger blocks are not kept.
const LISTS: usize = 64;
/// How many bytes a list keeps.
const KEPT: usize = 256 * 1024;

struct Block(*mut Block);

struct List {
    first: Cell<*mut Block>,
    len: Cell<usize>,
}

/// Free memory, by size.
pub(super) struct Pool([List; LISTS]);

/// The list for blocks of this layout, if they are kept.
#[inline(always)]
fn list(layout: Layout) -> Option<usize> {
    let steps = layout.size().div_ceil(STEP);
    (steps < LISTS && steps > 0 && layout.align() <= STEP).then_some(steps)
}

/// The layout of what list `n` keeps.
fn block(n: usize) -> Layout {
    Layout::from_size_align(n * STEP, STEP).expect("a block is smaller than the address space")
}

/// What is asked of the global allocator for `layout`.
fn rounded(layout: Layout) -> Layout {
    list(layout).map_or(layout, block)
}

impl Pool {
    pub(super) const fn new() -> Self {
        Pool([const { List { first: Cell::new(ptr::null_mut()), len: Cell::new(0) } }; LISTS])
    }

    /// Memory for a value of this layout, which is not of size zero.
    #[inline(always)]
    pub(super) fn take(&self, layout: Layout) -> NonNull<u8> {
        if let Some(n) = list(layout) {
            let list = &self.0[n];
            if let Some(first) = NonNull::new(list.first.get()) {
                // SAFETY: by the invariant it is a block that nobody else has, and its first word is the next block.
                list.first.set(unsafe { first.as_ref() }.0);
                list.len.set(list.len.get() - 1);
                return first.cast();
            }
        }
        fresh(layout)
    }

    /// Takes back what [`take`](Self::take) of any pool gave for `layout`.
    ///
    /// # Safety
    /// The memory is as `take` gave it for this layout, and nobody uses it any more.
    #[inline(always)]
    pub(super) unsafe fn give(&self, memory: NonNull<u8>, layout: Layout) {
        if let Some(n) = list(layout) {
            let list = &self.0[n];
            if list.len.get() < KEPT / (STEP * n) {
                let first = memory.cast::<Block>();
                // SAFETY: the caller's memory is a block of this list: at least a word, aligned to more than one.
                unsafe { first.write(Block(list.first.get())) };
                list.first.set(first.as_ptr());
                list.len.set(list.len.get() + 1);
                return;
            }
        }
        // SAFETY: passed on.
        unsafe { free(memory, layout) };
    }
}

#[cold]
#[inline(never)]
fn fresh(layout: Layout) -> NonNull<u8> {
    let layout = rounded(layout);
    debug_assert!(layout.size() > 0, "a task has a header");
    // SAFETY: the size is not zero, which callers guarantee.
    let memory = unsafe { alloc(layout) };
    NonNull::new(memory).unwrap_or_else(|| handle_alloc_error(layout))
}

/// Gives memory back where there is no pool.
///
/// # Safety
/// The memory is as `take` gave it for this layout, and nobody uses it any more.
#[cold]
#[inline(never)]
pub(super) unsafe fn free(memory: NonNull<u8>, layout: Layout) {
    // SAFETY: `take` asked the global allocator for the rounded layout, whether it came from a list meanwhile or not.
    unsafe { dealloc(memory.as_ptr(), rounded(layout)) };
}

impl Drop for Pool {
    fn drop(&mut self) {
        for (n, list) in self.0.iter().enumerate() {
            while let Some(first) = NonNull::new(list.first.get()) {
                // SAFETY: by the invariant, as in `take`.
                list.first.set(unsafe { first.as_ref() }.0);
                // SAFETY: by the invariant the block was allocated with this layout and belongs to the list alone.
                unsafe { dealloc(first.as_ptr().cast(), block(n)) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT, LISTS, Pool, STEP};
    use core::alloc::Layout;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap()
    }

    #[test]
    fn a_block_that_was_given_back_is_taken_again() {
        let pool = Pool::new();
        for size in [1, 16, 17, STEP * (LISTS - 1)] {
            let first = pool.take(layout(size, 8));
            // SAFETY: it was taken with this layout, and is not used after this.
            unsafe { pool.give(first, layout(size, 8)) };
            let again = pool.take(layout(size, 8));
            assert_eq!(again, first, "{size}");
            // SAFETY: as above.
            unsafe { pool.give(again, layout(size, 8)) };
        }
    }

    #[test]
    fn large_and_over_aligned_blocks_are_not_kept() {
        let pool = Pool::new();
        for layout in [layout(STEP * LISTS, 8), layout(100_000, 16), layout(64, 64)] {
            let memory = pool.take(layout);
            assert_eq!(memory.as_ptr().addr() % layout.align(), 0);
            // SAFETY: it was taken with this layout, and is not used after this.
            unsafe { pool.give(memory, layout) };
            assert!(pool.0.iter().all(|list| list.len.get() == 0));
        }
    }

    #[test]
    fn a_list_keeps_so_many_bytes_and_no_more() {
        let pool = Pool::new();
        let layout = layout(1000, 8);
        let taken: Vec<_> = (0..300).map(|_| pool.take(layout)).collect();
        for memory in taken {
            // SAFETY: it was taken with this layout, and is not used after this.
            unsafe { pool.give(memory, layout) };
        }
        assert_eq!(pool.0[63].len.get(), KEPT / 1008);
    }
}
