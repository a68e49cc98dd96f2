//! Copies of contexts, and the variables in them.

use std::hint::black_box;

use asynkit::{ContextVar, copy_context};
use asynkit_benches::Row;

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("context: copy, set a variable, drop")
            .ours(|n| {
                USER.set(0);
                for i in 0..n {
                    let mut copy = copy_context();
                    copy.run(|| USER.set(black_box(u64::from(i))));
                    black_box(&copy);
                }
            })
            .at_most(290.0),
        Row::new("context: copy, set one of 16 variables, drop")
            .ours(|n| {
                set_all();
                copy_and_set(n, &VARS[7], u64::from);
            })
            .at_most(290.0),
        Row::new("context: copy, set a variable of four words, drop").ours(|n| {
            WORDS.set([0; 4]);
            copy_and_set(n, &WORDS, |i| [i.into(); 4]);
        }),
        Row::new("context: copy, set four variables, drop").ours(|n| {
            set_all();
            for i in 0..n {
                let mut copy = copy_context();
                copy.run(|| {
                    for var in &VARS[3..7] {
                        var.set(black_box(i.into()));
                    }
                });
                black_box(&copy);
            }
        }),
        Row::new("context: copy, set a variable, copy again, drop both").ours(|n| {
            USER.set(0);
            for i in 0..n {
                let mut copy = copy_context();
                copy.run(|| USER.set(black_box(u64::from(i))));
                black_box(&copy.copy());
            }
        }),
        Row::new("context: set a variable once more").ours(|n| {
            for i in 0..n {
                black_box(USER.set(black_box(u64::from(i))));
            }
        }),
        Row::new("context: get a variable")
            .ours(|n| {
                USER.set(1);
                get(n, &USER);
            })
            .by("tokio task_local", |n| TOKIO_USER.sync_scope(1, || tokio_get(n))),
        Row::new("context: get one of 16 variables").ours(|n| {
            set_all();
            get(n, &VARS[7]);
        }),
        Row::new("context: get one of 16 variables, in a copy").ours(|n| {
            set_all();
            copy_context().run(|| get(n, &VARS[7]));
        }),
    ]
}

static USER: ContextVar<u64> = ContextVar::new();
static WORDS: ContextVar<[u64; 4]> = ContextVar::new();
tokio::task_local! {
    static TOKIO_USER: u64;
}

static VARS: [ContextVar<u64>; 16] = [const { ContextVar::new() }; 16];

fn set_all() {
    for var in &VARS {
        var.set(0);
    }
}

#[inline]
fn copy_and_set<T: Send + Sync>(n: u32, var: &'static ContextVar<T>, value: impl Fn(u32) -> T) {
    for i in 0..n {
        let mut copy = copy_context();
        copy.run(|| var.set(black_box(value(i))));
        black_box(&copy);
    }
}

fn get(n: u32, var: &'static ContextVar<u64>) {
    let mut sum = 0_u64;
    for _ in 0..n {
        sum = sum.wrapping_add(black_box(var).get().unwrap_or(0));
    }
    black_box(sum);
}

fn tokio_get(n: u32) {
    let mut sum = 0_u64;
    for _ in 0..n {
        sum = sum.wrapping_add(black_box(&TOKIO_USER).get());
    }
    black_box(sum);
}
