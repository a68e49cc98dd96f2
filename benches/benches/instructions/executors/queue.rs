//! The least executor that is built on async-task: a queue of what is ready.

use std::{cell::RefCell, collections::VecDeque, future::Future};

use async_task::{Runnable, Task};

thread_local! {
    static QUEUE: RefCell<VecDeque<Runnable>> = const { RefCell::new(VecDeque::new()) };
}

pub(super) fn spawn<T: 'static>(future: impl Future<Output = T> + 'static) -> Task<T> {
    let (runnable, task) = async_task::spawn_local(future, |runnable| {
        QUEUE.with_borrow_mut(|queue| queue.push_back(runnable));
    });
    runnable.schedule();
    task
}

pub(super) fn run<T: 'static>(future: impl Future<Output = T> + 'static) -> T {
    let task = spawn(future);
    while let Some(runnable) = QUEUE.with_borrow_mut(VecDeque::pop_front) {
        runnable.run();
    }
    futures_lite::future::block_on(task)
}
