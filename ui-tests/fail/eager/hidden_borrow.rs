use asynkit::eager;

struct Words<'a>(&'a str);

#[eager]
async fn length(words: Words) -> usize {
    words.0.len()
}

fn main() {}
