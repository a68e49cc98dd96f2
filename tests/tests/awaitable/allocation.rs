//! A type without parameters is awaited without an allocation.
#![allow(unsafe_code, reason = "an allocator that counts is the way to see an allocation")]

use crate::run;
use asynkit::awaitmethod;
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    future::ready,
};

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: each call goes to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`, and `alloc` above is the system's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations<T>(action: impl FnOnce() -> T) -> usize {
    let before = COUNT.with(Cell::get);
    drop(action());
    COUNT.with(Cell::get) - before
}

struct Large([u64; 1000]);

#[awaitmethod]
impl IntoFuture for Large {
    async fn into_future(self) -> u64 {
        let borrowed = &self.0;
        ready(()).await;
        borrowed[1]
    }
}

struct Carried<T>(T);

#[awaitmethod]
impl<T: Send + Sync> IntoFuture for Carried<T> {
    async fn into_future(self) -> usize {
        let carried = &self.0;
        ready(()).await;
        size_of_val(carried)
    }
}

#[test]
fn only_a_large_generic_type_is_boxed() {
    assert_eq!(allocations(|| Box::new(1)), 1, "allocations are counted");
    assert_eq!(allocations(|| run(Large([1; 1000]))), 0);
    assert_eq!(allocations(|| run(Carried([1u8; 100]))), 0);
    assert_eq!(allocations(|| run(Carried([1u8; 1000]))), 1);
}
