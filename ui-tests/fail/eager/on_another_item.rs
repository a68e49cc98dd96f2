use asynkit::eager;

#[eager]
enum Enum {}

#[eager]
static STATIC: u8 = 1;

fn main() {}
