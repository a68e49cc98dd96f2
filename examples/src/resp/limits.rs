//! [`Limits`]: what a peer may make us hold.

/// What one frame may ask for.
///
/// Nothing is allocated because it was declared, only because it arrived. While a string or an aggregate grows there are
/// its old place and a new one of twice the size, so a frame needs at most three times its bytes that have arrived, and
/// three times the size of a [`Value`](super::Value) for each of its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one line: an inline command, a simple string or error, a number, a length. 64 KiB, as in redis.
    pub line: usize,
    /// Bytes of one bulk string, bulk error or verbatim string, streamed ones too. 512 MiB, as in redis.
    pub bulk: usize,
    /// Bytes of one frame. 1 GiB, redis' bound of what it holds for one client.
    pub frame: usize,
    /// Values in one frame, on all its levels together. 1 048 576, redis' bound of one command's arguments up to 6.2.
    pub values: usize,
    /// Aggregates inside one another. 64: each is a call deep on the stack.
    pub depth: usize,
}

impl Limits {
    /// The limits that are documented at each field.
    pub const fn new() -> Self {
        Limits { line: 64 << 10, bulk: 512 << 20, frame: 1 << 30, values: 1 << 20, depth: 64 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits::new()
    }
}
