use asynkit::generator;

fn f() {
    let _generator = generator!({
        [1, 2].iter().for_each(|n| {
            ayield!(*n);
        });
    });
}

fn main() {}
