//! The ready queue as an object.

use crate::Order;
use asynkit::{
    Executor, Priority, get_scheduling_loop, runnable_tasks,
    schedule::{Handle, SchedulingLoop, call_pos, call_soon},
    sleep_insert, spawn, task_is_blocked, yield_now,
};
use std::{future::pending, rc::Rc};

fn the_loop() -> Rc<dyn SchedulingLoop> {
    get_scheduling_loop().expect("an executor runs")
}

#[test]
fn tasks_and_callbacks_are_its_entries() {
    Executor::run(async {
        let order = Order::default();
        let tasks = order.tasks::<3>();
        let [soon, first] = [call_soon(|| ()), call_pos(1, || ())];
        let queue = the_loop();
        assert_eq!(queue.queue_len(), 5);
        assert_eq!(queue.queue_tasks(), [*tasks[0], *tasks[1], *tasks[2]]);
        assert_eq!(queue.queue_tasks(), runnable_tasks());
        let items = queue.queue_items();
        assert_eq!((items[1], items[4]), (first, soon));
        let tasks_of: Vec<_> = items.iter().map(|&handle| queue.task_from_handle(handle)).collect();
        assert_eq!(tasks_of, [Some(*tasks[0]), None, Some(*tasks[1]), Some(*tasks[2]), None]);
        assert_eq!(asynkit::all_tasks().len(), 4);
    });
}

#[test]
fn an_entry_is_found_from_the_end() {
    Executor::run(async {
        let queue = the_loop();
        let [first, second] = [call_soon(|| ()), call_soon(|| ())];
        assert_eq!(queue.queue_find(&mut |_| true), Some(second));
        assert_eq!(queue.queue_find(&mut |handle| handle == first), Some(first));
        assert_eq!(queue.queue_find(&mut |_| false), None);
        // What looks for an entry may change the queue.
        assert_eq!(queue.queue_find(&mut |handle| queue.queue_remove(handle).is_err()), None);
        assert_eq!(queue.queue_len(), 0);
    });
}

#[test]
fn what_is_taken_out_stays_out_until_it_is_put_back() {
    for callback in [false, true] {
        let order = Order::default();
        Executor::run(async {
            let queue = the_loop();
            let _before = order.task("0");
            let task = if callback { None } else { Some(order.task("x")) };
            let handle = if callback {
                call_soon(order.callback("x"))
            } else {
                queue.queue_find(&mut |_| true).unwrap()
            };
            let _after = order.task("1");
            queue.queue_remove(handle).unwrap();
            assert_eq!(queue.queue_len(), 2);
            queue.queue_remove(handle).unwrap_err();
            assert!(!queue.queue_items().contains(&handle));
            yield_now().await;
            assert_eq!(order.take(), "0 1");
            assert!(task.is_none_or(|task| task_is_blocked(&task)));
            let _last = order.task("2");
            queue.queue_insert_pos(handle, 0).unwrap();
            queue.queue_insert_pos(handle, 0).unwrap_err();
            queue.queue_insert(handle).unwrap_err();
            yield_now().await;
        });
        assert_eq!(order.take(), "x 2", "{callback}");
    }
}

#[test]
fn an_entry_that_is_put_back_without_a_position_is_last_of_its_priority() {
    let order = Order::default();
    Executor::run(async {
        let queue = the_loop();
        let high = order.task("high");
        high.set_priority(Priority::HIGH);
        let _normal = order.task("normal");
        let handle = queue.queue_items()[0];
        queue.queue_remove(handle).unwrap();
        queue.queue_insert(handle).unwrap();
        let normal = queue.queue_items()[1];
        let _later = order.task("later");
        queue.queue_remove(normal).unwrap();
        queue.queue_insert(normal).unwrap();
        yield_now().await;
        yield_now().await;
    });
    assert_eq!(order.take(), "high later normal");
}

#[test]
fn a_task_that_was_taken_out_is_queued_by_a_cancel() {
    Executor::run(async {
        let queue = the_loop();
        let task = spawn(pending::<()>());
        let handle = queue.queue_items()[0];
        queue.queue_remove(handle).unwrap();
        assert!(runnable_tasks().is_empty());
        task.cancel();
        assert_eq!(runnable_tasks(), [*task]);
        task.await.unwrap_err();
    });
}

#[test]
fn handles_that_name_nothing_here_are_refused() {
    let elsewhere = Executor::new();
    let foreign = elsewhere.block_on(async {
        let _keep = spawn(pending::<()>());
        the_loop().queue_items()[0]
    });
    Executor::run(async {
        let queue = the_loop();
        let ended = spawn(async {});
        let ended_handle = queue.queue_items()[0];
        let called = call_soon(|| ());
        ended.await.unwrap();
        yield_now().await;
        let next = spawn(async {});
        for handle in [foreign, ended_handle, called, Handle(0), Handle(u64::MAX), Handle(1 << 28)] {
            queue.queue_remove(handle).unwrap_err();
            queue.queue_insert(handle).unwrap_err();
            queue.queue_insert_pos(handle, 0).unwrap_err();
            assert_eq!(queue.task_from_handle(handle), None);
        }
        assert_eq!(runnable_tasks(), [*next]);
    });
}

#[test]
fn it_may_be_kept_and_is_empty_once_the_executor_is_gone() {
    let order = Order::default();
    let executor = Executor::new();
    let queue = executor.block_on(async { the_loop() });
    // Between runs it is the queue of what will run.
    queue.call_soon(Box::new(order.callback("between")));
    assert_eq!(queue.queue_len(), 1);
    executor.block_on(sleep_insert(usize::MAX));
    assert_eq!(order.take(), "between");
    queue.call_soon(Box::new(order.callback("never")));
    drop(executor);
    assert_eq!(queue.queue_items(), []);
    let handle = queue.call_soon(Box::new(order.callback("never")));
    queue.queue_remove(handle).unwrap_err();
    assert_eq!((queue.queue_len(), order.take()), (0, String::new()));
    assert_eq!(Rc::strong_count(&order.0), 1, "what never runs was dropped");
}

#[test]
fn a_caller_that_has_its_place_is_not_in_the_queue_until_it_suspends() {
    Executor::run(async {
        let other = spawn(async {});
        let mut sleep = Box::pin(sleep_insert(0));
        assert!(asynkit_tests::poll_once(sleep.as_mut()).is_pending());
        let queue = the_loop();
        assert_eq!((queue.queue_len(), queue.queue_items().len()), (1, 1));
        assert_eq!(runnable_tasks(), [*other]);
        sleep.await;
        assert!(!other.is_finished());
        assert_eq!((queue.queue_len(), runnable_tasks()), (1, vec![*other]));
    });
}
