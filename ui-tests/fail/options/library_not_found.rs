use asynkit::syncfunction;


#[syncfunction(crate = ::nowhere)]
async fn f() -> u8 {
    1
}

fn main() {}
