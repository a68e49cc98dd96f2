use asynkit::syncfunction;

struct Ours;
struct Theirs;

#[syncfunction]
async fn f(input: Result<u8, Theirs>) -> Result<u8, Ours> {
    Ok(input?)
}

fn main() {}
