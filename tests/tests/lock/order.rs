//! Who gets a lock next.

use crate::{at, settle, shared, task};
use asynkit::{Executor, PriorityLock, TaskRef, current_task, sleep, spawn, yield_now};
use asynkit_tests::poll_once;
use futures::{StreamExt as _, stream::FuturesUnordered};
use std::{cell::RefCell, pin::pin, rc::Rc, time::Duration};

/// Tasks that wait for a lock, and note who has got it.
struct Queue {
    lock: Rc<PriorityLock<()>>,
    order: Rc<RefCell<Vec<&'static str>>>,
}

impl Queue {
    fn new() -> Self {
        Queue { lock: shared(()), order: Rc::default() }
    }

    fn join(&self, name: &'static str, priority: f64) -> TaskRef {
        let (lock, order) = (Rc::clone(&self.lock), Rc::clone(&self.order));
        *task(name, priority, async move {
            let _guard = lock.lock().await.unwrap();
            order.borrow_mut().push(name);
        })
    }

    async fn order(self) -> Vec<&'static str> {
        settle().await;
        self.order.take()
    }
}

#[test]
fn the_highest_priority_comes_first_and_equal_ones_in_turn() {
    Executor::run(async {
        let queue = Queue::new();
        let guard = queue.lock.lock().await.unwrap();
        for (name, priority) in
            [("c", 3.0), ("b1", 1.0), ("d", f64::INFINITY), ("a", -1.0), ("b2", 1.0), ("b3", 1.0)]
        {
            queue.join(name, priority);
        }
        settle().await;
        drop(guard);
        assert_eq!(queue.order().await, ["a", "b1", "b2", "b3", "c", "d"]);
    });
}

#[test]
fn it_is_handed_over_so_that_who_comes_later_comes_later() {
    Executor::run(async {
        let queue = Queue::new();
        let guard = queue.lock.lock().await.unwrap();
        queue.join("waits", 5.0);
        settle().await;
        drop(guard);
        queue.join("urgent", -9.0);
        let again = Rc::clone(&queue.lock);
        let order = Rc::clone(&queue.order);
        // Who has given it back gets it again when it is its turn.
        let guard = again.lock().await.unwrap();
        order.borrow_mut().push("again");
        drop(guard);
        assert_eq!(queue.order().await, ["waits", "urgent", "again"]);
    });
}

#[test]
fn a_priority_that_changes_while_it_waits_counts() {
    Executor::run(async {
        let queue = Queue::new();
        let guard = queue.lock.lock().await.unwrap();
        let first = queue.join("first", 1.0);
        queue.join("second", 2.0);
        let third = queue.join("third", 3.0);
        settle().await;
        third.set_priority(at(0.0));
        first.set_priority(at(9.0));
        assert_eq!(queue.lock.effective_priority(), Some(at(0.0)));
        drop(guard);
        assert_eq!(queue.order().await, ["third", "second", "first"]);
    });
}

#[test]
fn one_that_goes_away_and_comes_back_in_priority_is_where_it_was() {
    Executor::run(async {
        let queue = Queue::new();
        let guard = queue.lock.lock().await.unwrap();
        let first = queue.join("first", 1.0);
        queue.join("second", 1.0);
        settle().await;
        first.set_priority(at(2.0));
        first.set_priority(at(1.0));
        drop(guard);
        assert_eq!(queue.order().await, ["first", "second"]);
    });
}

#[test]
fn a_wait_is_sorted_by_what_its_task_is_lent_meanwhile() {
    // Python's asynkit never sorts its waiters again: there `middle` would come first.
    Executor::run(async {
        let queue = Queue::new();
        let inner = shared(());
        let guard = queue.lock.lock().await.unwrap();
        let (lock, order, holds) = (Rc::clone(&queue.lock), Rc::clone(&queue.order), Rc::clone(&inner));
        task("low", 5.0, async move {
            let _inner = holds.lock().await.unwrap();
            let _guard = lock.lock().await.unwrap();
            order.borrow_mut().push("low");
        });
        settle().await;
        queue.join("middle", 1.0);
        settle().await;
        assert_eq!(queue.lock.effective_priority(), Some(at(1.0)));
        let (wants, order) = (Rc::clone(&inner), Rc::clone(&queue.order));
        task("high", -9.0, async move {
            let _inner = wants.lock().await.unwrap();
            order.borrow_mut().push("high");
        });
        settle().await;
        assert_eq!(queue.lock.effective_priority(), Some(at(-9.0)));
        drop(guard);
        assert_eq!(queue.order().await, ["low", "high", "middle"]);
    });
}

