//! Our executor inside of smol: in a `LocalExecutor`, and in a plain `block_on`.

use crate::hosts::{
    Host, busy_until, host, sockets_work_in_our_tasks, threads_wake_our_tasks,
    timers_of_both_work_side_by_side, with_ten_timers,
};
use asynkit::{Executor, TaskError, spawn};
use asynkit_tests::OnDrop;
use smol::{
    LocalExecutor, Timer,
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use std::{
    cell::Cell,
    future::{Future, pending},
    net::SocketAddr,
    pin::Pin,
    rc::Rc,
    thread,
    time::Duration,
};

fn in_each_place(future: fn() -> Pin<Box<dyn Future<Output = ()>>>) {
    smol::block_on(future());
    smol::future::block_on(future());
    let executor = LocalExecutor::new();
    let task = executor.spawn(future());
    smol::block_on(executor.run(task));
}

/// smol has no limit of its own for a future: the tests are short enough.
fn unlimited<F>(_: Duration, future: F) -> F {
    future
}

host!(SmolHost, TcpListener, TcpStream, Timer::after, unlimited);

#[test]
fn sockets_of_smol_work_in_our_tasks() {
    in_each_place(|| Box::pin(sockets_work_in_our_tasks::<SmolHost>()));
}

#[test]
fn timers_of_smol_and_ours_work_side_by_side() {
    in_each_place(|| Box::pin(timers_of_both_work_side_by_side::<SmolHost>()));
}

#[test]
fn threads_and_smols_own_tasks_wake_ours() {
    in_each_place(|| {
        Box::pin(async {
            let executor = Executor::new();
            executor
                .run_until(async {
                    threads_wake_our_tasks(|| {
                        let (sender, receiver) = smol::channel::bounded(1);
                        let send = move |value| sender.send_blocking(value).unwrap();
                        (send, async move { receiver.recv().await.unwrap() })
                    })
                    .await;
                    assert_eq!(spawn(smol::spawn(async { 8 })).await.unwrap(), 8);
                    assert_eq!(spawn(smol::unblock(|| 9)).await.unwrap(), 9);
                })
                .await;
        })
    });
}

#[test]
fn smols_tasks_run_beside_ours() {
    let smols = LocalExecutor::new();
    let is_over = Rc::new(Cell::new(false));
    let ours = smols.spawn({
        let is_over = Rc::clone(&is_over);
        async move {
            let executor = Executor::new();
            executor.run_until(busy_until(is_over)).await
        }
    });
    let theirs = smols.spawn(async move {
        for _ in 0..3 {
            smol::future::yield_now().await;
        }
        is_over.set(true);
    });
    smol::block_on(smols.run(async {
        theirs.await;
        assert!(ours.await > 0);
    }));
}

#[test]
fn the_executor_itself_is_a_task_of_a_local_executor() {
    let smols = LocalExecutor::new();
    let (executor, done) = with_ten_timers::<SmolHost>();
    let remote = executor.remote();
    // It runs until it has answered.
    let (answered, is_answered) = smol::channel::bounded(1);
    executor.spawn(async move { is_answered.recv().await.unwrap() });
    let driver = smols.spawn(executor);
    let answer = thread::spawn(move || {
        let answer = smol::block_on(remote.spawn(|| async { 1 }).unwrap());
        answered.send_blocking(()).unwrap();
        answer
    });
    smol::block_on(smols.run(driver));
    assert_eq!(done.get(), 10);
    assert_eq!(answer.join().unwrap().unwrap(), 1);
}

#[test]
fn dropping_the_executor_around_drops_our_tasks_at_home() {
    let dropped = Rc::new(Cell::new(false));
    let smols = LocalExecutor::new();
    let executor = Executor::new();
    let guard = OnDrop({
        let dropped = Rc::clone(&dropped);
        move || dropped.set(true)
    });
    let task = executor.spawn(async move {
        let _guard = guard;
        pending::<()>().await;
    });
    smols.spawn(executor).detach();
    while smols.try_tick() {}
    assert!(!dropped.get());
    drop(smols);
    assert!(dropped.get());
    assert!(matches!(smol::block_on(task), Err(TaskError::Cancelled)));
}
