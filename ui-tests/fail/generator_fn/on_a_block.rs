use asynkit::generator_fn;

struct S;

#[generator_fn(u8)]
impl S {
    async fn numbers(&self) {}
}

#[generator_fn(u8)]
trait T {
    async fn numbers(&self);
}

fn main() {}
