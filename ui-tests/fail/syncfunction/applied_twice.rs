use asynkit::syncfunction;


#[syncfunction]
#[syncfunction]
async fn f() -> u8 {
    1
}

fn uses() -> u8 {
    f().unwrap()
}

fn main() {}
