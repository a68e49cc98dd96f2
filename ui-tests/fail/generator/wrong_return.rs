use asynkit::generator;

fn f() {
    let _generator = generator!(-> Result<(), u8> {
        ayield!(1u8);
        Err("bad")
    });
}

fn main() {}
