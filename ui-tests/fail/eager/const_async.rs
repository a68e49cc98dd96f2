use asynkit::eager;

#[eager]
const async fn f() -> u8 {
    1
}

// The function is the one that was meant: one mistake is one error.
async fn uses() -> u8 {
    f().await
}

fn main() {}
