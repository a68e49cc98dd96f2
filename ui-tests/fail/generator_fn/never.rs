#[asynkit::generator_fn(u8)]
async fn f() -> ! {
    loop {}
}

fn main() {}
