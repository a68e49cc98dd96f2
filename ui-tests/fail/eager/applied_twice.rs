use asynkit::eager;

#[eager]
#[eager]
async fn f() {}

fn main() {}
