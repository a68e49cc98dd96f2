use asynkit::generator_fn;

#[generator_fn(u8)]
async fn f(text: &str) {
    ayield!(text.parse::<u8>()?);
}

fn main() {}
