use asynkit::Monitor;
use std::pin::pin;

async fn f() {
    let monitor = Monitor::new();
    let mut coroutine = pin!(async { monitor.oob(1u8).await.map(drop) });
    monitor.aawait(coroutine.as_mut()).await;
}

fn main() {}
