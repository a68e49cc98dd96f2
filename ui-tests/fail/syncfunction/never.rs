#[asynkit::syncfunction]
async fn f() -> ! {
    loop {}
}

fn main() {}
