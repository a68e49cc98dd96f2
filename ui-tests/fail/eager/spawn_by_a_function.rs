use asynkit::eager;

#[eager(spawn = tokio::spawn)]
async fn one() -> u8 {
    1
}

#[eager(spawn = smol::spawn)]
async fn two() -> u8 {
    2
}

#[eager(spawn = my_spawn)]
async fn three() -> u8 {
    3
}

async fn uses() -> u8 {
    one().await + two().await + three().await
}

fn main() {}
