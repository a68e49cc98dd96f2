//! An executor ends in every way, with few tasks and with many: each future is dropped once, at home.

use asynkit::{Executor, spawn, yield_now};
use asynkit_tests::OnDrop;
use std::{
    cell::RefCell,
    future::{Future as _, pending, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    task::{Context, Poll, Waker},
    thread,
};

/// A part of a future that counts its drops, and sees where they happen.
struct Part {
    drops: Arc<AtomicU32>,
    home: thread::ThreadId,
}

impl Drop for Part {
    fn drop(&mut self) {
        assert_eq!(thread::current().id(), self.home);
        self.drops.fetch_add(1, Ordering::Relaxed);
    }
}

/// An executor with so many tasks, half of which have begun.
fn occupied(tasks: u32, drops: &Arc<AtomicU32>, wakers: &Rc<RefCell<Vec<Waker>>>) -> Executor {
    let executor = Executor::new();
    for half in [tasks / 2, tasks - tasks / 2] {
        executor.block_on(yield_now());
        for _ in 0..half {
            let part = Part { drops: Arc::clone(drops), home: thread::current().id() };
            let wakers = Rc::clone(wakers);
            drop(executor.spawn(async move {
                let _part = part;
                poll_fn(|cx| {
                    wakers.borrow_mut().push(cx.waker().clone());
                    Poll::Ready(())
                })
                .await;
                pending::<()>().await;
            }));
        }
    }
    executor
}

/// Drives it for a turn, and drops it.
fn turn(mut executor: Executor) {
    let _ = Pin::new(&mut executor).poll(&mut Context::from_waker(Waker::noop()));
}

/// A way in which an executor ends.
type End = fn(Executor);

const ENDS: [(&str, End); 6] = [
    ("dropped", |executor| drop(executor)),
    ("stopped, twice, and dropped", |executor| {
        executor.remote().stop();
        executor.remote().stop();
        turn(executor);
    }),
    ("inside of a task of another", |executor| {
        Executor::run(async { spawn(async { drop(executor) }).await.unwrap() });
    }),
    ("stopped by a task of its own", |executor| {
        let remote = executor.remote();
        drop(executor.spawn(async move {
            remote.stop();
            pending::<()>().await;
        }));
        turn(executor);
    }),
    ("while the thread unwinds", |executor| {
        let caught = catch_unwind(AssertUnwindSafe(move || {
            let _executor = executor;
            panic!("unwinds");
        }));
        assert!(caught.is_err());
    }),
    ("with the locals of its thread", |executor| {
        thread_local! {
            static LAST: RefCell<Option<Executor>> = const { RefCell::new(None) };
        }
        LAST.set(Some(executor));
    }),
];

#[test]
fn each_future_is_dropped_once_at_home_however_the_executor_ends() {
    for (name, end) in ENDS {
        for tasks in [0, 1, 100, 100_000] {
            // A thread each, whose locals come to their end.
            let drops = Arc::new(AtomicU32::new(0));
            let counted = Arc::clone(&drops);
            let ended = thread::spawn(move || {
                let wakers = Rc::new(RefCell::new(Vec::new()));
                let executor = occupied(tasks, &counted, &wakers);
                let foreign = wakers.take();
                let is_over = AtomicBool::new(false);
                thread::scope(|scope| {
                    scope.spawn(|| {
                        while !is_over.load(Ordering::Relaxed) {
                            foreign.iter().take(1000).for_each(Waker::wake_by_ref);
                        }
                    });
                    let _over = OnDrop(|| is_over.store(true, Ordering::Relaxed));
                    end(executor);
                });
                foreign.iter().for_each(Waker::wake_by_ref);
            });
            ended.join().unwrap_or_else(|_| panic!("{name}, {tasks}"));
            assert_eq!(drops.load(Ordering::Relaxed), tasks, "{name}, {tasks}");
        }
    }
}
