use asynkit::generator;

fn f() {
    let _generator = generator!({
        let _n = 1;
    });
}

fn main() {}
