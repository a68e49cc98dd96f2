#[asynkit::eager]
async fn f(early: bool) -> u32 {
    if early {
        return "bad";
    }
    1
}

fn main() {}
