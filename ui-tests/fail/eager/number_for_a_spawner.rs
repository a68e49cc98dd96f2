use asynkit::eager;

#[eager(spawn = 3)]
async fn f() -> u8 {
    1
}

async fn uses() -> u8 {
    f().await
}

fn main() {}
