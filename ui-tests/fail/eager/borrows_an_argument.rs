use asynkit::eager;

#[eager]
async fn length(text: &str) -> usize {
    text.len()
}

#[eager(spawn = asynkit::spawner::Tokio)]
async fn longest<'a>(words: Vec<&'a str>, more: std::borrow::Cow<'_, str>) -> usize {
    words.len() + more.len()
}

async fn uses() -> usize {
    length("a").await + longest(vec!["b"], "c".into()).await
}

fn main() {}
