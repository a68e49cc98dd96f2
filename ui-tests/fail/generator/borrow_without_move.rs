use asynkit::generator;

fn f(items: Vec<u64>) -> impl Sized {
    generator!({
        for item in &items {
            ayield!(*item);
        }
    })
}

fn main() {}
