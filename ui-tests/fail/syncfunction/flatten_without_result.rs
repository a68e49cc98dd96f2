use asynkit::syncfunction;

#[syncfunction(flatten)]
async fn f() -> u8 {
    1
}

fn main() {}
