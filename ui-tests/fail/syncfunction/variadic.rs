use asynkit::syncfunction;


#[syncfunction]
async fn f(first: u8, _: ...) -> u8 {
    first
}

fn uses() -> u8 {
    f(1).unwrap()
}

fn main() {}
