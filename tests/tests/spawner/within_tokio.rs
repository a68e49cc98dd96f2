//! Our executor inside of tokio: in a `LocalSet`, in a `LocalRuntime`, in a plain `block_on`.

#![allow(clippy::async_yields_async, reason = "tasks that are looked at, or awaited elsewhere")]

use crate::hosts::{
    Host, busy_until, host, sockets_work_in_our_tasks, threads_wake_our_tasks,
    timers_of_both_work_side_by_side, with_ten_timers,
};
use asynkit::{Executor, TaskError, eager, spawn, task::current_task};
use asynkit_tests::OnDrop;
use std::{
    cell::Cell,
    future::{Future, pending},
    io,
    net::SocketAddr,
    pin::Pin,
    rc::Rc,
    thread,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    runtime::{Builder, LocalOptions},
    sync::oneshot,
    task::{LocalSet, spawn_local, unconstrained},
    time::timeout,
};

/// Runs the same in each place of tokio's where an executor of one thread can be.
fn in_each_place(future: fn() -> Pin<Box<dyn Future<Output = ()>>>) {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(future());
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(future());
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    LocalSet::new().block_on(&runtime, async move { spawn_local(future()).await.unwrap() });
    let local = Builder::new_current_thread().enable_all().build_local(LocalOptions::default()).unwrap();
    local.block_on(async move { spawn_local(future()).await.unwrap() });
}

/// tokio's limit for a future, reached or not.
async fn limited<F: Future<Output = io::Result<usize>>>(limit: Duration, future: F) -> io::Result<usize> {
    timeout(limit, future).await?
}

host!(TokioHost, TcpListener, TcpStream, tokio::time::sleep, limited);

#[test]
fn sockets_of_tokio_work_in_our_tasks() {
    in_each_place(|| Box::pin(unconstrained(sockets_work_in_our_tasks::<TokioHost>())));
}

#[test]
fn timers_of_tokio_and_ours_work_side_by_side() {
    in_each_place(|| Box::pin(unconstrained(timers_of_both_work_side_by_side::<TokioHost>())));
}

#[test]
fn threads_and_channels_of_tokio_wake_our_tasks() {
    in_each_place(|| {
        Box::pin(async {
            let executor = Executor::new();
            unconstrained(executor.run_until(async {
                threads_wake_our_tasks(|| {
                    let (sender, receiver) = oneshot::channel();
                    (move |value| sender.send(value).unwrap(), async { receiver.await.unwrap() })
                })
                .await;
                let blocking = tokio::task::spawn_blocking(|| 8);
                assert_eq!(spawn(blocking).await.unwrap().unwrap(), 8);
            }))
            .await;
        })
    });
}

#[test]
fn tokios_own_tasks_run_beside_ours() {
    in_each_place(|| {
        Box::pin(async {
            let executor = Executor::new();
            let turns = unconstrained(executor.run_until(async {
                // A task that is always ready keeps nobody of tokio's from running.
                let is_over = Rc::new(Cell::new(false));
                let busy = spawn(busy_until(Rc::clone(&is_over)));
                // On several threads the other one may have ended before it is awaited: then nothing else would let it run.
                asynkit::yield_now().await;
                tokio::spawn(async {
                    for _ in 0..3 {
                        tokio::task::yield_now().await;
                    }
                })
                .await
                .unwrap();
                is_over.set(true);
                busy.await.unwrap()
            }))
            .await;
            assert!(turns > 0);
        })
    });
}

#[test]
fn the_executor_itself_is_a_task_of_a_local_set() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    LocalSet::new().block_on(&runtime, async {
        let (executor, done) = with_ten_timers::<TokioHost>();
        let remote = executor.remote();
        // From another thread, while it runs: it runs until then.
        let (answered, is_answered) = oneshot::channel();
        let from_afar = executor.spawn(async { is_answered.await.unwrap() });
        let driver = spawn_local(unconstrained(executor));
        let answer = thread::spawn(move || {
            let answer = remote.spawn(|| async { current_task().is_some() }).unwrap();
            let answer = asynkit_tests::block_on(answer);
            answered.send(()).unwrap();
            answer
        });
        from_afar.await.unwrap();
        driver.await.unwrap();
        assert_eq!(done.get(), 10);
        assert!(answer.join().unwrap().unwrap());
    });
}

#[test]
fn shutting_the_runtime_down_drops_our_tasks_at_home() {
    let home = thread::current().id();
    let dropped = Rc::new(Cell::new(0));
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let set = LocalSet::new();
    let task = set.block_on(&runtime, async {
        let executor = Executor::new();
        let held = |dropped: &Rc<Cell<u32>>| {
            let dropped = Rc::clone(dropped);
            OnDrop(move || {
                assert_eq!(thread::current().id(), home);
                dropped.set(dropped.get() + 1);
            })
        };
        let (one, other) = (held(&dropped), held(&dropped));
        executor.spawn(async move {
            let _one = one;
            pending::<()>().await;
        });
        let task = executor.spawn(async move {
            let _other = other;
            tokio::time::sleep(Duration::from_secs(3600)).await;
        });
        spawn_local(unconstrained(executor));
        tokio::task::yield_now().await;
        task
    });
    drop(set);
    assert_eq!(dropped.get(), 2);
    drop(runtime);
    assert!(matches!(asynkit_tests::block_on(task), Err(TaskError::Cancelled)));
}

#[test]
fn many_tasks_share_tokios_sockets() {
    const CLIENTS: usize = 50;
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let executor = Executor::new();
        unconstrained(executor.run_until(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            spawn(async move {
                loop {
                    let (mut stream, _) = listener.accept().await.unwrap();
                    spawn(async move {
                        let mut bytes = [0; 64];
                        while let Ok(read @ 1..) = stream.read(&mut bytes).await {
                            stream.write_all(&bytes[..read]).await.unwrap();
                        }
                    });
                }
            });
            let clients: Vec<_> = (0..CLIENTS)
                .map(|_| {
                    eager(async move {
                        for _ in 0..20 {
                            assert_eq!(&TokioHost::ping(address).await, b"ping");
                        }
                    })
                })
                .collect();
            for client in clients {
                client.await;
            }
        }))
        .await;
    });
}
