use asynkit::{Co, generator};
use futures::Stream;

fn is_stream(_: impl Stream) {}

fn f() {
    is_stream(generator(async |mut co: Co<'_, u64>| {
        co.ayield(1).await;
        Ok::<(), u8>(())
    }));
}

fn main() {}
