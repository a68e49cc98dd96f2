#[asynkit::generator_fn(u8)]
async fn f() -> u32 {
    let n = ;
    1
}

fn main() {}
