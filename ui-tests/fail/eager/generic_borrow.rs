use asynkit::eager;

#[eager]
async fn same<T>(value: T) -> T {
    value
}

fn main() {}
