use asynkit::syncfunction;


#[syncfunction(flaten)]
async fn f() -> u8 {
    1
}

fn main() {}
