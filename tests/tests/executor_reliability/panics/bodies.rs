//! Panics of the futures that tasks run, however a task has come to run them.

use super::{Charge, Told, table, unwrap};
use asynkit::{
    Remote, create_task_descend, create_task_start, eager, eager_ctx, spawn, spawner::Local, yield_now,
};
use futures::FutureExt as _;
use std::future::{pending, ready};

#[eager]
async fn first_part(charge: Charge) {
    charge.strike();
}

#[eager(spawn = Local)]
async fn rest(charge: Charge) {
    charge.leaf().await;
}

#[eager(scoped)]
async fn scoped(charge: Charge) {
    charge.leaf().await;
}

#[test]
fn a_panic_of_a_tasks_future_is_told_once() {
    table(&[
        ("first poll", Told::Awaiter, |charge| async { charge.strike() }.boxed_local()),
        ("later poll", Told::Awaiter, |charge| charge.leaf().boxed_local()),
        ("nobody awaits it", Told::Hook, |charge| {
            async {
                drop(spawn(charge.leaf()));
                yield_now().await;
                yield_now().await;
            }
            .boxed_local()
        }),
        ("its handle is dropped after its end", Told::Hook, |charge| {
            async {
                let task = spawn(charge.leaf());
                while !task.is_finished() {
                    yield_now().await;
                }
                drop(task);
            }
            .boxed_local()
        }),
        ("a task that another one awaits", Told::Awaiter, |charge| {
            async { unwrap(spawn(async { unwrap(spawn(charge.leaf()).await) }).await) }.boxed_local()
        }),
        ("eager, first part", Told::Awaiter, |charge| {
            async { eager(async { charge.strike() }).await }.boxed_local()
        }),
        ("eager, the rest", Told::Awaiter, |charge| async { eager(charge.leaf()).await }.boxed_local()),
        ("eager, joined", Told::Awaiter, |charge| {
            async { unwrap(eager(charge.leaf()).join().await) }.boxed_local()
        }),
        ("eager, dropped", Told::Hook, |charge| {
            async {
                drop(eager(charge.leaf()));
                yield_now().await;
            }
            .boxed_local()
        }),
        ("eager_ctx", Told::Awaiter, |charge| async { eager_ctx(charge.leaf()).await }.boxed_local()),
        ("#[eager], first part", Told::Awaiter, |charge| async { first_part(charge).await }.boxed_local()),
        ("#[eager], the rest", Told::Awaiter, |charge| async { rest(charge).await }.boxed_local()),
        ("#[eager(scoped)]", Told::Awaiter, |charge| async { scoped(charge).await }.boxed_local()),
        ("create_task_start", Told::Awaiter, |charge| {
            async { unwrap(create_task_start(charge.leaf()).await.await) }.boxed_local()
        }),
        ("create_task_descend", Told::Awaiter, |charge| {
            async { unwrap(create_task_descend(charge.leaf()).await.await) }.boxed_local()
        }),
        ("a closure that was sent", Told::Awaiter, |charge| {
            let make = move || {
                charge.strike();
                ready(())
            };
            async { unwrap(Remote::current().unwrap().spawn(make).unwrap().await) }.boxed_local()
        }),
        ("a future of a closure that was sent", Told::Awaiter, |charge| {
            async { unwrap(Remote::current().unwrap().spawn(|| charge.leaf()).unwrap().await) }.boxed_local()
        }),
        ("a future that is dropped by an abort", Told::Awaiter, |charge| {
            async {
                let value = charge.value();
                let task = spawn(async move {
                    let _value = value;
                    pending::<()>().await;
                });
                yield_now().await;
                task.abort();
                unwrap(task.await);
            }
            .boxed_local()
        }),
        ("a future that is dropped by a cancel before its first poll", Told::Awaiter, |charge| {
            async {
                let value = charge.value();
                let task = spawn(async move { drop(value) });
                task.cancel();
                unwrap(task.await);
            }
            .boxed_local()
        }),
    ]);
}
