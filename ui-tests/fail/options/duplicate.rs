use asynkit::syncfunction;


#[syncfunction(panic, twin, panic)]
async fn f() -> u8 {
    1
}

fn main() {}
