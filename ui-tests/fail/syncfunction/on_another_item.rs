use asynkit::syncfunction;


#[syncfunction]
pub struct Struct;

#[syncfunction]
mod module {}

#[syncfunction]
const CONST: u8 = 1;

#[syncfunction]
pub use std::fmt;

fn main() {}
