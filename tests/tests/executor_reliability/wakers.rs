//! Wakers that are replaced, and that are used by everybody at once, by nobody, or too late.

use asynkit::{Executor, spawn, yield_now};
use asynkit_tests::Woken;
use std::{
    cell::Cell,
    future::{pending, poll_fn},
    pin::pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll, Waker},
};

#[test]
fn a_driver_that_is_replaced_between_polls_is_the_only_one_that_is_woken() {
    let executor = Executor::new();
    let drivers = [Woken::new(), Woken::new(), Woken::new()];
    let left = Rc::new(Cell::new(None));
    let leave = Rc::clone(&left);
    drop(executor.spawn(poll_fn(move |cx| {
        leave.set(Some(cx.waker().clone()));
        Poll::<()>::Pending
    })));
    {
        let mut run = pin!(executor.run_until(pending::<()>()));
        for driver in &drivers {
            let waker = Waker::from(Arc::clone(driver));
            assert!(run.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        let task = left.take().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..1000).for_each(|_| task.wake_by_ref()));
            }
        });
        assert_eq!(drivers.each_ref().map(|driver| driver.wakes()), [0, 0, 1]);
    }
    drop(executor);
    assert_eq!(drivers.each_ref().map(|driver| driver.wakes())[..2], [0, 0]);
}

#[test]
fn a_task_that_nobody_wakes_is_polled_once() {
    Executor::run(async {
        let polls = Rc::new(Cell::new(0));
        let counted = Rc::clone(&polls);
        let task = spawn(poll_fn(move |_| {
            counted.set(counted.get() + 1);
            Poll::<()>::Pending
        }));
        for _ in 0..1000 {
            yield_now().await;
        }
        assert_eq!(polls.get(), 1);
        assert!(task.cancel());
        assert!(task.await.is_err());
    });
}
