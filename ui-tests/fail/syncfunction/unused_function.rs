#![deny(dead_code)]

#[asynkit::syncfunction]
async fn never_called() -> u32 {
    1
}

fn main() {}
