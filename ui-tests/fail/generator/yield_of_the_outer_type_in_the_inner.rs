use asynkit::{Co, generator};
use futures::StreamExt as _;
use std::pin::pin;

fn f() {
    let _outer = generator(async |mut outer: Co<'_, u64>| {
        let inner = pin!(generator(async |mut inner: Co<'_, Box<u64>>| {
            inner.ayield(Box::new(1)).await;
            inner.ayield(42).await;
        }));
        outer.ayield(inner.count().await as u64).await;
    });
}

fn main() {}
