#![deny(unsafe_op_in_unsafe_fn)]

use asynkit::eager;

#[eager]
async unsafe fn f(pointer: *const u8) -> u8 {
    *pointer
}

fn main() {}
