#![deny(unreachable_code)]

#[asynkit::generator_fn(u8)]
pub async fn f() -> u32 {
    return 1;
    2
}

fn main() {}
