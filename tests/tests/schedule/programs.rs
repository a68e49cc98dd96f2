//! Small programs, as users write them.

use asynkit::{
    Executor, Priority, ScheduleError, all_tasks, cancelling, create_task_descend, eager,
    get_scheduling_loop, runnable_tasks,
    schedule::{SchedulingLoop, call_pos},
    sleep_insert, spawn, task_is_blocked, task_switch, yield_now,
};
use std::{cell::RefCell, collections::VecDeque, future::pending, rc::Rc};

#[test]
fn a_task_is_switched_to_and_errors_go_on() {
    let done = Executor::run(async {
        let t = spawn(async { 1 });
        task_switch(&t, Some(1)).await?;
        assert!(t.is_finished());
        let d = create_task_descend(pending::<()>()).await;
        sleep_insert(2).await;
        assert!(task_is_blocked(&d));
        let _guard = cancelling(spawn(async {}));
        task_switch(&t, None).await
    });
    assert_eq!(done, Err(ScheduleError::NotScheduled));
}

#[test]
fn the_ready_queue_is_an_object() {
    Executor::run(async {
        let _waits = spawn(async {});
        let queue = get_scheduling_loop().unwrap();
        let queue: Rc<dyn SchedulingLoop> = queue;
        if let Some(handle) = queue.queue_find(&mut |handle| queue.task_from_handle(handle).is_some()) {
            queue.queue_remove(handle).unwrap();
            queue.queue_insert_pos(handle, 0).unwrap();
        }
        call_pos(0, || ());
        for task in all_tasks() {
            task.set_priority(Priority::HIGH);
        }
        assert_eq!(queue.queue_len(), 2);
    });
}

#[test]
fn handles_of_all_kinds_are_tasks() {
    Executor::run(async {
        let e = eager(pending::<()>());
        assert!(task_is_blocked(e.task().unwrap()));
        let guard = cancelling(spawn(async { 1 }));
        assert!(!task_is_blocked(&guard));
        assert_eq!(guard.await.unwrap(), 1);
    });
}

/// A producer that hands over at once: no item waits in the queue for more than a switch.
#[test]
fn a_producer_hands_each_item_over_by_a_switch() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    Executor::run(async {
        let items = Rc::new(RefCell::new(VecDeque::new()));
        let consumer = spawn({
            let (items, seen) = (Rc::clone(&items), Rc::clone(&seen));
            async move {
                loop {
                    let waiting = items.borrow_mut().drain(..).collect::<Vec<u32>>();
                    seen.borrow_mut().push(waiting);
                    yield_now().await;
                }
            }
        });
        for _ in 0..3 {
            spawn(async {});
        }
        for item in 0..3 {
            items.borrow_mut().push_back(item);
            task_switch(&consumer, Some(1)).await.unwrap();
            assert!(items.borrow().is_empty());
        }
    });
    assert_eq!(*seen.borrow(), [[0], [1], [2]]);
}

/// A scheduler of one's own, in a few lines: shortest job first.
#[test]
fn a_policy_sorts_the_queue_by_what_it_knows() {
    let order = Rc::new(RefCell::new(Vec::new()));
    Executor::run(async {
        let mut jobs: Vec<_> = [30, 10, 20]
            .map(|length| {
                let order = Rc::clone(&order);
                (length, spawn(async move { order.borrow_mut().push(length) }))
            })
            .into();
        jobs.sort_by_key(|&(length, _)| length);
        for (pos, (_, job)) in jobs.iter().enumerate() {
            asynkit::task_reinsert(job, pos).unwrap();
        }
        assert_eq!(runnable_tasks().len(), 3);
        yield_now().await;
    });
    assert_eq!(*order.borrow(), [10, 20, 30]);
}
