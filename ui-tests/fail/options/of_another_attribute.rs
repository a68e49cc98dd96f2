use asynkit::syncfunction;


#[syncfunction(local)]
async fn f() -> u8 {
    1
}

fn main() {}
