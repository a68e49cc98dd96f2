#[asynkit::syncfunction]
async fn f() {
    1
}

fn main() {}
