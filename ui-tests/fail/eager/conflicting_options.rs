use asynkit::eager;

#[eager(scoped, spawn = asynkit::spawner::Tokio)]
async fn f() -> u8 {
    1
}

async fn uses() -> u8 {
    f().await
}

fn main() {}
