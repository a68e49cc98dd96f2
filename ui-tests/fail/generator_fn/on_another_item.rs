use asynkit::generator_fn;

#[generator_fn(u8)]
enum Enum {}

#[generator_fn(u8)]
static STATIC: u8 = 1;

fn main() {}
