#![deny(unused_must_use)]

use asynkit::eager;

#[eager]
async fn f() -> u8 {
    1
}

#[eager(scoped)]
async fn scoped(n: &u8) -> u8 {
    *n
}

fn uses() {
    f();
    scoped(&1);
}

fn main() {}
