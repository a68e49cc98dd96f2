#![deny(unused_must_use)]

use asynkit::generator;

fn f() {
    generator!({
        ayield!(1u8);
    });
}

fn main() {}
