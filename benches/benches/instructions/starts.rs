//! Futures that start before they are awaited, and types that can be awaited.

use std::hint::black_box;
use std::pin::pin;

use asynkit::{CoroStart, start};
use asynkit_benches::Row;

use crate::util::{After, finish};

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
