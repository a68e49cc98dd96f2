use asynkit::eager;

#[eager]
fn f() -> u8 {
    1
}

fn uses() -> u8 {
    f()
}

fn main() {}
