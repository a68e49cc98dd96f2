#[asynkit::eager]
async fn f() -> u32 {
    let n = ;
    1
}

fn main() {}
