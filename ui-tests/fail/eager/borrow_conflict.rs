use asynkit::eager;

struct S(u8);

impl S {
    #[eager(scoped)]
    async fn next(&mut self) -> u8 {
        self.0 += 1;
        self.0
    }
}

async fn twice(s: &mut S) -> u8 {
    let first = s.next();
    let second = s.next();
    first.await + second.await
}

fn main() {}
