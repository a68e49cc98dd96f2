#![deny(dead_code)]

#[asynkit::eager]
async fn never_called() -> u32 {
    1
}

fn main() {}
