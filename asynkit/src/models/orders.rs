//! Small models, which loom runs in every order (`just loom`).

use crate::{
    Executor, TaskError,
    engine::wake_elsewhere,
    util::sync::fault::{self, Fault},
};
use core::{
    cell::{Cell, RefCell},
    future::{pending, poll_fn},
    mem::ManuallyDrop,
    pin::Pin,
    task::{Context, Poll, Waker},
};
use loom::{
    sync::{
        Notify,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};
use std::{rc::Rc, sync::Arc, task::Wake};

/// Explores all orders in which threads are preempted at most so often.
pub(super) fn explore(preemptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(model);
}

/// Parks the thread until it is woken.
struct Parker(Notify);

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.0.notify();
    }
}

/// Polls until it is ready; parks in between. The future stays where a model fails.
pub(super) fn block_on<F: Future>(future: F) -> F::Output {
    let parker = Arc::new(Parker(Notify::new()));
    let waker = Waker::from(Arc::clone(&parker));
    let mut future = ManuallyDrop::new(Box::pin(future));
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            drop(ManuallyDrop::into_inner(future));
            return value;
        }
        parker.0.wait();
    }
}

/// An executor that stays where a model fails: its end would ask loom for more.
fn executor() -> ManuallyDrop<Executor> {
    ManuallyDrop::new(Executor::new())
}

/// A task that has left its waker, and is to be ready when `count` is at `until`. Gives the waker.
fn counting(executor: &mut Executor, count: &Arc<AtomicU32>, until: u32) -> Waker {
    let left = Rc::new(RefCell::new(None));
    let (leave, count) = (Rc::clone(&left), Arc::clone(count));
    drop(executor.spawn(poll_fn(move |cx| {
        leave.borrow_mut().get_or_insert_with(|| cx.waker().clone());
        if count.load(Ordering::SeqCst) >= until { Poll::Ready(()) } else { Poll::Pending }
    })));
    assert!(Pin::new(executor).poll(&mut Context::from_waker(Waker::noop())).is_pending());
    left.take().unwrap()
}

/// Each of some threads counts and wakes, so often; the task sees all of it, and the executor comes to its end.
fn wakes(threads: u32, each: u32) {
    explore(2, move || {
        let mut executor = executor();
        let count = Arc::new(AtomicU32::new(0));
        let waker = counting(&mut executor, &count, threads * each);
        let others: Vec<_> = (0..threads)
            .map(|_| {
                let (count, waker) = (Arc::clone(&count), waker.clone());
                thread::spawn(move || {
                    for _ in 0..each {
                        count.fetch_add(1, Ordering::SeqCst);
                        wake_elsewhere(&waker);
                    }
                })
            })
            .collect();
        block_on(&mut *executor);
        drop(ManuallyDrop::into_inner(executor));
        for other in others {
            other.join().unwrap();
        }
    });
}

#[test]
fn a_wake_is_never_lost() {
    wakes(1, 1);
}

#[test]
fn a_second_wake_counts_after_the_first_was_heard() {
    wakes(1, 2);
}

#[test]
fn wakes_of_two_threads_are_one_letter_or_two() {
    wakes(2, 1);
}

#[test]
#[should_panic(expected = "deadlock")]
fn a_driver_that_does_not_look_again_is_found() {
    fault::plant(Fault::NoRecheck);
    wakes(1, 1);
}

#[test]
#[should_panic(expected = "deadlock")]
fn a_driver_that_is_not_woken_is_found() {
    fault::plant(Fault::NoUnpark);
    wakes(1, 1);
}

#[test]
#[should_panic(expected = "deadlock")]
fn a_flag_that_is_set_outside_of_the_lock_is_found() {
    fault::plant(Fault::LateFlag);
    wakes(1, 1);
}

#[test]
#[should_panic(expected = "deadlock")]
fn a_letter_that_stays_noted_is_found() {
    fault::plant(Fault::StaysNoted);
    wakes(1, 2);
}

/// Counts how often it is dropped.
struct Dropped(Rc<Cell<u32>>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

/// A waker is used while its executor ends and the next one, with the same number, begins.
fn stale_wake() {
    explore(3, || {
        let mut first = executor();
        let drops = Rc::new(Cell::new(0));
        let dropped = Dropped(Rc::clone(&drops));
        let waker = counting(&mut first, &Arc::default(), 1);
        drop(first.spawn(async move {
            let _dropped = dropped;
            pending::<()>().await;
        }));
        let other = thread::spawn(move || wake_elsewhere(&waker));
        drop(ManuallyDrop::into_inner(first));
        assert_eq!(drops.get(), 1);

        let mut second = executor();
        let polls = Rc::new(Cell::new(0));
        let counted = Rc::clone(&polls);
        drop(second.spawn(poll_fn(move |_| {
            counted.set(counted.get() + 1);
            Poll::<()>::Pending
        })));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut *second).poll(&mut cx).is_pending());
        other.join().unwrap();
        assert!(Pin::new(&mut *second).poll(&mut cx).is_pending());
        assert_eq!(polls.get(), 1, "a waker has woken a task that is not its own");
        drop(ManuallyDrop::into_inner(second));
    });
}

#[test]
fn a_waker_outlives_its_executor_and_wakes_nobody_of_the_next() {
    stale_wake();
}

#[test]
#[should_panic(expected = "a waker has woken a task that is not its own")]
fn generations_that_begin_again_are_found() {
    fault::plant(Fault::SameGeneration);
    stale_wake();
}

/// A task is sent to an executor that ends: it is refused, or whoever awaits it is told.
fn send_and_end() {
    explore(3, || {
        let executor = executor();
        let remote = ManuallyDrop::new(executor.remote());
        let other = thread::spawn(move || {
            match remote.spawn(|| async {}).map(ManuallyDrop::new) {
                Ok(mut task) => {
                    assert!(matches!(block_on(&mut *task), Err(TaskError::Cancelled)));
                    drop(ManuallyDrop::into_inner(task));
                }
                Err(_stopped) => assert!(remote.is_stopped()),
            }
            drop(ManuallyDrop::into_inner(remote));
        });
        drop(ManuallyDrop::into_inner(executor));
        other.join().unwrap();
    });
}

#[test]
fn a_task_that_is_sent_to_an_executor_that_ends_is_told() {
    send_and_end();
}

#[test]
#[should_panic(expected = "deadlock")]
fn an_inbox_that_stays_open_is_found() {
    fault::plant(Fault::StaysOpen);
    send_and_end();
}

#[test]
fn a_stop_reaches_an_executor_that_parks() {
    explore(3, || {
        let mut executor = executor();
        let drops = Rc::new(Cell::new(0));
        let dropped = Dropped(Rc::clone(&drops));
        drop(executor.spawn(async move {
            let _dropped = dropped;
            pending::<()>().await;
        }));
        let remote = executor.remote();
        let other = thread::spawn(move || remote.stop());
        block_on(&mut *executor);
        assert_eq!(drops.get(), 1);
        other.join().unwrap();
        drop(ManuallyDrop::into_inner(executor));
    });
}

#[test]
#[should_panic(expected = "deadlock")]
fn a_stop_that_wakes_no_driver_is_found() {
    fault::plant(Fault::NoUnpark);
    explore(3, || {
        let mut executor = executor();
        drop(executor.spawn(pending::<()>()));
        let remote = executor.remote();
        let _other = thread::spawn(move || remote.stop());
        block_on(&mut *executor);
    });
}
