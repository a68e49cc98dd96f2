use asynkit::eager;

#[eager(context)]
async fn one() -> u8 {
    1
}

#[eager(spwan = asynkit::spawner::Tokio)]
async fn two() -> u8 {
    2
}

async fn uses() -> u8 {
    one().await + two().await
}

fn main() {}
