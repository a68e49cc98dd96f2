#[asynkit::generator_fn(u8)]
async fn f() -> u32 {
    "bad"
}

fn main() {}
