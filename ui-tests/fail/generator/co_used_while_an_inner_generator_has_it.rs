use asynkit::{Co, generator};
use futures::StreamExt as _;
use std::pin::pin;

fn f() {
    let _outer = generator(async |mut outer: Co<'_, u64>| {
        let mut inner = pin!(generator(async |mut co: Co<'_, u64>| {
            outer.ayield(1).await;
            co.ayield(2).await;
        }));
        outer.ayield(3).await;
        inner.next().await;
    });
}

fn main() {}
