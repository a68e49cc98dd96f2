use asynkit::syncfunction;


#[syncfunction(crate = 3)]
async fn f() -> u8 {
    1
}

fn main() {}
