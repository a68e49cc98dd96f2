use asynkit::{AsyncGenerator as _, generator::BoxGenerator};
use std::pin::Pin;

async fn f(mut g: BoxGenerator<'_, u64>) {
    let first = Pin::new(&mut g).asend(());
    let second = Pin::new(&mut g).asend(());
    let _ = second.await;
    let _ = first.await;
}

fn main() {}
