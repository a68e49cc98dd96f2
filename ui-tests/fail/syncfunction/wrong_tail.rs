#[asynkit::syncfunction]
async fn f() -> u32 {
    "bad"
}

fn main() {}
