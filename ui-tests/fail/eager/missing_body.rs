use asynkit::eager;

trait Fetch {
    #[eager]
    async fn fetch(self) -> u8;
}

fn main() {}
