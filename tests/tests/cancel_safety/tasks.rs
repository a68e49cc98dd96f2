//! Handles of tasks: what is left is a wait for one, which goes on.

use crate::{
    outside::Outside,
    probe::{Probe, turns},
    table::rows,
};
use asynkit::{
    Executor, Remote, cancelling, eager, spawn,
    spawner::{Smol, SmolLocal, Spawn as _, Tokio},
};
use std::{fmt::Debug, future::Future, rc::Rc, sync::Arc};

rows! {
    Safe task: "task/handle.rs: Task", "task/handle.rs: spawn", "task/builder.rs: spawn",
        "executor/local.rs: spawn";
    Safe eager_task: "task/eager.rs: Eager", "task/eager.rs: eager", "task/eager.rs: eager_with";
    Safe joined: "task/eager.rs: Join", "task/eager.rs: join";
    Safe guarded: "task/cancelling.rs: Cancelling", "task/cancelling.rs: cancelling", "task/eager.rs: eager_ctx";
    Safe sent: "executor/remote.rs: RemoteTask", "executor/remote.rs: spawn";
    Safe on_smol: "spawner/smol.rs: SmolTask";
    Safe on_tokio: "spawner/tokio.rs: TokioTask";
    Safe nested: "executor/local.rs: Executor";
    Runs run_until: "executor/local.rs: run_until", "executor/local.rs: RunUntil";
    Runs smol_local: "spawner/smol.rs: run";
}

/// A wait for a handle is left; the next one gets the value.
async fn handle<H>(p: Rc<Probe>, mut handle: H) -> String
where
    H: Future<Output: Debug> + Unpin,
{
    match p.leave(&mut handle).await {
        Some(value) => format!("{value:?}"),
        None => format!("{:?}", handle.await),
    }
}

async fn task(p: Rc<Probe>) -> String {
    let task = spawn(p.body());
    handle(p, task).await
}

async fn eager_task(p: Rc<Probe>) -> String {
    let task = eager(p.body());
    handle(p, task).await
}

async fn joined(p: Rc<Probe>) -> String {
    let task = eager(p.body()).join();
    handle(p, task).await
}

async fn guarded(p: Rc<Probe>) -> String {
    let task = cancelling(spawn(p.body()));
    handle(p, task).await
}

async fn sent(p: Rc<Probe>) -> String {
    let work = async {
        turns(3).await;
        7
    };
    let task = Remote::current().unwrap().spawn(|| work).unwrap();
    handle(p, task).await
}

async fn on_smol(p: Rc<Probe>) -> String {
    let task = Smol.spawn(late(p.outside()));
    handle(p, task).await
}

async fn on_tokio(p: Rc<Probe>) -> String {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let task = {
        let _entered = runtime.enter();
        Tokio.spawn(late(p.outside()))
    };
    let seen = handle(p, task).await;
    runtime.shutdown_background();
    seen
}

/// Ends after more turns than a wait takes to begin.
async fn late(outside: Arc<Outside>) -> u32 {
    outside.wait().await;
    7
}

/// The tasks stay where they are, and go on.
async fn nested(p: Rc<Probe>) -> String {
    let mut inner = Executor::new();
    let task = inner.spawn(p.slow_body());
    p.leave(&mut inner).await;
    format!("{:?}", inner.run_until(task).await)
}

async fn run_until(p: Rc<Probe>) -> String {
    let inner = Executor::new();
    let task = inner.spawn(turns(5));
    p.leave(inner.run_until(p.slow_body())).await;
    format!("{:?} {}", inner.run_until(task).await, inner.run_until(p.body()).await)
}

async fn smol_local(p: Rc<Probe>) -> String {
    let executor = Rc::new(smol::LocalExecutor::new());
    let task = executor.spawn(turns(5));
    p.leave(SmolLocal::run(&executor, p.slow_body())).await;
    format!("{:?} {}", SmolLocal::run(&executor, task).await, SmolLocal::run(&executor, p.body()).await)
}
