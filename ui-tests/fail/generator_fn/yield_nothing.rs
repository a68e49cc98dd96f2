use asynkit::generator_fn;

#[generator_fn(())]
async fn f() {
    ayield!();
}

fn main() {}
