#[asynkit::eager]
async fn f() -> u32 {
    "bad"
}

#[asynkit::eager(scoped)]
async fn scoped() -> u32 {
    "bad"
}

fn main() {}
