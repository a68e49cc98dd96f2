use asynkit::generator;

fn f() {
    let _generator = generator!({
        ayield!(1u8, 2u8);
        ayield!((1u8, 2u8));
    });
}

fn main() {}
