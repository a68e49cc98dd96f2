//! Groups, and the handles that they give.

use crate::{
    probe::{Probe, turns},
    table::rows,
};
use asynkit::{
    BoxError, GroupError, InterruptExt as _, TaskGroup, group::TaskStatus, spawn, spawner::Local, task_group,
    task_group_on,
};
use futures::{FutureExt as _, channel::oneshot};
use std::{
    fmt::Debug,
    future::{Future, pending},
    rc::Rc,
};

rows! {
    Runs group: "group/run.rs: task_group";
    Runs group_on: "group/run.rs: task_group_on";
    Safe child: "group/child.rs: Child", "group/handle.rs: start_soon", "group/handle.rs: spawn";
    Safe started: "group/start.rs: Started", "group/handle.rs: start";
}

/// Children that wait to be told, and that end; the body counts as what is run.
async fn body(p: Rc<Probe>, group: TaskGroup) -> Result<u32, BoxError> {
    let running = p.body();
    let ends = group.start_soon(async {
        turns(2).await;
        Ok::<_, BoxError>(1)
    });
    let _asks = group.start_soon(async {
        let _told = pending::<()>().interruptible().await;
        turns(2).await;
        Ok::<_, BoxError>(())
    });
    let value = running.await + ends.await?;
    group.cancel();
    Ok(value)
}

/// No child is left when the play ends: the table looks for them.
async fn groups<F>(p: Rc<Probe>, make: impl Fn(Rc<Probe>) -> F) -> String
where
    F: Future<Output = Result<u32, GroupError>> + 'static,
{
    drop(p.leave(make(Rc::clone(&p))).await);
    turns(10).await;
    // A task of its own, which no stop of this one reaches.
    spawn(make(p)).await.unwrap().unwrap().to_string()
}

async fn group(p: Rc<Probe>) -> String {
    groups(p, |p| task_group(async move |group| body(p, group).await)).await
}

async fn group_on(p: Rc<Probe>) -> String {
    groups(p, |p| task_group_on(Local, async move |group| body(p, group).await)).await
}

/// A wait for a handle that a group of another task has given is left; the next one gets the value.
async fn handle<H, V>(p: Rc<Probe>, make: impl FnOnce(&TaskGroup) -> H + 'static) -> String
where
    H: Future<Output = V> + Unpin + 'static,
    V: Debug,
{
    let (gives, handle) = oneshot::channel();
    let group = spawn(task_group(async move |group| {
        assert!(gives.send(make(&group)).is_ok(), "somebody waits for it");
        Ok(())
    }));
    let mut handle = handle.await.unwrap();
    let seen = match p.leave(&mut handle).await {
        Some(value) => format!("{value:?}"),
        None => format!("{:?}", handle.await),
    };
    group.await.unwrap().unwrap();
    seen
}

async fn child(p: Rc<Probe>) -> String {
    let body = p.body();
    handle(p, |group| group.start_soon(body.map(Ok::<_, BoxError>))).await
}

async fn started(p: Rc<Probe>) -> String {
    let body = p.body();
    let serves = async |status: TaskStatus<u32>| {
        status.started(body.await);
        turns(2).await;
        Ok::<_, BoxError>(())
    };
    handle(p, |group| group.start(serves)).await
}
