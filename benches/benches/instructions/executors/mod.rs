//! Tasks: spawned and joined, started at once, taking turns, waking each other; on our executor and on others.
//!
//! What is measured runs inside of a task of each executor, as in a program. `FuturesUnordered` is no executor, but what many
//! use in place of one.

mod jobs;
mod queue;
mod spawns;
mod turns;

use std::future::Future;

use asynkit_benches::Row;
use futures::{executor::LocalSpawner, future::RemoteHandle, task::LocalSpawnExt as _};

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = spawns::rows();
    rows.extend(turns::rows());
    rows
}

fn current_thread() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime without drivers")
}

/// monoio on epoll, not on `io_uring`, which not every machine allows.
fn on_monoio<T>(future: impl Future<Output = T>) -> T {
    let runtime = monoio::RuntimeBuilder::<monoio::LegacyDriver>::new().build();
    runtime.expect("a runtime with epoll").block_on(future)
}

/// compio on epoll, too: by its feature `polling`.
fn on_compio<T>(future: impl Future<Output = T>) -> T {
    compio::runtime::Runtime::new().expect("a runtime with epoll").block_on(future)
}

fn pool_spawn<T: 'static>(
    spawner: &LocalSpawner,
    future: impl Future<Output = T> + 'static,
) -> RemoteHandle<T> {
    spawner.spawn_local_with_handle(future).expect("the pool runs")
}
