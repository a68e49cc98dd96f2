use asynkit::generator_fn;

#[generator_fn(u8)]
async fn f() {
    async fn nested() {
        ayield!(1);
    }
    nested().await;
}

fn main() {}
