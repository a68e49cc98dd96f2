use asynkit::syncfunction;


struct Memory;

#[syncfunction]
impl Memory {
    fn load(&self) -> u8 {
        1
    }
}

#[syncfunction]
trait Store {
    fn load(&self) -> u8;
}

fn main() {}
