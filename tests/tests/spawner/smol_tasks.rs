//! Our eager tasks on smol.

#![allow(clippy::async_yields_async, reason = "tasks that are looked at, or awaited elsewhere")]

use asynkit::{
    Cancellable as _, TaskError, eager_with,
    spawner::{SmolLocal, Spawn as _},
};
use asynkit_tests::{OnDrop, panic_text};
use smol::{
    LocalExecutor, Timer,
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use std::{
    cell::Cell,
    future::{Future, pending},
    rc::Rc,
    time::Duration,
};

mod global {
    crate::tests_of_a_spawner!(Smol, SmolTask, smol::future::yield_now, super::on_global);
}

mod local {
    crate::tests_of_a_spawner!(SmolLocal, SmolTask, smol::future::yield_now, super::on_local);
}

fn on_global(future: impl Future<Output = ()>) {
    smol::block_on(future);
}

fn on_local(future: impl Future<Output = ()>) {
    smol::block_on(SmolLocal::run(&Rc::new(LocalExecutor::new()), future));
}

#[test]
fn outside_of_an_executor_nothing_of_the_future_runs() {
    let text = panic_text(|| drop(eager_with(async { unreachable!() }, SmolLocal)));
    assert!(text.starts_with("no local executor of smol's runs here"), "{text}");
    let text = panic_text(|| drop(SmolLocal.spawn(async { unreachable!() })));
    assert!(text.starts_with("no local executor of smol's runs here"), "{text}");
}

#[test]
fn the_executor_around_is_the_current_one_again_when_one_inside_has_ended() {
    on_local(async {
        let inner = Rc::new(LocalExecutor::new());
        let stays = SmolLocal::run(&inner, async { SmolLocal.spawn(pending::<()>()) }).await;
        assert_eq!(SmolLocal.spawn(async { 1 }).await.unwrap(), 1);
        drop(inner);
        assert!(matches!(stays.await, Err(TaskError::Cancelled)), "with its executor");
    });
}

#[test]
fn a_task_that_was_never_polled_is_dropped_without_a_poll() {
    on_local(async {
        let is_dropped = Rc::new(Cell::new(false));
        let guard = OnDrop({
            let is_dropped = Rc::clone(&is_dropped);
            move || is_dropped.set(true)
        });
        let task = SmolLocal.spawn(async move {
            drop(guard);
            unreachable!("it was cancelled before");
        });
        assert!(task.cancel());
        assert!(matches!(task.await, Err(TaskError::Cancelled)));
        assert!(is_dropped.get());
    });
}

#[test]
fn sockets_and_timers_of_smol_work_in_both_parts() {
    on_local(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = eager_with(
            async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut bytes = [0; 4];
                stream.read_exact(&mut bytes).await.unwrap();
                Timer::after(Duration::from_millis(1)).await;
                stream.write_all(&bytes).await.unwrap();
            },
            SmolLocal,
        );
        let client = eager_with(
            async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(b"ping").await.unwrap();
                let mut bytes = [0; 4];
                stream.read_exact(&mut bytes).await.unwrap();
                bytes
            },
            SmolLocal,
        );
        assert_eq!(&client.await, b"ping");
        server.await;
    });
}
