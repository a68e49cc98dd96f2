use asynkit::eager;

#[eager(spawn)]
async fn f() -> u8 {
    1
}

async fn uses() -> u8 {
    f().await
}

fn main() {}
