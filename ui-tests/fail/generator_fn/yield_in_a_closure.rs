use asynkit::generator_fn;

#[generator_fn(u8)]
async fn f() {
    [1, 2].iter().for_each(|n| {
        ayield!(*n);
    });
}

fn main() {}
