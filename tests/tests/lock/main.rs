//! Locks and conditions that hand priority on.

mod condition;
mod deadlock;
mod elsewhere;
mod holding;
mod inversion;
mod leaving;
mod lending;
mod model;
mod order;

use asynkit::{Priority, PriorityLock, Task, TaskBuilder, current_task, sleep_insert, yield_now};
use std::{future::Future, rc::Rc};

/// A priority of this number.
fn at(value: f64) -> Priority {
    Priority::new(value).expect("it is a number")
}

/// A task with a name and a priority.
#[track_caller]
fn task<T: 'static>(name: &str, priority: f64, future: impl Future<Output = T> + 'static) -> Task<T> {
    TaskBuilder::new(future).name(name).priority(at(priority)).spawn()
}

/// Runs all that is ready, whatever its priority, until it waits.
async fn settle() {
    let me = current_task().expect("it is a task");
    let before = me.priority();
    me.set_priority(at(1e9));
    // What the caller holds may keep it from being last.
    for _ in 0..100 {
        sleep_insert(usize::MAX).await;
    }
    me.set_priority(before);
    yield_now().await;
}

/// A lock to be shared by tasks.
#[track_caller]
fn shared<T>(value: T) -> Rc<PriorityLock<T>> {
    Rc::new(PriorityLock::new(value))
}
