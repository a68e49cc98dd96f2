use asynkit::generator_fn;

#[generator_fn("u8")]
async fn f(n: u8) {
    ayield!(n);
}

fn main() {}
