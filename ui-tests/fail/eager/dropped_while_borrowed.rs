use asynkit::eager;

#[eager(scoped)]
async fn length(text: &str) -> usize {
    text.len()
}

async fn uses() -> usize {
    let started = {
        let text = String::new();
        length(&text)
    };
    started.await
}

fn main() {}
