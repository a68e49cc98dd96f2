//! Tasks that are spawned and joined, or started at once.

use std::{future::Future, hint::black_box, rc::Rc};

use asynkit::{
    Executor, eager, eager_with,
    spawner::{SmolLocal, Tokio},
};
use asynkit_benches::Row;
use futures::{StreamExt, executor::LocalPool, stream::FuturesUnordered};

use super::{
    current_thread,
    jobs::{job, job_once},
    on_compio, on_monoio, pool_spawn, queue,
};

pub(super) fn rows() -> Vec<Row> {
    vec![ready(), eager_ready(), eager_on_tokio(), eager_on_smol(), eager_once_on_tokio(), once()]
}

/// Runs the body in a task of the executor, with `spawn` as its way to spawn a task that is awaited to its value.
macro_rules! on {
    (asynkit, $spawn:ident => $body:expr) => {{
        macro_rules! $spawn {
            ($f:expr) => {
                async { asynkit::spawn($f).await.unwrap() }
            };
        }
        Executor::run(async move { asynkit::spawn($body).await.unwrap() })
    }};
    (tokio, $spawn:ident => $body:expr) => {{
        macro_rules! $spawn {
            ($f:expr) => {
                async { tokio::spawn($f).await.unwrap() }
            };
        }
        current_thread().block_on(async move { tokio::spawn($body).await.unwrap() })
    }};
    (local_set, $spawn:ident => $body:expr) => {{
        macro_rules! $spawn {
            ($f:expr) => {
                async { tokio::task::spawn_local($f).await.unwrap() }
            };
        }
        let set = tokio::task::LocalSet::new();
        set.block_on(&current_thread(), async move { tokio::task::spawn_local($body).await.unwrap() })
    }};
    (smol, $spawn:ident => $body:expr) => {{
        let executor = Rc::new(smol::LocalExecutor::new());
        let inner = Rc::clone(&executor);
        macro_rules! $spawn {
            ($f:expr) => {
                inner.spawn($f)
            };
        }
        let task = executor.spawn(async move { $body.await });
        futures_lite::future::block_on(executor.run(task))
    }};
    (local_pool, $spawn:ident => $body:expr) => {{
        let mut pool = LocalPool::new();
        let spawner = pool.spawner();
        macro_rules! $spawn {
            ($f:expr) => {
                pool_spawn(&spawner, $f)
            };
        }
        let inner = pool.spawner();
        let task = pool_spawn(&inner, async move { $body.await });
        pool.run_until(task)
    }};
    (monoio, $spawn:ident => $body:expr) => {{
        macro_rules! $spawn {
            ($f:expr) => {
                monoio::spawn($f)
            };
        }
        on_monoio(async move { monoio::spawn($body).await })
    }};
    (compio, $spawn:ident => $body:expr) => {{
        macro_rules! $spawn {
            ($f:expr) => {
                async { compio::runtime::spawn($f).await.unwrap() }
            };
        }
        on_compio(async move { compio::runtime::spawn($body).await.unwrap() })
    }};
    (async_task, $spawn:ident => $body:expr) => {{
        macro_rules! $spawn {
            ($f:expr) => {
                queue::spawn($f)
            };
        }
        queue::run(async move { queue::spawn($body).await })
    }};
}

fn ready() -> Row {
    macro_rules! body {
        ($n:ident, $spawn:ident) => {
            async move {
                for i in 0..$n {
                    black_box($spawn!(job(i)).await);
                }
            }
        };
    }
    Row::new("spawn and join: a ready body")
        .without_atomics()
        .ours(|n| on!(asynkit, spawn => body!(n, spawn)))
        .at_most(760.0)
        .by("tokio current-thread", |n| on!(tokio, spawn => body!(n, spawn)))
        .by("tokio LocalSet", |n| on!(local_set, spawn => body!(n, spawn)))
        .by("smol LocalExecutor", |n| on!(smol, spawn => body!(n, spawn)))
        .by("futures LocalPool", |n| on!(local_pool, spawn => body!(n, spawn)))
        .by("FuturesUnordered", |n| unordered_jobs(n, job))
        .by("monoio", |n| on!(monoio, spawn => body!(n, spawn)))
        .by("compio", |n| on!(compio, spawn => body!(n, spawn)))
        .by("async-task + VecDeque", |n| on!(async_task, spawn => body!(n, spawn)))
}

