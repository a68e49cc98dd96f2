//! What the scenarios are made of: threads that park, gates, and parts of futures that know their home.

use crate::{Remote, TaskError, spawn, yield_now};
use core::{
    cell::RefCell,
    future::poll_fn,
    mem,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};
use shuttle::{
    sync::{
        Condvar, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread::{self, JoinHandle, ThreadId},
};
use std::{rc::Rc, sync::Arc, task::Wake};

/// Parks the thread until it is woken.
#[derive(Default)]
struct Parker {
    is_woken: Mutex<bool>,
    woken: Condvar,
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        *self.is_woken.lock().unwrap() = true;
        self.woken.notify_one();
    }
}

/// Polls until it is ready; parks in between.
pub(super) fn block_on<F: Future>(future: F) -> F::Output {
    let parker = Arc::new(Parker::default());
    let waker = Waker::from(Arc::clone(&parker));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return value;
        }
        let mut is_woken = parker.is_woken.lock().unwrap();
        while !*is_woken {
            is_woken = parker.woken.wait(is_woken).unwrap();
        }
        *is_woken = false;
    }
}

/// Polls once; nobody is woken for it.
pub(super) fn turn<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Opens when so many have arrived.
#[derive(Clone)]
pub(super) struct Gate(Arc<Mutex<(u32, Vec<Waker>)>>);

impl Gate {
    pub(super) fn new(expected: u32) -> Self {
        Gate(Arc::new(Mutex::new((expected, Vec::new()))))
    }

    pub(super) fn arrive(&self) {
        let wakers = {
            let (missing, wakers) = &mut *self.0.lock().unwrap();
            *missing -= 1;
            if *missing == 0 { mem::take(wakers) } else { Vec::new() }
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    pub(super) async fn pass(self) {
        poll_fn(|cx| {
            let (missing, wakers) = &mut *self.0.lock().unwrap();
            if *missing == 0 {
                return Poll::Ready(());
            }
            wakers.push(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

/// How many parts of futures there are, each to be dropped on the thread that has made it.
#[derive(Clone, Default)]
pub(super) struct Living(Arc<AtomicU32>);

pub(super) struct Part {
    living: Living,
    home: ThreadId,
}

impl Living {
    pub(super) fn part(&self) -> Part {
        self.0.fetch_add(1, Ordering::SeqCst);
        Part { living: self.clone(), home: thread::current().id() }
    }

    pub(super) fn are(&self, number: u32) {
        assert_eq!(self.0.load(Ordering::SeqCst), number, "parts of futures that are left");
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        assert_eq!(thread::current().id(), self.home, "a part is dropped away from home");
        self.living.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Part {
    /// Has it as long as it is not dropped; leaves the waker.
    pub(super) async fn keep(self, left: Rc<RefCell<Option<Waker>>>) {
        poll_fn(|cx| {
            left.borrow_mut().get_or_insert_with(|| cx.waker().clone());
            Poll::<()>::Pending
        })
        .await;
    }
}

pub(super) fn join(threads: impl IntoIterator<Item = JoinHandle<()>>) {
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

/// Sends a task and awaits it; what comes of it, if it is not refused.
pub(super) fn ask(remote: &Remote, living: &Living, number: u32) -> Option<Result<u32, TaskError>> {
    let living = living.clone();
    let make = move || {
        let part = living.part();
        async move {
            let inner = spawn(async move {
                yield_now().await;
                number
            });
            let number = inner.await.expect("it ends");
            drop(part);
            number
        }
    };
    remote.spawn(make).ok().map(block_on)
}
