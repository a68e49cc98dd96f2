//! Executors as other threads know them.

use asynkit::{
    Executor, InterruptExt as _, Remote, TaskError,
    executor::{RemoteTask, Stopped},
    spawn, yield_now,
};
use asynkit_tests::{Trace, block_on, panic_text};
use std::{
    future::pending,
    rc::Rc,
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

fn check_send<T: Send + Sync>() {}

#[test]
fn handles_for_other_threads_are_send_and_sync() {
    check_send::<Remote>();
    check_send::<RemoteTask<u8>>();
    check_send::<Stopped>();
    check_send::<TaskError>();
}

#[test]
fn a_future_that_is_not_send_is_made_and_run_at_home() {
    Executor::run(async {
        let remote = Remote::current().unwrap();
        let home = thread::current().id();
        let task = thread::spawn(move || {
            remote.spawn(move || {
                let local = Rc::new(thread::current().id());
                async move {
                    yield_now().await;
                    *local
                }
            })
        });
        assert_eq!(task.join().unwrap().unwrap().await.unwrap(), home);
    });
    assert!(Remote::current().is_err());
}

#[test]
fn a_remote_task_is_awaited_on_any_thread_with_every_outcome() {
    let (sender, receiver) = mpsc::channel();
    let home = thread::spawn(move || {
        let executor = Executor::new();
        sender.send(executor.remote()).unwrap();
        block_on(async {
            executor.run_until(pending::<()>().interruptible()).await.unwrap_err();
        });
    });
    let remote = receiver.recv().unwrap();
    assert_eq!(block_on(remote.spawn(|| async { 1 }).unwrap()).unwrap(), 1);
    let panicked = block_on(remote.spawn(|| async { panic!("over there") }).unwrap());
    assert!(matches!(panicked, Err::<(), _>(TaskError::Panicked(p)) if p.message() == Some("over there")));
    let panicked = block_on(remote.spawn(|| -> std::future::Ready<()> { panic!("in the making") }).unwrap());
    assert!(matches!(panicked, Err(TaskError::Panicked(p)) if p.message() == Some("in the making")));
    let cancelled = remote.spawn(pending::<()>).unwrap();
    cancelled.cancel();
    assert!(matches!(block_on(cancelled), Err(TaskError::Cancelled)));
    let told = remote.spawn(|| async { pending::<()>().interruptible().await.is_err() }).unwrap();
    assert!(!told.is_finished());
    told.cancel();
    // Told, or cancelled before its first poll.
    assert!(matches!(block_on(told), Ok(true) | Err(TaskError::Cancelled)));
    let left = remote.spawn(pending::<()>).unwrap();
    remote.stop();
    assert!(matches!(block_on(left), Err(TaskError::Cancelled)));
    home.join().unwrap();
    assert!(remote.is_stopped());
    assert!(remote.spawn(|| async {}).is_err());
}

#[test]
fn stop_drops_the_tasks_at_home_and_tells_the_root() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let executor = Executor::new();
    let remote = executor.remote();
    let held = Arc::clone(&log);
    let on_drop = asynkit_tests::OnDrop(move || held.lock().unwrap().push(thread::current().id()));
    let task = executor.spawn(async move {
        let _on_drop = on_drop;
        pending::<()>().await;
    });
    let stopper = thread::spawn(move || {
        thread::sleep(Duration::from_millis(10));
        remote.stop();
    });
    executor.block_on(async {
        assert!(pending::<()>().interruptible().await.is_err());
        assert!(matches!(task.await, Err(TaskError::Cancelled)));
        assert!(matches!(spawn(async {}).await, Err(TaskError::Cancelled)), "it takes no tasks any more");
    });
    stopper.join().unwrap();
    assert_eq!(*log.lock().unwrap(), [thread::current().id()]);
}

#[test]
fn a_root_that_is_stopped_before_it_has_begun_is_told_in_its_first_poll() {
    let executor = Executor::new();
    executor.remote().stop();
    assert!(executor.block_on(async { pending::<()>().interruptible().await.is_err() }));
}

#[test]
fn stop_ends_an_executor_that_is_a_future() {
    let executor = Executor::new();
    let remote = executor.remote();
    executor.spawn(pending::<()>());
    let stopper = thread::spawn(move || {
        thread::sleep(Duration::from_millis(10));
        remote.stop();
    });
    block_on(executor);
    stopper.join().unwrap();
}

#[test]
fn a_run_whose_root_does_not_answer_a_stop_panics_with_the_reason() {
    let text = panic_text(|| {
        Executor::run(async {
            Remote::current().unwrap().stop();
            pending::<()>().await;
        });
    });
    assert_eq!(text, "the future that the executor runs has no value: the task was cancelled");
}

#[test]
fn jobs_that_were_not_begun_are_dropped_with_the_executor() {
    let log = Trace::new();
    let executor = Executor::new();
    let held = log.clone();
    let on_drop = asynkit_tests::OnDrop(move || held.log("dropped"));
    let task = executor.remote().spawn(move || async move { drop(on_drop) }).unwrap();
    drop(executor);
    assert_eq!(log.take(), "dropped\n");
    assert!(matches!(block_on(task), Err(TaskError::Cancelled)));
}
