//! What idle tasks weigh, and that their memory is used again.
#![allow(unsafe_code, reason = "an allocator that counts is the way to see what is allocated")]

use asynkit::{Executor, executor::sleep_until, sleep, spawn, yield_now};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    future::{Future as _, pending},
    pin::Pin,
    task::{Context, Waker},
    time::{Duration, Instant},
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

/// What is left of it when all is dropped: a table of executors, spare frames.
const LEFT: isize = 10_000;

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
    println!("an idle task: {each} bytes beside its future");
    assert!(each <= 112, "{each} bytes a task, beside its future of {future}");
    drop(executor);
    assert!(BYTES.get() - before < LEFT, "{} bytes are left", BYTES.get() - before);
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

#[test]
fn a_million_tasks_that_are_spawned_and_finish_give_back_their_memory_and_leave_their_places_to_the_next() {
    const TASKS: usize = 1_000_000;
    let before = BYTES.get();
    let executor = Executor::new();
    let mut tasks = Vec::with_capacity(TASKS);
    let handles = BYTES.get() - before;
    let mut round = || {
        tasks.extend((0..TASKS).map(|n| executor.spawn(async move { n })));
        let at_most = BYTES.get() - before - handles;
        let sum = executor.block_on(async {
            let mut sum = 0;
            for task in tasks.drain(..) {
                sum += task.await.unwrap();
            }
            sum
        });
        assert_eq!(sum, TASKS * (TASKS - 1) / 2);
        (at_most, BYTES.get() - before - handles)
    };
    round();
    let (first, kept) = round();
    println!("a million tasks: {first} bytes; when they have finished: {kept}");
    let future = 2 * isize::try_from(size_of::<usize>()).expect("it is small");
    assert!(first <= (112 + future) * 1_000_000, "{first} bytes");
    assert!(kept <= 80 * 1_000_000, "{kept} bytes are kept of a million tasks that have finished");
    let (next, still) = round();
    assert!((next - first).abs() < LEFT, "{first} bytes for a million, {next} for another one");
    assert!((still - kept).abs() < LEFT, "{kept} bytes are kept at first, {still} later");
    drop(tasks);
    drop(executor);
    assert!(BYTES.get() - before < LEFT, "{} bytes are left", BYTES.get() - before);
}

#[test]
fn a_deadline_is_at_most_80_bytes_and_is_given_back() {
    const TIMERS: isize = 100_000;
    let start = Instant::now() + Duration::from_secs(3600);
    for shuffled in [false, true] {
        let executor = Executor::new();
        executor.block_on(sleep(Duration::from_millis(1))); // the reactor's thread, and what it keeps
        let mut sleeps: Vec<_> = (0..TIMERS.cast_unsigned() as u64)
            .map(|n| {
                sleep_until(start + Duration::from_micros(if shuffled { n * 7919 % 100_003 } else { n }))
            })
            .collect();
        let before = BYTES.get();
        executor.block_on(async {
            for sleep in &mut sleeps {
                assert!(Pin::new(sleep).poll(&mut Context::from_waker(Waker::noop())).is_pending());
            }
        });
        let each = (BYTES.get() - before) / TIMERS;
        println!("a deadline: {each} bytes");
        assert!(each <= 80, "{each} bytes a deadline");
        drop(sleeps);
        assert!(BYTES.get() - before < LEFT, "{} bytes are left", BYTES.get() - before);
    }
}

#[test]
fn a_hundred_thousand_tasks_that_sleep_are_tasks_and_deadlines_and_nothing_else() {
    // Places grow by doubling: so many, and the root, fill them.
    const TASKS: isize = (1 << 17) - 2;
    Executor::run(sleep(Duration::from_millis(1))); // the reactor, and what it keeps
    let before = BYTES.get();
    let executor = Executor::new();
    let future = isize::try_from(size_of_val(&sleep(Duration::ZERO))).expect("it is small");
    for _ in 0..TASKS {
        drop(executor.spawn(sleep(Duration::from_secs(3600))));
    }
    executor.block_on(yield_now());
    let each = (BYTES.get() - before) / TASKS - future;
    println!("a task that sleeps: {each} bytes beside its future");
    assert!(each <= 112 + 80, "{each} bytes a task that sleeps, beside its future of {future}");
    drop(executor);
    assert!(BYTES.get() - before < LEFT, "{} bytes are left", BYTES.get() - before);
}
