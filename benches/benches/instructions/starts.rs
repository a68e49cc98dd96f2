//! Futures that start before they are awaited, and types that can be awaited.

use std::future::ready;
use std::hint::black_box;
use std::pin::pin;

use asynkit::{CoroStart, awaitmethod, start};
use asynkit_benches::Row;

use crate::util::{After, Boxed, boxed, finish};

/// Awaits so many jobs in one body of unknown type.
macro_rules! jobs {
    ($n:expr, $i:ident => $job:expr) => {{
        let mut body = boxed(async move {
            let mut sum = 0;
            for i in 0..$n {
                let $i = black_box(u64::from(i));
                sum += $job.await;
            }
            sum
        });
        black_box(finish(body.as_mut()));
    }};
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("start!: chain of 5 async fns, pending once")
            .ours(|n| {
                for _ in 0..n {
                    start!(let c = chain::<0>());
                    black_box(finish(pin!(c)));
                }
            })
            .at_most(145.0)
            .by("polled twice", |n| {
                for _ in 0..n {
                    black_box(finish(pin!(chain::<1>())));
                }
            })
            .by("CoroStart::boxed", |n| {
                for _ in 0..n {
                    black_box(finish(pin!(CoroStart::boxed(chain::<2>()))));
                }
            }),
        Row::new("awaitable type: make, await, drop")
            .ours(|n| jobs!(n, i => Inline(i)))
            .at_most(55.0)
            .by("async fn", |n| jobs!(n, i => job(i)))
            .by("boxed future", |n| jobs!(n, i => ByHand(i)))
            .by("async-trait", |n| jobs!(n, i => Traited(i).run())),
        Row::new("awaitable type: make, await, drop; generic").ours(|n| jobs!(n, i => Generic(i))),
    ]
}

// Each use has a copy of its own, numbered: it is compiled as in a program that has only this use.

async fn chain<const COPY: u8>() -> u64 {
    second::<COPY>().await + 1
}

async fn second<const COPY: u8>() -> u64 {
    third::<COPY>().await + 1
}

async fn third<const COPY: u8>() -> u64 {
    fourth::<COPY>().await + 1
}

async fn fourth<const COPY: u8>() -> u64 {
    fifth::<COPY>().await + 1
}

async fn fifth<const COPY: u8>() -> u64 {
    After(black_box(1)).await + 1
}

/// What all the jobs do.
async fn job(i: u64) -> u64 {
    ready(black_box(i)).await + 1
}

struct Inline(u64);

#[awaitmethod]
impl IntoFuture for Inline {
    async fn into_future(self) -> u64 {
        ready(black_box(self.0)).await + 1
    }
}

struct Generic<T>(T);

#[awaitmethod]
impl<T: Into<u64> + Send> IntoFuture for Generic<T> {
    async fn into_future(self) -> u64 {
        ready(black_box(self.0.into())).await + 1
    }
}

/// As it is written without a macro.
struct ByHand(u64);

impl IntoFuture for ByHand {
    type Output = u64;
    type IntoFuture = Boxed<'static, u64>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { ready(black_box(self.0)).await + 1 })
    }
}

#[async_trait::async_trait]
trait Job {
    async fn run(self) -> u64;
}

struct Traited(u64);

#[async_trait::async_trait]
impl Job for Traited {
    async fn run(self) -> u64 {
        ready(black_box(self.0)).await + 1
    }
}
