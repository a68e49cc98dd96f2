use asynkit::syncfunction;


struct Memory;

trait Store {
    async fn load(&self) -> u8;
}

#[syncfunction]
impl Store for Memory {
    async fn load(&self) -> u8 {
        1
    }
}

fn main() {}
