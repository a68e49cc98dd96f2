//! Our eager tasks on smol.

#![allow(clippy::async_yields_async, reason = "tasks that are looked at, or awaited elsewhere")]

use crate::{hosts::Host as _, within_smol::SmolHost};
use asynkit::{
    TaskError, eager_with,
    spawner::{SmolLocal, Spawn as _},
};
use asynkit_tests::panic_text;
use smol::LocalExecutor;
use std::{
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

mod one_thread {
    crate::tests_of_a_local_spawner!(SmolLocal, super::on_local);
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

crate::sockets_and_timers_work_in_both_parts!(SmolHost, SmolLocal, on_local);
