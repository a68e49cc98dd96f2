use asynkit::syncfunction;


#[syncfunction("panic")]
async fn f() -> u8 {
    1
}

fn main() {}
