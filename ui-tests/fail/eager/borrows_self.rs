use asynkit::eager;

struct S(u8);

impl S {
    #[eager]
    async fn get(&self) -> u8 {
        self.0
    }

    #[eager]
    async fn set(self: &mut Self, to: u8) {
        self.0 = to;
    }
}

// The type of the functions stays: what calls them is right.
async fn uses(s: &mut S) -> u8 {
    s.set(1).await;
    s.get().await
}

fn main() {}
