use asynkit::generator_fn;

#[generator_fn(u8)]
const async fn f() {
    ayield!(1);
}

fn main() {}
