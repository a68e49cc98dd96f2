use asynkit::eager;

#[eager(spawn = "asynkit::spawner::Local")]
async fn f() -> u8 {
    1
}

async fn uses() -> u8 {
    f().await
}

fn main() {}
