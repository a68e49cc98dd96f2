use asynkit::syncfunction;


struct Memory;

#[syncfunction(twin = load_now)]
impl Memory {
    async fn load(&self) -> u8 {
        1
    }
}

fn uses() -> u8 {
    Memory.load_sync().unwrap()
}

fn main() {}
