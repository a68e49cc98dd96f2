#![deny(dead_code)]

#[asynkit::generator_fn(u8)]
async fn never_called() -> u32 {
    1
}

fn main() {}
