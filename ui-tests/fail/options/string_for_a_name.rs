use asynkit::syncfunction;


#[syncfunction(twin = "blocking")]
async fn f() -> u8 {
    1
}

fn main() {}