#[test]
fn parts_of_a_task_with_wakers_of_their_own_wait_with_its_priority() {
    Executor::run(async {
        let queue = Queue::new();
        let guard = queue.lock.lock().await.unwrap();
        queue.join("other", 0.0);
        settle().await;
        let (lock, order) = (Rc::clone(&queue.lock), Rc::clone(&queue.order));
        let parts = task("parts", -3.0, async move {
            let part = |name| {
                let (lock, order) = (&lock, &order);
                async move {
                    let _guard = lock.lock().await.unwrap();
                    order.borrow_mut().push(name);
                    yield_now().await;
                }
            };
            let mut parts: FuturesUnordered<_> = ["one", "two", "three"].map(part).into_iter().collect();
            while parts.next().await.is_some() {}
        });
        settle().await;
        assert_eq!(queue.lock.effective_priority(), Some(at(-3.0)));
        drop(guard);
        parts.await.unwrap();
        assert_eq!(queue.order().await, ["one", "two", "three", "other"]);
    });
}

#[test]
fn a_wait_that_moves_to_another_task_waits_with_its_priority() {
    Executor::run(async {
        let lock: &'static PriorityLock<()> = asynkit_tests::forget(PriorityLock::new(()));
        let guard = lock.lock().await.unwrap();
        let mut wait = Box::pin(lock.lock());
        assert!(futures::poll!(wait.as_mut()).is_pending());
        assert_eq!(lock.effective_priority(), Some(at(0.0)));
        let moved = task("other", -4.0, async move { wait.await.unwrap() });
        settle().await;
        assert_eq!(lock.effective_priority(), Some(at(-4.0)));
        assert_eq!(current_task().unwrap().effective_priority(), at(-4.0));
        drop(guard);
        drop(moved.await.unwrap());
        assert!(!lock.is_locked());
    });
}

#[test]
fn a_wait_outside_of_tasks_is_one_of_normal_priority() {
    let lock = PriorityLock::new(());
    let guard = lock.try_lock().unwrap();
    let mut wait = pin!(lock.lock());
    assert!(poll_once(wait.as_mut()).is_pending());
    assert_eq!(lock.effective_priority(), Some(at(0.0)));
    drop(guard);
    assert!(poll_once(wait).is_ready());
}

#[test]
fn thousands_wait_and_all_get_it_in_their_order() {
    Executor::run(async {
        let lock = shared(Vec::new());
        let guard = lock.lock().await.unwrap();
        let priority = |n: u32| f64::from(n * 7919 % 101);
        let wait = |n| {
            let lock = Rc::clone(&lock);
            task("one", priority(n), async move { lock.lock().await.unwrap().push(n) })
        };
        let tasks: Vec<_> = (0..5000).map(wait).collect();
        settle().await;
        drop(guard);
        for task in tasks {
            task.await.unwrap();
        }
        let got = lock.lock().await.unwrap();
        let mut expected: Vec<u32> = (0..5000).collect();
        expected.sort_by(|&a, &b| priority(a).total_cmp(&priority(b)));
        assert!(*got == expected, "another order");
    });
}

#[test]
fn a_holder_may_sleep_while_others_wait() {
    Executor::run(async {
        let lock = shared(0);
        let tasks = [1, 2, 3].map(|n| {
            let lock = Rc::clone(&lock);
            spawn(async move {
                let mut guard = lock.lock().await.unwrap();
                sleep(Duration::from_millis(1)).await;
                *guard += n;
            })
        });
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*lock.lock().await.unwrap(), 6);
    });
}
