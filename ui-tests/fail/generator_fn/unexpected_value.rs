#[asynkit::generator_fn(u8)]
async fn f() {
    1
}

fn main() {}
