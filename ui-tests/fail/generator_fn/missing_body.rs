use asynkit::generator_fn;

trait Numbers {
    #[generator_fn(u8)]
    async fn numbers(&self);
}

fn main() {}
