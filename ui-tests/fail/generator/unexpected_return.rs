use asynkit::generator;

fn f() {
    let _generator = generator!({
        ayield!(1u8);
        return 5;
    });
}

fn main() {}
