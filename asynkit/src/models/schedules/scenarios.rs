//! What threads and executors do with each other.

use super::world::{Gate, Living, ask, block_on, join, turn};
use crate::{Executor, InterruptExt as _, Remote, TaskError, spawn, yield_now};
use core::{
    cell::Cell,
    future::{pending, poll_fn},
    mem,
    pin::Pin,
    task::{Poll, Waker},
};
use shuttle::{
    sync::{
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
};
use std::{rc::Rc, sync::Arc};

/// Threads send tasks, which start tasks, and await them.
pub(super) fn sending() {
    let executor = Executor::new();
    let (gate, living) = (Gate::new(3), Living::default());
    let threads: Vec<_> = (0..3)
        .map(|number| {
            let (remote, gate, living) = (executor.remote(), gate.clone(), living.clone());
            thread::spawn(move || {
                let detached = remote.spawn(move || async move { yield_now().await }).unwrap();
                assert_eq!(ask(&remote, &living, number).unwrap().unwrap(), number);
                block_on(detached).unwrap();
                gate.arrive();
            })
        })
        .collect();
    block_on(executor.run_until(gate.pass()));
    living.are(0);
    drop(executor);
    join(threads);
}

/// Threads wake a task that runs, is queued, waits and has ended; the next one in its slot is not polled for it.
pub(super) fn waking() {
    const WAKES: u32 = 4;
    let mut executor = Executor::new();
    let count = Arc::new(AtomicU32::new(0));
    let left = Rc::new(Cell::new(None));
    let (counted, leave) = (Arc::clone(&count), Rc::clone(&left));
    let task = executor.spawn(async move {
        while counted.load(Ordering::SeqCst) < WAKES {
            let mut has_waited = false;
            poll_fn(|cx| {
                leave.set(Some(cx.waker().clone()));
                if mem::replace(&mut has_waited, true) { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            yield_now().await;
        }
    });
    assert!(turn(Pin::new(&mut executor)).is_pending());
    let waker = left.take().expect("it was polled");
    let gate = Gate::new(1);
    let threads: Vec<_> = (0..2)
        .map(|number| {
            let (count, waker, gate) = (Arc::clone(&count), waker.clone(), gate.clone());
            thread::spawn(move || {
                for _ in 0..WAKES / 2 {
                    count.fetch_add(1, Ordering::SeqCst);
                    waker.wake_by_ref();
                }
                if number == 0 {
                    gate.arrive();
                }
                waker.wake();
            })
        })
        .collect();
    block_on(executor.run_until(async move {
        task.await.unwrap();
        let polls = Rc::new(Cell::new(0));
        let counted = Rc::clone(&polls);
        let mut next = Box::pin(gate.pass());
        let next = spawn(poll_fn(move |cx| {
            counted.set(counted.get() + 1);
            next.as_mut().poll(cx)
        }));
        next.await.unwrap();
        assert!(polls.get() <= 2, "a wake of the task that is gone has reached the next one");
    }));
    join(threads);
}

/// A task is dropped while it is woken, and the next one in its slot is woken by another thread.
pub(super) fn dropping() {
    let mut executor = Executor::new();
    let (gate, living) = (Gate::new(1), Living::default());
    let left = Rc::default();
    let task = executor.spawn(living.part().keep(Rc::clone(&left)));
    assert!(turn(Pin::new(&mut executor)).is_pending());
    let waker = left.take().expect("it was polled");
    let arriving = gate.clone();
    let threads = [thread::spawn(move || waker.wake()), thread::spawn(move || arriving.arrive())];
    block_on(executor.run_until(async {
        task.abort();
        assert!(matches!(task.await, Err(TaskError::Cancelled)));
        living.are(0);
        spawn(gate.pass()).await.unwrap();
    }));
    drop(executor);
    join(threads);
}

/// A task is asked to stop from the thread that has sent it: before it starts, while it waits, when it has ended.
pub(super) fn cancelling() {
    let executor = Executor::new();
    let (gate, living) = (Gate::new(2), Living::default());
    let threads = [true, false].map(|ends| {
        let (remote, gate, living) = (executor.remote(), gate.clone(), living.clone());
        thread::spawn(move || {
            let make = move || {
                let part = living.part();
                async move {
                    yield_now().await;
                    if !ends {
                        pending::<()>().await;
                    }
                    drop(part);
                }
            };
            let task = remote.spawn(make).unwrap();
            task.cancel();
            match block_on(task) {
                Ok(()) => assert!(ends),
                Err(error) => assert!(matches!(error, TaskError::Cancelled)),
            }
            gate.arrive();
        })
    });
    block_on(executor.run_until(gate.pass()));
    living.are(0);
    join(threads);
}

/// One thread stops an executor, others wake its tasks and send new ones.
pub(super) fn stopping() {
    let mut executor = Executor::new();
    let living = Living::default();
    let left = Rc::default();
    drop(executor.spawn(living.part().keep(Rc::clone(&left))));
    drop(executor.spawn(living.part().keep(Rc::default())));
    assert!(turn(Pin::new(&mut executor)).is_pending());
    // One that is queued when the stop comes, perhaps.
    drop(executor.spawn(living.part().keep(Rc::default())));
    let waker: Waker = left.take().expect("it was polled");
    let (stopping, asking, asked) = (executor.remote(), executor.remote(), living.clone());
    let threads = [
        thread::spawn(move || stopping.stop()),
        thread::spawn(move || (0..3).for_each(|_| waker.wake_by_ref())),
        thread::spawn(move || match ask(&asking, &asked, 1) {
            Some(Ok(number)) => assert_eq!(number, 1),
            Some(Err(error)) => assert!(matches!(error, TaskError::Cancelled)),
            None => assert!(asking.is_stopped()),
        }),
    ];
    block_on(&mut executor);
    living.are(0);
    drop(executor);
    join(threads);
}

/// A root that is stopped is told, and the call that drives it ends.
pub(super) fn stopping_a_root() {
    let executor = Executor::new();
    let remote = executor.remote();
    let other = thread::spawn(move || remote.stop());
    let told = block_on(executor.run_until(async {
        drop(spawn(pending::<()>()));
        pending::<()>().interruptible().await.is_err()
    }));
    assert!(told);
    drop(executor);
    join([other]);
}

/// An executor is dropped at home while others wake its tasks, send new ones and await them; the next one has its number.
pub(super) fn ending() {
    let mut executor = Executor::new();
    let living = Living::default();
    let left = Rc::default();
    drop(executor.spawn(living.part().keep(Rc::clone(&left))));
    assert!(turn(Pin::new(&mut executor)).is_pending());
    drop(executor.spawn(living.part().keep(Rc::default())));
    let waker: Waker = left.take().expect("it was polled");
    let (remote, asked) = (executor.remote(), living.clone());
    let threads = [
        thread::spawn(move || (0..3).for_each(|_| waker.wake_by_ref())),
        thread::spawn(move || match ask(&remote, &asked, 1) {
            Some(Ok(number)) => assert_eq!(number, 1),
            Some(Err(error)) => assert!(matches!(error, TaskError::Cancelled)),
            None => assert!(remote.is_stopped()),
        }),
    ];
    let _ = turn(Pin::new(&mut executor));
    drop(executor);
    living.are(0);

    let mut next = Executor::new();
    let polls = Rc::new(Cell::new(0));
    let counted = Rc::clone(&polls);
    drop(next.spawn(poll_fn(move |_| {
        counted.set(counted.get() + 1);
        Poll::<()>::Pending
    })));
    assert!(turn(Pin::new(&mut next)).is_pending());
    join(threads);
    assert!(turn(Pin::new(&mut next)).is_pending());
    assert_eq!(polls.get(), 1, "a waker has woken a task that is not its own");
}

/// Two executors, on a thread each, send tasks to each other and await them.
pub(super) fn two_executors() {
    let gate = Gate::new(2);
    let serve = |remote: Remote, gate: Gate| async move {
        for number in 0..2 {
            let asked = remote.spawn(move || async move {
                yield_now().await;
                number
            });
            assert_eq!(asked.unwrap().await.unwrap(), number);
        }
        gate.arrive();
        gate.pass().await;
    };
    let executor = Executor::new();
    let (send, receive) = mpsc::channel();
    let (remote, other_gate) = (executor.remote(), gate.clone());
    let other = thread::spawn(move || {
        let executor = Executor::new();
        send.send(executor.remote()).unwrap();
        block_on(executor.run_until(serve(remote, other_gate)));
    });
    let remote = receive.recv().unwrap();
    block_on(executor.run_until(serve(remote, gate)));
    drop(executor);
    join([other]);
}
