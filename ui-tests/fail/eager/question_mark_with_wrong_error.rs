#[asynkit::eager]
async fn f(text: String) -> Result<u8, String> {
    Ok(text.parse::<u8>()?)
}

fn main() {}
