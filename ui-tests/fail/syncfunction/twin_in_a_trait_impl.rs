use asynkit::syncfunction;


struct Memory;

trait Store {
    async fn load(&self) -> u8;
}

impl Store for Memory {
    #[syncfunction(twin)]
    async fn load(&self) -> u8 {
        1
    }
}

fn main() {}
