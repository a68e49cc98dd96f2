use asynkit::generator_fn;

#[generator_fn(u8)]
fn f() {
    let _ = 1;
}

fn main() {}
