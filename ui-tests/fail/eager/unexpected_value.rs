#[asynkit::eager]
async fn f() {
    1
}

fn main() {}
