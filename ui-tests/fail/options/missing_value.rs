use asynkit::syncfunction;


#[syncfunction(crate)]
async fn f() -> u8 {
    1
}

#[syncfunction(twin =)]
async fn g() -> u8 {
    1
}

fn main() {}
