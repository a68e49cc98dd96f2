use asynkit::generator;

fn f() {
    let _generator = generator!({
        ayield!("5".parse::<u8>()?);
    });
}

fn main() {}
