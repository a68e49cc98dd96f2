//! [`Value`]: what a frame says.

/// One value of RESP2 or RESP3, which is also one frame where it stands at the top level.
///
/// Text is kept as the bytes that were sent: neither version promises UTF-8. Streamed strings and aggregates arrive as
/// the plain value that they spell out, and an inline command as the array of bulk strings that it stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `+OK`: one line of text.
    Simple(Vec<u8>),
    /// `-ERR ...`: one line that says what went wrong.
    Error(Vec<u8>),
    /// `:1`: a signed 64-bit integer.
    Integer(i64),
    /// `$5`: any bytes.
    Bulk(Vec<u8>),
    /// `*2`: values in order.
    Array(Vec<Value>),
    /// Nothing, in one of the three forms of the two versions.
    Null(Null),
    /// `#t`: true or false.
    Boolean(bool),
    /// `,1.5`: a floating point number, `inf`, `-inf` or `nan`.
    Double(f64),
    /// `(123`: an integer of any size, as its decimal text.
    BigNumber(Vec<u8>),
    /// `!21`: an error of any bytes.
    BulkError(Vec<u8>),
    /// `=15`: text with three bytes that name its format, `txt` or `mkd`.
    Verbatim {
        /// The name of the format.
        format: [u8; 3],
        /// The text itself.
        text: Vec<u8>,
    },
    /// `%2`: keys with their values, in the order that they were sent in.
    Map(Vec<(Value, Value)>),
    /// `~2`: values whose order does not matter.
    Set(Vec<Value>),
    /// `>2`: a message that nobody asked for.
    Push(Vec<Value>),
    /// `|1`: a value that has attributes.
    Attributed(Box<Attributed>),
}

/// The three ways to say "nothing".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Null {
    /// `$-1`: no bulk string (RESP2).
    Bulk,
    /// `*-1`: no array (RESP2).
    Array,
    /// `_`: RESP3's own.
    Plain,
}

/// A value together with what was said about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Attributed {
    /// What was said about it.
    pub attributes: Vec<(Value, Value)>,
    /// The value.
    pub value: Value,
}

impl Value {
    /// `+text`.
    pub fn simple(text: impl Into<Vec<u8>>) -> Self {
        Value::Simple(text.into())
    }

    /// `-text`.
    pub fn error(text: impl Into<Vec<u8>>) -> Self {
        Value::Error(text.into())
    }

    /// A bulk string of these bytes.
    pub fn bulk(bytes: impl Into<Vec<u8>>) -> Self {
        Value::Bulk(bytes.into())
    }

    /// An array of bulk strings: how every command is sent.
    pub fn command<A: Into<Vec<u8>>>(arguments: impl IntoIterator<Item = A>) -> Self {
        Value::Array(arguments.into_iter().map(Value::bulk).collect())
    }
}
