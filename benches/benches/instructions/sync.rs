//! Async source from a sync caller.

use std::future::Future;
use std::hint::black_box;

use asynkit::{SyncDriveRequired, aiter_sync, asyncfunction, await_sync, leavesync};
use asynkit_benches::Row;
use futures::executor::block_on_stream;
use futures::stream::{self, Stream};
use futures::{FutureExt, executor};
use futures_lite::future as lite;

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("await_sync: 2 nested awaits")
            .ours(|n| each(n, outer::<0>, drive))
            .same_as("sync fn")
            .by("sync fn", |n| each(n, sync_outer, |value| value))
            .by("futures now_or_never", |n| each(n, outer::<1>, FutureExt::now_or_never))
            .by("spin_on", |n| each(n, outer::<2>, spin_on::spin_on))
            .by("pollster", |n| each(n, outer::<3>, pollster::block_on))
            .by("futures-lite block_on", |n| each(n, outer::<4>, lite::block_on))
            .by("futures block_on", |n| each(n, outer::<5>, executor::block_on))
            .by("async-io block_on", |n| each(n, outer::<6>, async_io::block_on))
            .by("tokio block_on", |n| {
                let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
                each(n, outer::<7>, |future| runtime.block_on(future));
            }),
        Row::new("await_sync: loop of 8 callbacks")
            .ours(|n| each(n, |i| asyncfunction(move |k| i ^ k), |read| drive(total::<0>(&read))))
            .same_as("sync fn")
            .by("sync fn", |n| each(n, |i| sync_total(|k| i ^ k), |value| value))
            .by("pollster", |n| {
                each(n, |i| async move |k| i ^ k, |read| pollster::block_on(total::<1>(&read)));
            }),
        // A drive is marked while it runs; what the compiler does not see may ask for the mark.
        Row::new("await_sync: loop of 8 opaque callbacks")
            .ours(|n| each(n, |i| asyncfunction(move |k| black_box(i ^ k)), |read| drive(total::<2>(&read))))
            .over("sync fn", 2.0)
            .by("sync fn", |n| each(n, |i| sync_total(|k| black_box(i ^ k)), |value| value))
            .by("pollster", |n| {
                each(n, |i| async move |k| black_box(i ^ k), |read| pollster::block_on(total::<3>(&read)));
            }),
        Row::new("await_sync: loop of 8 opaque callbacks, leavesync")
            .ours(|n| {
                let callback = |i| leavesync(move |k| Ok::<u64, SyncDriveRequired>(black_box(i ^ k)));
                each(n, callback, |read| drive(try_total(&read)));
            })
            .by("sync fn", |n| each(n, |i| sync_total(|k| black_box(i ^ k)), |value| value)),
        Row::new("aiter_sync: 100 items")
            .ours(|n| each(n, items, |stream| sum(aiter_sync(stream).map(|item| item.expect(READY)))))
            .same_as("iterator")
            .by("iterator", |n| each(n, |i| i..i + 100, sum))
            .by("futures-lite block_on", |n| {
                each(n, items, |stream| sum(futures_lite::stream::block_on(stream)));
            })
            .by("futures block_on_stream", |n| each(n, items, |stream| sum(block_on_stream(stream))))
            .lengths(100, 200),
    ]
}

const READY: &str = "nothing waits here";

/// The driver that is measured.
fn drive<T>(future: impl Future<Output = T>) -> T {
    await_sync(future).expect(READY)
}

/// Does `work` with what `make` makes, `n` times.
fn each<M, R>(n: u32, make: impl Fn(u64) -> M, work: impl Fn(M) -> R) {
    for i in 0..n {
        black_box(work(make(black_box(u64::from(i)))));
    }
}

// Every driver gets an async source of its own, numbered: it is compiled as in a program that has only this driver,
// where the compiler inlines what it would not inline into ten places.

async fn outer<const DRIVER: u8>(i: u64) -> u64 {
    inner::<DRIVER>(i).await ^ 7
}

async fn inner<const DRIVER: u8>(i: u64) -> u64 {
    leaf::<DRIVER>(i).await.wrapping_mul(3)
}

#[expect(clippy::unused_async, reason = "the innermost of the async fns that are measured")]
async fn leaf<const DRIVER: u8>(i: u64) -> u64 {
    i.rotate_left(5)
}

fn sync_outer(i: u64) -> u64 {
    sync_inner(i) ^ 7
}

fn sync_inner(i: u64) -> u64 {
    i.rotate_left(5).wrapping_mul(3)
}

async fn total<const DRIVER: u8>(read: &impl AsyncFn(u64) -> u64) -> u64 {
    let mut sum = 0;
    for k in 0..8 {
        sum += read(k).await;
    }
    sum
}

async fn try_total<E>(read: &impl AsyncFn(u64) -> Result<u64, E>) -> Result<u64, E> {
    let mut sum = 0;
    for k in 0..8 {
        sum += read(k).await?;
    }
    Ok(sum)
}

fn sync_total(read: impl Fn(u64) -> u64) -> u64 {
    let mut sum = 0;
    for k in 0..8 {
        sum += read(k);
    }
    sum
}

fn items(start: u64) -> impl Stream<Item = u64> + Unpin {
    stream::iter(start..start + 100)
}

fn sum(items: impl Iterator<Item = u64>) -> u64 {
    items.fold(0, |sum, item| sum.wrapping_add(black_box(item)))
}
