#[asynkit::eager]
async fn f() -> ! {
    loop {}
}

fn main() {}
