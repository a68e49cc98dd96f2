use asynkit::generator;

fn f() {
    let _generator = generator!({
        ayield!(1u8);
        5
    });
}

fn main() {}
