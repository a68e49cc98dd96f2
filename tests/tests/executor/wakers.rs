//! Wakers that are used wrongly, late, often, or never.

use asynkit::{Executor, spawn, yield_now};
use asynkit_tests::OnDrop;
use std::{
    cell::{Cell, RefCell},
    future::{pending, poll_fn},
    rc::Rc,
    task::{Poll, Waker},
    thread,
};

/// The waker of a task, how often it was polled, whether it may end, and the task.
type Watched = (Rc<RefCell<Option<Waker>>>, Rc<Cell<u32>>, Rc<Cell<bool>>, asynkit::Task<()>);

/// A task that keeps its waker and counts its polls; it ends when `is_open`.
fn watched() -> Watched {
    let (waker, polls, is_open) =
        (Rc::new(RefCell::new(None)), Rc::new(Cell::new(0)), Rc::new(Cell::new(false)));
    let (kept, counted, gate) = (Rc::clone(&waker), Rc::clone(&polls), Rc::clone(&is_open));
    let task = spawn(poll_fn(move |cx| {
        *kept.borrow_mut() = Some(cx.waker().clone());
        counted.set(counted.get() + 1);
        if gate.get() { Poll::Ready(()) } else { Poll::Pending }
    }));
    (waker, polls, is_open, task)
}

#[test]
fn a_thousand_wakes_are_one_poll() {
    Executor::run(async {
        let (waker, polls, _, _task) = watched();
        yield_now().await;
        let waker = waker.borrow().clone().unwrap();
        for _ in 0..1000 {
            waker.wake_by_ref();
            waker.wake_by_ref();
        }
        yield_now().await;
        yield_now().await;
        assert_eq!(polls.get(), 2);
    });
}

#[test]
fn a_wake_after_the_end_wakes_nobody_else() {
    Executor::run(async {
        let (waker, _, is_open, task) = watched();
        yield_now().await;
        is_open.set(true);
        let stale = waker.borrow().clone().unwrap();
        stale.wake_by_ref();
        task.await.unwrap();
        let (_, polls, _, _next) = watched();
        yield_now().await;
        for _ in 0..10 {
            stale.wake_by_ref();
            yield_now().await;
        }
        assert_eq!(polls.get(), 1, "the next task of the slot is not woken");
    });
}

#[test]
fn wakes_from_eight_threads_during_the_polls_are_not_lost() {
    Executor::run(async {
        let left = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(8));
        let mut threads = Vec::new();
        poll_fn(move |cx| {
            if threads.is_empty() {
                threads = (0..8)
                    .map(|_| {
                        let (waker, left) = (cx.waker().clone(), std::sync::Arc::clone(&left));
                        thread::spawn(move || {
                            for _ in 0..1000 {
                                waker.wake_by_ref();
                            }
                            left.fetch_sub(1, std::sync::atomic::Ordering::Release);
                            waker.wake();
                        })
                    })
                    .collect();
            }
            if left.load(std::sync::atomic::Ordering::Acquire) == 0 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    });
}

#[test]
fn a_wake_inside_of_a_drop_is_heard() {
    Executor::run(async {
        let (waker, polls, _, _task) = watched();
        yield_now().await;
        let waker = waker.borrow().clone().unwrap();
        let dropped = spawn(async move {
            let _on_drop = OnDrop(move || waker.wake_by_ref());
            pending::<()>().await;
        });
        yield_now().await;
        dropped.abort();
        yield_now().await;
        yield_now().await;
        assert_eq!(polls.get(), 2);
    });
}

#[test]
fn clones_of_a_tasks_waker_are_the_same_and_others_are_not() {
    Executor::run(async {
        let (first, _, _, _a) = watched();
        let (second, _, _, _b) = watched();
        yield_now().await;
        let (first, second) = (first.borrow().clone().unwrap(), second.borrow().clone().unwrap());
        assert!(first.will_wake(&first.clone()) && !first.will_wake(&second));
    });
}

#[test]
fn a_waker_is_used_on_the_thread_of_another_executor() {
    let (sender, receiver) = std::sync::mpsc::channel::<Waker>();
    let other = thread::spawn(move || {
        let waker = receiver.recv().unwrap();
        Executor::run(async move {
            yield_now().await;
            waker.wake();
        });
    });
    Executor::run(async {
        let mut sent = false;
        poll_fn(|cx| {
            if std::mem::replace(&mut sent, true) {
                return Poll::Ready(());
            }
            sender.send(cx.waker().clone()).unwrap();
            Poll::Pending
        })
        .await;
    });
    other.join().unwrap();
}
