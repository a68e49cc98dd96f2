//! The programs that are left half-way: between them they await every leaf and every wrapper of the library.

use asynkit::{
    AsyncGenerator as _, Co, Interrupt, InterruptExt as _, InterruptKind, LocalMonitor, Monitor, Step,
    asyncfunction, awaitmethod, copy_context, generator, generator_fn, shield, start, syncfunction,
    throw_when,
};
use asynkit_tests::{Ledger, Value};
use futures::{StreamExt as _, future::select, stream::FuturesUnordered};
use std::{future::pending, pin::pin};

/// A point that cleans up where it is told, which takes a wait.
pub(crate) async fn asks(l: &Ledger) {
    let _held = l.value();
    if let Err(told) = l.leaf().interruptible().await {
        l.tell(&told);
        let _cleans_up = l.value();
        l.leaf().await;
    }
}

/// Awaits that hide nothing: plain, joined, selected.
pub(crate) async fn waits(l: Ledger) {
    let _held = l.value();
    l.leaf().await;
    asks(&l).await;
    futures::join!(l.leaf(), asks(&l));
    select(pin!(l.leaf()), pending::<()>()).await;
    asks(&l).await;
}

/// Awaits under a sub-executor.
pub(crate) async fn children(l: Ledger) {
    let _held = l.value();
    l.leaf().await;
    let mut children: FuturesUnordered<_> = (0..2).map(|_| asks(&l)).collect();
    while children.next().await.is_some() {}
    asks(&l).await;
}

/// Futures of ours around leaves: scopes, shields, contexts, started coroutines, macro-made types.
pub(crate) async fn wrappers(l: Ledger) {
    let _held = l.value();
    shield(async {
        let _inside = l.value();
        asks(&l).await;
    })
    .await;
    let mut context = copy_context();
    context.scope(asks(&l)).await;
    let _ = throw_when(l.trigger(), InterruptKind::Cancel, asks(&l)).await;
    start!(let started = asks(&l));
    started.await;
    Job(&l).await;
    let read = asyncfunction(|value: Value| value);
    asks(&l).await;
    drop(read(l.value()).await);
    plain(&l).await;
}

struct Job<'a>(&'a Ledger);

#[awaitmethod]
impl IntoFuture for Job<'_> {
    async fn into_future(self) {
        asks(self.0).await;
    }
}

#[syncfunction(twin)]
async fn plain(l: &Ledger) {
    asks(l).await;
}

/// Monitors and generators inside: their owner's calls are what is left half-way.
pub(crate) async fn owners(l: Ledger) {
    let _held = l.value();
    let m = LocalMonitor::<Value, Value>::new();
    let mut c = Box::pin(async {
        asks(&l).await;
        drop(m.oob(l.value()).await);
        futures::join!(async { drop(m.oob(l.value()).await) }, asks(&l));
    });
    let mut turn = m.start(c.as_mut()).await.ok();
    while let Some(item) = turn {
        turn = m.asend(c.as_mut(), item).await.oob();
    }
    let m = Monitor::<Value>::new();
    let mut bound = m.bind(Box::pin(async {
        drop(m.oob(l.value()).await);
        asks(&l).await;
    }));
    while let Step::Oob(_) = bound.aawait().await {}
    let mut g = pin!(numbers(l.clone()));
    while let Some(_item) = g.as_mut().anext().await {}
    let mut g = pin!(generator(async |mut co: Co<'_, Value, Result<(), Interrupt>>| {
        asks(&l).await;
        if co.ayield(l.value()).await.is_err() {
            l.leaf().await;
        }
    }));
    drop(g.as_mut().anext().await);
    let _ = g.as_mut().athrow("enough").await;
    let _ = g.aclose().await;
}

#[generator_fn(Value)]
async fn numbers(l: Ledger) {
    asks(&l).await;
    ayield!(l.value());
    l.leaf().await;
}
