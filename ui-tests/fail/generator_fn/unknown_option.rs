use asynkit::generator_fn;

#[generator_fn(u8, buffered)]
async fn f() {
    ayield!(1);
}

fn main() {}
