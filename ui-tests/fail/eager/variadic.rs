use asynkit::eager;

#[eager]
async fn f(first: u8, _: ...) -> u8 {
    first
}

async fn uses() -> u8 {
    f(1).await
}

fn main() {}
