use asynkit::syncfunction;

struct Failure;

#[syncfunction(flatten)]
async fn f() -> Result<u8, Failure> {
    Ok(1)
}

fn main() {}
