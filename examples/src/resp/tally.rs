//! [`Tally`]: what a way of reading has found.

use super::{Protocol, Value};
use std::hash::{DefaultHasher, Hasher as _};

/// How many frames there were, of how many bytes, and a digest of what they said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The frames that were counted.
    pub frames: u64,
    /// The bytes that they came from.
    pub bytes: u64,
    /// Equal for equal frames in the same order.
    pub digest: u64,
}

/// A tally that is being made.
#[derive(Debug, Default)]
pub struct Counting {
    frames: u64,
    digest: DefaultHasher,
    /// The frame as bytes, here so that its memory is used again.
    encoded: Vec<u8>,
}

impl Tally {
    /// Begins to count.
    #[expect(clippy::new_ret_no_self, reason = "a tally is what counting ends in")]
    pub fn new() -> Counting {
        Counting::default()
    }
}

impl Counting {
    /// Counts one frame.
    pub fn count(&mut self, frame: &Value) {
        self.frames += 1;
        self.encoded.clear();
        frame.encode(Protocol::Resp3, &mut self.encoded);
        self.digest.write(&self.encoded);
    }

    /// The tally of all the frames, which were `bytes` long.
    pub fn finish(self, bytes: u64) -> Tally {
        Tally { frames: self.frames, bytes, digest: self.digest.finish() }
    }
}
