use asynkit::generator;

fn f() {
    let _generator = generator!({
        ayield!();
        ayield!(());
    });
}

fn main() {}
