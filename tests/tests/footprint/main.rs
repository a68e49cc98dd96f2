//! What idle tasks weigh, and that their memory is used again.
#![allow(unsafe_code, reason = "an allocator that counts is the way to see what is allocated")]

use asynkit::{Executor, spawn, yield_now};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    future::pending,
};

thread_local! {
    static BYTES: Cell<isize> = const { Cell::new(0) };
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

fn add(bytes: usize, sign: isize) {
    let bytes = isize::try_from(bytes).expect("the allocator gives no more");
    let _ = BYTES.try_with(|sum| sum.set(sum.get() + sign * bytes));
    let _ = COUNT.try_with(|count| count.set(count.get() + 1));
}

// SAFETY: each call goes to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size(), 1);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        add(layout.size(), -1);
        // SAFETY: the caller keeps the contract of `dealloc`, and `alloc` above is the system's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn an_idle_task_is_at_most_112_bytes_beside_its_future() {
    const TASKS: isize = 1_000_000;
    let executor = Executor::new();
    let before = BYTES.get();
    let idle = |held: [u64; 8]| async move {
        pending::<()>().await;
        let _ = held[0];
    };
    let future = isize::try_from(size_of_val(&idle([0; 8]))).expect("it is small");
    for _ in 0..TASKS {
        drop(executor.spawn(idle([0; 8])));
    }
    executor.block_on(yield_now());
    let each = (BYTES.get() - before) / TASKS - future;
    assert!(each <= 112, "{each} bytes a task, beside its future of {future}");
    drop(executor);
    assert!(BYTES.get() - before < 10_000, "{} bytes are left", BYTES.get() - before);
}

#[test]
fn tasks_that_come_and_go_allocate_nothing() {
    Executor::run(async {
        for _ in 0..100 {
            spawn(async { 1 }).await.unwrap();
        }
        let before = COUNT.get();
        for _ in 0..10_000 {
            spawn(async { 1 }).await.unwrap();
            asynkit::eager(async { 1 }).await;
        }
        assert_eq!(COUNT.get() - before, 0);
    });
}
