use asynkit::eager;

#[eager]
async extern "C" fn f() -> u8 {
    1
}

async fn uses() -> u8 {
    f().await
}

fn main() {}
