//! What awaits to what.

use asynkit::{Executor, InterruptExt as _, TaskError, spawn, yield_now};
use std::future::pending;

#[test]
fn a_task_awaits_to_its_value() {
    Executor::run(async {
        assert_eq!(spawn(async { 1 }).await.unwrap(), 1);
        let late = spawn(async {
            yield_now().await;
            "late"
        });
        yield_now().await;
        yield_now().await;
        assert!(late.is_finished());
        assert_eq!(late.await.unwrap(), "late");
    });
}

#[test]
fn a_panic_reaches_the_awaiter_and_nobody_else() {
    Executor::run(async {
        let bad = spawn(async { panic!("boom") });
        let good = spawn(async { 1 });
        let Err(TaskError::Panicked(payload)) = bad.await else { panic!("it had a value") };
        assert_eq!(payload.message(), Some("boom"));
        assert_eq!(good.await.unwrap(), 1);
    });
}

#[test]
fn a_cancel_is_told_to_a_point_and_drops_what_does_not_ask() {
    Executor::run(async {
        let polite = spawn(async { pending::<()>().interruptible().await.is_err() });
        let plain = spawn(pending::<()>());
        let fresh = spawn(async { unreachable!("it was cancelled before its first poll") });
        yield_now().await;
        let late = spawn(async { unreachable!("it was cancelled before its first poll") });
        for task in [*polite, *plain, *fresh, *late] {
            task.cancel();
        }
        assert!(polite.await.unwrap());
        assert!(matches!(plain.await, Err(TaskError::Cancelled)));
        assert!(matches!(late.await, Err::<(), _>(TaskError::Cancelled)));
        assert!(matches!(fresh.await, Err::<(), _>(TaskError::Panicked(_))));
    });
}
