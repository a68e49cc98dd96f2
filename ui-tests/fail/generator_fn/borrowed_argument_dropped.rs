use asynkit::generator_fn;

#[generator_fn(u8)]
async fn each(items: &[u8]) {
    for item in items {
        ayield!(*item);
    }
}

fn uses() -> impl Sized {
    let items = vec![1];
    each(&items)
}

fn main() {}
