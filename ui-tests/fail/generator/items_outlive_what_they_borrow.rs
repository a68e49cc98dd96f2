use asynkit::{Co, generator};
use futures::StreamExt as _;
use std::pin::pin;

async fn f() {
    let mut outer = vec![];
    {
        let words = vec![String::new()];
        let mut g = pin!(generator(async |mut co: Co<'_, &String>| {
            for word in &words {
                co.ayield(word).await;
            }
        }));
        while let Some(word) = g.next().await {
            outer.push(word);
        }
    }
    println!("{outer:?}");
}

fn main() {}
