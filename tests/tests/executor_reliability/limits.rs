//! The ends of numbers, and how long the reactor waits.

use asynkit::{
    Executor, Priority, TaskBuilder, current_task, sleep, sleep_insert, spawn, task_reinsert, task_switch,
    yield_now,
};
use std::{
    cell::Cell,
    future::{Future, pending, poll_fn},
    pin::pin,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

#[test]
fn positions_at_the_end_of_numbers_are_the_end_of_the_queue() {
    Executor::run(async {
        let polls = Rc::new(Cell::new(0));
        let counted = || {
            let polls = Rc::clone(&polls);
            spawn(async move { polls.set(polls.get() + 1) })
        };
        let tasks = [counted(), counted(), counted()];
        task_reinsert(&tasks[0], usize::MAX).unwrap();
        task_switch(&tasks[0], Some(usize::MAX)).await.unwrap();
        assert_eq!(polls.get(), 3, "we are behind all of them");
        drop(counted());
        sleep_insert(usize::MAX).await;
        assert_eq!(polls.get(), 4);
    });
}

#[test]
fn priorities_and_durations_without_end_meet() {
    Executor::run(async {
        for priority in [f64::INFINITY, f64::NEG_INFINITY] {
            let task = TaskBuilder::new(async {
                sleep(Duration::ZERO).await;
                sleep_insert(usize::MAX).await;
                current_task().unwrap().set_priority(Priority::new(0.0).unwrap());
                sleep(Duration::MAX).await;
            })
            .priority(Priority::new(priority).unwrap())
            .spawn();
            for _ in 0..5 {
                sleep(Duration::ZERO).await;
            }
            assert!(task.cancel());
            assert!(task.await.is_err());
        }
        assert!(Priority::new(f64::NAN).is_none());
    });
}

#[test]
fn a_million_yields_of_ten_tasks_are_a_million_turns() {
    Executor::run(async {
        let tasks = [(); 10].map(|()| {
            spawn(async {
                for _ in 0..100_000 {
                    yield_now().await;
                }
                1
            })
        });
        let mut sum = 0;
        for task in tasks {
            sum += task.await.unwrap();
        }
        assert_eq!(sum, 10);
    });
}

/// Counts the wakes of a driver.
struct Driver(AtomicU32);

impl Wake for Driver {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn whoever_drives_gets_its_turn_after_61_polls_whoever_is_ready() {
    for busy in [1, 10, 1000] {
        let executor = Executor::new();
        let polls = Rc::new(Cell::new(0_u32));
        for _ in 0..busy {
            let polls = Rc::clone(&polls);
            drop(executor.spawn(poll_fn(move |cx| {
                polls.set(polls.get() + 1);
                cx.waker().wake_by_ref();
                Poll::<()>::Pending
            })));
        }
        let driver = Arc::new(Driver(AtomicU32::new(0)));
        let waker = Waker::from(Arc::clone(&driver));
        let mut run = pin!(executor.run_until(pending::<()>()));
        for turn in 1..=100 {
            let before = polls.get();
            assert!(run.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            let polled = polls.get() - before;
            assert!((60..=61).contains(&polled), "{polled} polls in turn {turn} of {busy} tasks");
            assert_eq!(driver.0.load(Ordering::Relaxed), turn, "it asks for the next turn");
        }
    }
}

#[test]
fn a_turn_is_over_when_nothing_is_ready() {
    let executor = Executor::new();
    let driver = Arc::new(Driver(AtomicU32::new(0)));
    let waker = Waker::from(Arc::clone(&driver));
    drop(executor.spawn(yield_now()));
    let mut run = pin!(executor.run_until(pending::<()>()));
    assert!(run.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    assert_eq!(driver.0.load(Ordering::Relaxed), 0, "nobody asks for a turn");
}
