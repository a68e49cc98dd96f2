//! The boxes in which futures are started: those of futures that were ready are used again.
#![allow(unsafe_code, reason = "an allocator that counts is the way to see an allocation")]

use asynkit::{
    Eager, TaskError, eager_with,
    spawner::{Smol, SmolTask},
};
use asynkit_tests::{OnDrop, block_on, now};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::Poll,
    thread,
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

/// Is ready at once, or waits, and finds what it holds, by a reference into itself, as it was.
async fn holds<const N: usize>(mark: u32, waits: bool) -> u32 {
    let words = [mark; N];
    let held = words.each_ref();
    while waits && MARK_THAT_MAY_END.load(Ordering::Acquire) != mark {
        smol::future::yield_now().await;
    }
    assert!(held.iter().all(|&&word| word == mark), "somebody else has its memory");
    mark
}

static MARK_THAT_MAY_END: AtomicU32 = AtomicU32::new(0);

#[test]
fn what_is_ready_allocates_nothing_once_another_one_was() {
    assert_eq!(now(eager_with(holds::<4>(1, false), Smol)), Some(1));
    for mark in 2..10 {
        let count = allocations(|| assert_eq!(now(eager_with(holds::<4>(mark, false), Smol)), Some(mark)));
        assert_eq!(count, 0);
    }
}

#[test]
fn what_is_ready_and_large_is_not_kept() {
    for mark in 0..3 {
        let count = allocations(|| assert_eq!(now(eager_with(holds::<300>(mark, false), Smol)), Some(mark)));
        assert_eq!(count, 1);
    }
}

#[test]
fn what_waits_keeps_its_box_while_others_come_and_go() {
    assert_eq!(now(eager_with(holds::<5>(1, false), Smol)), Some(1));
    let waiting: Vec<_> = (100..110).map(|mark| eager_with(holds::<5>(mark, true), Smol)).collect();
    for mark in 2..50 {
        assert_eq!(now(eager_with(holds::<5>(mark, false), Smol)), Some(mark));
    }
    for (mark, waits) in (100..).zip(waiting) {
        assert!(waits.task().is_some());
        MARK_THAT_MAY_END.store(mark, Ordering::Release);
        assert_eq!(block_on(waits), mark);
    }
}

fn nested(depth: u32) -> Eager<u32, SmolTask<u32>> {
    eager_with(
        async move {
            let words = [depth; 6];
            let held = words.each_ref();
            let below = if depth > 0 { nested(depth - 1).await } else { 0 };
            assert!(held.iter().all(|&&word| word == depth), "somebody else has its memory");
            below + 1
        },
        Smol,
    )
}

#[test]
fn those_that_start_inside_of_each_other_have_a_box_each() {
    for _ in 0..3 {
        assert_eq!(now(nested(20)), Some(21));
    }
}

#[test]
fn a_destructor_may_start_another_one_of_its_type() {
    fn one(left: u32, ended: &Arc<AtomicU32>) -> Eager<u32, SmolTask<u32>> {
        let inner = Arc::clone(ended);
        let guard = OnDrop(move || {
            if left > 0 {
                assert_eq!(now(one(left - 1, &inner)), Some(left - 1));
            }
            inner.fetch_add(1, Ordering::Relaxed);
        });
        eager_with(
            poll_fn(move |_| {
                let _held = &guard;
                Poll::Ready(left)
            }),
            Smol,
        )
    }
    let ended = Arc::default();
    for _ in 0..3 {
        assert_eq!(now(one(9, &ended)), Some(9));
    }
    assert_eq!(ended.load(Ordering::Relaxed), 30);
}

#[test]
fn after_a_panic_the_next_one_starts_in_a_box_that_is_whole() {
    for round in 0..3 {
        for panics in [false, true] {
            let count = Arc::new(AtomicU32::new(0));
            let (in_poll, in_drop) = (panics && round % 2 == 0, panics && round % 2 == 1);
            let guard = OnDrop({
                let count = Arc::clone(&count);
                move || {
                    count.fetch_add(1, Ordering::Relaxed);
                    assert!(!in_drop, "in a destructor");
                }
            });
            let started = eager_with(
                poll_fn(move |_| {
                    let _held = &guard;
                    assert!(!in_poll, "in a poll");
                    Poll::Ready(7)
                }),
                Smol,
            );
            match now(started.join()) {
                Some(Ok(7)) => assert!(!panics),
                Some(Err(TaskError::Panicked(payload))) => {
                    assert_eq!(
                        payload.message(),
                        Some(if in_poll { "in a poll" } else { "in a destructor" })
                    );
                }
                other => panic!("{other:?}"),
            }
            assert_eq!(count.load(Ordering::Relaxed), 1, "it is dropped once");
        }
    }
}

#[test]
fn over_aligned_futures_stay_aligned() {
    #[repr(align(256))]
    struct Aligned(u32);

    for mark in 0..4 {
        let aligned = Aligned(mark);
        let started = eager_with(
            poll_fn(move |_| {
                assert_eq!(std::ptr::from_ref(&aligned).addr() % 256, 0);
                Poll::Ready(aligned.0)
            }),
            Smol,
        );
        assert_eq!(now(started), Some(mark));
    }
}

#[test]
fn what_starts_while_the_locals_of_a_thread_are_destroyed_needs_no_place() {
    struct Starts;

    impl Drop for Starts {
        fn drop(&mut self) {
            assert_eq!(now(eager_with(holds::<7>(3, false), Smol)), Some(3));
            ENDED.fetch_add(1, Ordering::Relaxed);
        }
    }

    static ENDED: AtomicU32 = AtomicU32::new(0);
    thread_local! {
        static BEFORE: Starts = const { Starts };
        static AFTER: Starts = const { Starts };
    }

    thread::spawn(|| {
        BEFORE.with(|_| {});
        assert_eq!(now(eager_with(holds::<7>(3, false), Smol)), Some(3));
        AFTER.with(|_| {});
    })
    .join()
    .unwrap();
    assert_eq!(ENDED.load(Ordering::Relaxed), 2);
}
