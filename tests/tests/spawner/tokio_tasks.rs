//! Our eager tasks on tokio.

#![allow(clippy::async_yields_async, reason = "tasks that are looked at, or awaited elsewhere")]

use crate::{hosts::Host as _, within_tokio::TokioHost};
use asynkit::{
    TaskError, eager_with,
    spawner::{Spawn as _, Tokio, TokioLocal},
};
use asynkit_tests::{OnDrop, panic_text, poll_once};
use std::{
    cell::Cell,
    future::{Future, pending},
    pin::pin,
    rc::Rc,
    sync::mpsc,
    time::Duration,
};
use tokio::{runtime::Builder, task::LocalSet};

mod many_threads {
    crate::tests_of_a_spawner!(Tokio, TokioTask, tokio::task::yield_now, super::on_many);
}

mod one_thread {
    crate::tests_of_a_spawner!(Tokio, TokioTask, tokio::task::yield_now, super::on_one);
}

mod local {
    crate::tests_of_a_spawner!(TokioLocal, TokioTask, tokio::task::yield_now, super::on_local);
}

mod in_a_local_set {
    crate::tests_of_a_local_spawner!(TokioLocal, super::on_local);
}

fn on_many(future: impl Future<Output = ()>) {
    Builder::new_multi_thread().worker_threads(3).enable_all().build().unwrap().block_on(future);
}

fn on_one(future: impl Future<Output = ()>) {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(future);
}

fn on_local(future: impl Future<Output = ()>) {
    LocalSet::new().block_on(&Builder::new_current_thread().enable_all().build().unwrap(), future);
}

#[test]
fn outside_of_a_runtime_nothing_of_the_future_runs() {
    let ran = Rc::new(Cell::new(0));
    let body = || {
        let ran = Rc::clone(&ran);
        async move { ran.set(ran.get() + 1) }
    };
    for text in [
        panic_text(|| drop(eager_with(body(), TokioLocal))),
        panic_text(|| drop(TokioLocal.spawn(body()))),
        panic_text(|| drop(eager_with(async { unreachable!() }, Tokio))),
        panic_text(|| drop(Tokio.spawn(async { unreachable!() }))),
    ] {
        assert!(text.starts_with("no tokio runtime runs here"), "{text}");
    }
    assert_eq!(ran.get(), 0);
}

#[test]
fn shutting_the_runtime_down_ends_its_tasks() {
    let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let (sender, dropped) = mpsc::channel();
    let task = runtime.block_on(async {
        let guard = OnDrop(move || sender.send(()).unwrap());
        eager_with(
            async move {
                let _guard = guard;
                pending::<()>().await;
            },
            Tokio,
        )
    });
    assert!(poll_once(pin!(&mut { task.join() })).is_pending());
    drop(runtime);
    dropped.recv_timeout(Duration::from_secs(10)).unwrap();
}

#[test]
fn an_awaiter_elsewhere_is_told_when_the_runtime_is_shut_down() {
    let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let task = runtime.block_on(async { Tokio.spawn(pending::<u8>()) });
    let awaiter = std::thread::spawn(move || asynkit_tests::block_on(task));
    drop(runtime);
    assert!(matches!(awaiter.join().unwrap(), Err(TaskError::Cancelled)));
}

#[test]
fn the_task_of_tokio_is_the_callers_in_the_first_part_and_the_childs_after_it() {
    on_one(async {
        let caller = tokio::spawn(async {
            let started = eager_with(
                async {
                    let first = tokio::task::id();
                    tokio::task::yield_now().await;
                    (first, tokio::task::id())
                },
                Tokio,
            );
            let id = started.task().unwrap().id();
            (tokio::task::id(), id, started.await)
        });
        let (me, child, (first, later)) = caller.await.unwrap();
        assert_eq!(first, me, "what tokio keeps for a task is the caller's until then");
        assert_eq!(later, child);
        assert_ne!(me, child);
    });
}

crate::sockets_and_timers_work_in_both_parts!(TokioHost, Tokio, on_many);
