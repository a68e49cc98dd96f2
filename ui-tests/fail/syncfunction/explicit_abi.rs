use asynkit::syncfunction;


#[syncfunction]
async extern "C" fn f() -> u8 {
    1
}

fn uses() -> u8 {
    f().unwrap()
}

fn main() {}
