//! Our executor inside of smol: in a `LocalExecutor`, and in a plain `block_on`.

use asynkit::{Executor, TaskError, eager, sleep, spawn, yield_now};
use asynkit_tests::OnDrop;
use smol::{
    LocalExecutor, Timer,
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use std::{
    cell::Cell,
    future::{Future, pending},
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

async fn ping(address: std::net::SocketAddr) -> [u8; 4] {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"ping").await.unwrap();
    let mut bytes = [0; 4];
    stream.read_exact(&mut bytes).await.unwrap();
    bytes
}

#[test]
fn sockets_of_smol_work_in_our_tasks() {
    in_each_place(|| {
        Box::pin(async {
            let executor = Executor::new();
            let answers = executor.run_until(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let address = listener.local_addr().unwrap();
                let server = eager(async move {
                    for _ in 0..20 {
                        let (mut stream, _) = listener.accept().await.unwrap();
                        spawn(async move {
                            let mut bytes = [0; 4];
                            stream.read_exact(&mut bytes).await.unwrap();
                            stream.write_all(&bytes).await.unwrap();
                        });
                    }
                });
                let clients: Vec<_> = (0..20).map(|_| spawn(ping(address))).collect();
                server.await;
                for client in clients {
                    assert_eq!(&client.await.unwrap(), b"ping");
                }
                20
            });
            assert_eq!(answers.await, 20);
        })
    });
}

#[test]
fn timers_of_smol_and_ours_work_side_by_side() {
    in_each_place(|| {
        Box::pin(async {
            let executor = Executor::new();
            let order = Rc::new(Cell::new(0));
            executor
                .run_until(async {
                    let later = |ms, is_smol: bool, expected| {
                        let order = Rc::clone(&order);
                        spawn(async move {
                            let duration = Duration::from_millis(ms);
                            if is_smol {
                                Timer::after(duration).await;
                            } else {
                                sleep(duration).await;
                            }
                            assert_eq!(order.replace(order.get() + 1), expected);
                        })
                    };
                    let tasks = [later(150, true, 2), later(80, false, 1), later(10, true, 0)];
                    for task in tasks {
                        task.await.unwrap();
                    }
                })
                .await;
            assert_eq!(order.get(), 3);
        })
    });
}

#[test]
fn threads_and_smols_own_tasks_wake_ours() {
    in_each_place(|| {
        Box::pin(async {
            let executor = Executor::new();
            executor
                .run_until(async {
                    for _ in 0..50 {
                        let (sender, receiver) = smol::channel::bounded(1);
                        let waits = spawn(async move { receiver.recv().await.unwrap() });
                        let thread = thread::spawn(move || sender.send_blocking(7).unwrap());
                        assert_eq!(waits.await.unwrap(), 7);
                        thread.join().unwrap();
                    }
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
            executor
                .run_until(async {
                    let mut turns = 0_u64;
                    while !is_over.get() {
                        turns += 1;
                        yield_now().await;
                    }
                    turns
                })
                .await
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
    let executor = Executor::new();
    let remote = executor.remote();
    let done = Rc::new(Cell::new(0));
    for n in 0..10 {
        let done = Rc::clone(&done);
        executor.spawn(async move {
            Timer::after(Duration::from_millis(n)).await;
            done.set(done.get() + 1);
        });
    }
    executor.spawn(async { sleep(Duration::from_millis(50)).await });
    let driver = smols.spawn(executor);
    let answer = thread::spawn(move || smol::block_on(remote.spawn(|| async { 1 }).unwrap()));
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
