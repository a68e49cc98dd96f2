use asynkit::syncfunction;


#[syncfunction(crate = "::asynkit")]
async fn f() -> u8 {
    1
}

#[syncfunction(crate = "asynkit")]
async fn g() -> u8 {
    1
}

fn main() {}
