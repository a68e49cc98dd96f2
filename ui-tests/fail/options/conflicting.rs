use asynkit::syncfunction;


#[syncfunction(panic, flatten)]
async fn f() -> u8 {
    1
}

fn uses() -> u8 {
    f()
}

fn main() {}
