//! Twenty-four threads around one executor: no wake, no task and no cancel is lost.
//!
//! The rounds here are a bounded form; `ASYNKIT_STRESS=1000` multiplies them (`just stress`).

use asynkit::{Executor, InterruptExt as _, TaskError, spawn};
use asynkit_tests::block_on;
use std::{
    cell::Cell,
    future::{pending, poll_fn},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Poll, Waker},
    thread,
};

const THREADS: usize = 24;

fn rounds(bounded: usize) -> usize {
    let factor = std::env::var("ASYNKIT_STRESS").ok().and_then(|factor| factor.parse().ok());
    bounded * factor.unwrap_or(1)
}

#[test]
fn each_of_many_wakes_from_twenty_four_threads_is_followed_by_a_poll() {
    let rounds = rounds(4000);
    Executor::run(async {
        let counts: Arc<Vec<AtomicUsize>> = Arc::new((0..THREADS).map(|_| AtomicUsize::new(0)).collect());
        let polls = Rc::new(Cell::new(0_usize));
        // A task each, which ends when it has seen all that its thread counts.
        let tasks: Vec<_> = (0..THREADS)
            .map(|n| {
                let (counts, polls) = (Arc::clone(&counts), Rc::clone(&polls));
                let mut thread = None;
                spawn(poll_fn(move |cx| {
                    polls.set(polls.get() + 1);
                    if thread.is_none() {
                        let (waker, counts) = (cx.waker().clone(), Arc::clone(&counts));
                        thread = Some(thread::spawn(move || {
                            for _ in 0..rounds {
                                counts[n].fetch_add(1, Ordering::Release);
                                waker.wake_by_ref();
                            }
                        }));
                    }
                    if counts[n].load(Ordering::Acquire) < rounds {
                        return Poll::Pending;
                    }
                    thread.take().unwrap().join().unwrap();
                    Poll::Ready(())
                }))
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert!(polls.get() <= THREADS * (rounds + 1), "{} polls, without a wake for each", polls.get());
    });
}

#[test]
fn one_task_that_twenty_four_threads_wake_sees_all_of_them() {
    let rounds = rounds(1000);
    Executor::run(async {
        let count = Arc::new(AtomicUsize::new(0));
        let mut threads = Vec::new();
        poll_fn(|cx| {
            while threads.len() < THREADS {
                let (waker, count): (Waker, _) = (cx.waker().clone(), Arc::clone(&count));
                threads.push(thread::spawn(move || {
                    for _ in 0..rounds {
                        count.fetch_add(1, Ordering::Release);
                        waker.wake_by_ref();
                    }
                }));
            }
            if count.load(Ordering::Acquire) == THREADS * rounds { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

#[test]
fn tasks_that_twenty_four_threads_send_and_cancel_all_end_and_are_told_once() {
    let rounds = rounds(60);
    let executor = Executor::new();
    let (left, ended, cancelled) =
        (Arc::new(AtomicUsize::new(THREADS)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let threads: Vec<_> = (0..THREADS)
        .map(|n| {
            let remote = executor.remote();
            let (left, ended, cancelled) = (Arc::clone(&left), Arc::clone(&ended), Arc::clone(&cancelled));
            thread::spawn(move || {
                for i in 0..rounds {
                    let is_polite = i % 2 == 0;
                    let task = remote.spawn(move || async move {
                        if is_polite {
                            pending::<()>().interruptible().await.is_err()
                        } else {
                            pending::<bool>().await
                        }
                    });
                    let task = task.unwrap();
                    if (n + i) % 3 == 0 {
                        thread::yield_now();
                    }
                    task.cancel();
                    // One that was told before its first poll never ran; one that asks is told, and ends with its value.
                    match block_on(task) {
                        Ok(told) => {
                            assert!(told && is_polite);
                            ended.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(error) => {
                            assert!(matches!(error, TaskError::Cancelled));
                            cancelled.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                }
                if left.fetch_sub(1, Ordering::AcqRel) == 1 {
                    remote.stop();
                }
            })
        })
        .collect();
    drop(executor.spawn(pending::<()>()));
    block_on(executor);
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(ended.load(Ordering::Relaxed) + cancelled.load(Ordering::Relaxed), THREADS * rounds);
    assert!(cancelled.load(Ordering::Relaxed) >= THREADS * rounds / 2);
}
