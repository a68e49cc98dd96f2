#[asynkit::eager]
async fn f() -> u32 {
    let _n = 1;
}

fn main() {}
