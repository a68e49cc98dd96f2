#![deny(unreachable_code)]

#[asynkit::eager]
pub async fn f() -> u32 {
    return 1;
    2
}

fn main() {}
