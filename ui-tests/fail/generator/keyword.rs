use asynkit::generator;

fn f() {
    let gen = generator!({ ayield!(1) });
}

fn main() {}
