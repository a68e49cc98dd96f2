use asynkit::eager;

#[eager]
#[asynkit::syncfunction]
async fn f() {}

fn main() {}
