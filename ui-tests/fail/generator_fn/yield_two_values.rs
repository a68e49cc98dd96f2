use asynkit::generator_fn;

#[generator_fn((u8, u8))]
async fn f() {
    ayield!(1, 2);
}

fn main() {}
