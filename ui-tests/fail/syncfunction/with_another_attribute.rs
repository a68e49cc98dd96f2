use asynkit::syncfunction;

#[syncfunction]
#[asynkit::generator_fn(u8)]
async fn f() -> u8 {
    1
}

fn uses() -> u8 {
    f().unwrap()
}

fn main() {}
