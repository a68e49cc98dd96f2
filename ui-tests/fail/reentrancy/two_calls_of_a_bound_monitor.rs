use asynkit::BoundMonitor;
use std::pin::Pin;

async fn f(mut bound: BoundMonitor<&asynkit::Monitor<u64>, Pin<Box<dyn Future<Output = ()>>>>) {
    let first = bound.aawait();
    let second = bound.aawait();
    let _ = second.await;
    let _ = first.await;
}

fn main() {}