fn eager_ready() -> Row {
    Row::new("eager start and await: a ready body")
        .without_atomics()
        .ours(|n| {
            Executor::run(async move {
                asynkit::spawn(async move {
                    for i in 0..n {
                        black_box(eager(job(i)).await);
                    }
                })
                .await
                .expect("it does not panic");
            });
        })
        .at_most(195.0)
}

/// The operation, so many times, in a task of a runtime of one thread.
fn in_a_task_of_tokio<F: Future<Output = ()> + Send + 'static>(body: F) {
    current_thread().block_on(async move { tokio::spawn(body).await.expect("it does not panic") });
}

fn eager_on_tokio() -> Row {
    Row::new("on tokio: eager start and await, a ready body")
        .ours(|n| {
            in_a_task_of_tokio(async move {
                for i in 0..n {
                    black_box(eager_with(job(i), Tokio).await);
                }
            });
        })
        .at_most(265.0)
        .by("tokio's spawn and join", |n| {
            in_a_task_of_tokio(async move {
                for i in 0..n {
                    black_box(tokio::spawn(job(i)).await.expect("it does not panic"));
                }
            });
        })
}

fn eager_on_smol() -> Row {
    Row::new("on smol's LocalExecutor: eager start and await, a ready body")
        .ours(|n| {
            let executor = Rc::new(smol::LocalExecutor::new());
            let task = executor.spawn(async move {
                for i in 0..n {
                    black_box(eager_with(job(i), SmolLocal).await);
                }
            });
            futures_lite::future::block_on(SmolLocal::run(&executor, task));
        })
        .at_most(221.0)
        .by("smol's spawn and join", |n| {
            let executor = Rc::new(smol::LocalExecutor::new());
            let inner = Rc::clone(&executor);
            let task = executor.spawn(async move {
                for i in 0..n {
                    black_box(inner.spawn(job(i)).await);
                }
            });
            futures_lite::future::block_on(executor.run(task));
        })
}

fn eager_once_on_tokio() -> Row {
    Row::new("on tokio: eager start and await, a body that yields once")
        .ours(|n| {
            in_a_task_of_tokio(async move {
                for i in 0..n {
                    black_box(eager_with(job_once(i), Tokio).await);
                }
            });
        })
        .by("tokio's spawn and join", |n| {
            in_a_task_of_tokio(async move {
                for i in 0..n {
                    black_box(tokio::spawn(job_once(i)).await.expect("it does not panic"));
                }
            });
        })
}

fn once() -> Row {
    macro_rules! body {
        ($n:ident, $spawn:ident) => {
            async move {
                for i in 0..$n {
                    black_box($spawn!(job_once(i)).await);
                }
            }
        };
    }
    Row::new("spawn and join: a body that yields once")
        .without_atomics()
        .ours(|n| on!(asynkit, spawn => body!(n, spawn)))
        .by("tokio current-thread", |n| on!(tokio, spawn => body!(n, spawn)))
        .by("tokio LocalSet", |n| on!(local_set, spawn => body!(n, spawn)))
        .by("smol LocalExecutor", |n| on!(smol, spawn => body!(n, spawn)))
        .by("futures LocalPool", |n| on!(local_pool, spawn => body!(n, spawn)))
        .by("FuturesUnordered", |n| unordered_jobs(n, job_once))
        .by("monoio", |n| on!(monoio, spawn => body!(n, spawn)))
        .by("compio", |n| on!(compio, spawn => body!(n, spawn)))
        .by("async-task + VecDeque", |n| on!(async_task, spawn => body!(n, spawn)))
}

fn unordered_jobs<F: Future<Output = u32>>(n: u32, job: fn(u32) -> F) {
    futures::executor::block_on(async {
        let mut jobs = FuturesUnordered::new();
        for i in 0..n {
            jobs.push(job(i));
            black_box(jobs.next().await);
        }
    });
}
