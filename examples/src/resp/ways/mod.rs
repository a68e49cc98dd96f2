//! One parser, run three ways.

mod blocking;
mod generator;
mod tcp;

pub use blocking::blocking;
pub use generator::{frames, generated};
pub use tcp::{from_tcp, over_tcp};

use super::{Grammar, Limits};
use std::{
    fs::File,
    io::{self, Read},
};

/// How many bytes are read at once, unless a long string wants more.
const READ: usize = 64 << 10;

/// The most that is read at once.
const READ_MOST: usize = 1 << 20;

/// What to read, and how.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Which frames there may be.
    pub grammar: Grammar,
    /// How large they may be.
    pub limits: Limits,
}

/// Blocks until some of the `wanted` bytes are there; none: the file has ended.
fn read_some(mut file: &File, wanted: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; wanted.clamp(READ, READ_MOST)];
    loop {
        match file.read(&mut bytes) {
            Ok(count) => {
                bytes.truncate(count);
                return Ok(bytes);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
