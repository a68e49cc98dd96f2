//! What can be wrong with the bytes, and how it is said.

use asynkit::{Interrupt, SyncDriveRequired, SynchronousError};
use std::{error::Error, fmt, io};

/// How many bytes of what was found an error shows.
const EXCERPT: usize = 16;

/// Why no frame could be read.
#[derive(Debug)]
pub enum ParseError {
    /// The bytes are not the protocol's.
    Malformed {
        /// Where in the input, counted from 0.
        offset: u64,
        /// What should have stood there.
        expected: Expected,
        /// The first bytes of what stands there.
        found: Vec<u8>,
    },
    /// A frame wants more than the [`Limits`](super::Limits) allow.
    TooLarge {
        /// Where in the input it says so, counted from 0.
        offset: u64,
        /// Which limit it is.
        what: Bound,
        /// What is allowed.
        limit: usize,
    },
    /// The input ends inside a frame.
    Truncated {
        /// The length of the input.
        offset: u64,
        /// What should have come next.
        expected: Expected,
    },
    /// An error was thrown into the parser while it waited for bytes.
    Stopped(Interrupt),
}

/// What the parser was looking for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is said in words by its `Display`")]
pub enum Expected {
    Marker,
    Bulk,
    Text,
    LineEnd,
    Integer,
    Double,
    Boolean,
    BigNumber,
    NullEnd,
    BulkLength,
    Payload,
    Format,
    Chunk,
    Count,
    ClosingQuote,
    SpaceAfterQuote,
}

/// Which of the limits was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is said in words by its `Display`")]
pub enum Bound {
    InlineLine,
    CountLine,
    LengthLine,
    Line,
    Bulk,
    Values,
    Frame,
    Depth,
}

impl ParseError {
    /// `found` stands at `offset`, and is not what was `expected` there.
    pub(super) fn malformed(offset: u64, expected: Expected, found: &[u8]) -> Self {
        ParseError::Malformed { offset, expected, found: found[..found.len().min(EXCERPT)].to_vec() }
    }

    /// Where in the input it was noticed, counted from 0; `None` if the parser was stopped from outside.
    pub fn offset(&self) -> Option<u64> {
        match *self {
            ParseError::Malformed { offset, .. }
            | ParseError::TooLarge { offset, .. }
            | ParseError::Truncated { offset, .. } => Some(offset),
            ParseError::Stopped(_) => None,
        }
    }

    /// The text of the error reply that redis sends before it hangs up, in its words where it has them.
    pub fn reply(&self) -> String {
        let why = match self {
            ParseError::Malformed { expected, found, .. } => match expected {
                Expected::Bulk => {
                    format!("expected '$', got '{}'", char::from(found.first().copied().unwrap_or(b' ')))
                }
                Expected::Count => "invalid multibulk length".to_owned(),
                Expected::BulkLength => "invalid bulk length".to_owned(),
                Expected::ClosingQuote | Expected::SpaceAfterQuote => {
                    "unbalanced quotes in request".to_owned()
                }
                other => format!("expected {other}"),
            },
            ParseError::TooLarge { what, .. } => match what {
                Bound::InlineLine => "too big inline request".to_owned(),
                Bound::CountLine => "too big mbulk count string".to_owned(),
                Bound::LengthLine => "too big bulk count string".to_owned(),
                Bound::Values => "invalid multibulk length".to_owned(),
                Bound::Bulk => "invalid bulk length".to_owned(),
                other => format!("too big {other}"),
            },
            ParseError::Truncated { expected, .. } => format!("expected {expected}"),
            ParseError::Stopped(interrupt) => interrupt.to_string(),
        };
        format!("ERR Protocol error: {why}")
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParseError::Malformed { offset, expected, found } => {
                write!(f, "byte {offset}: expected {expected}, found `{}`", found.escape_ascii())
            }
            ParseError::TooLarge { offset, what, limit } => {
                write!(f, "byte {offset}: {what} over the limit of {limit}")
            }
            ParseError::Truncated { offset, expected } => {
                write!(f, "byte {offset}: expected {expected}, found the end of the input")
            }
            ParseError::Stopped(interrupt) => write!(f, "the parser was stopped: {interrupt}"),
        }
    }
}

impl Error for ParseError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            ParseError::Stopped(interrupt) => interrupt.source(),
            _ => None,
        }
    }
}

impl From<Interrupt> for ParseError {
    fn from(interrupt: Interrupt) -> Self {
        ParseError::Stopped(interrupt)
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Expected::Marker => "a type marker (one of `+-:$*_#,(!=%~|>`)",
            Expected::Bulk => "`$` (each argument of a command is a bulk string)",
            Expected::Text => "the rest of the line",
            Expected::LineEnd => r"`\r\n`",
            Expected::Integer => "a signed 64-bit integer",
            Expected::Double => "a floating point number, `inf`, `-inf` or `nan`",
            Expected::Boolean => "`t` or `f`",
            Expected::BigNumber => "decimal digits, after a sign or not",
            Expected::NullEnd => r"`\r\n` right after `_`",
            Expected::BulkLength => "the length of a string",
            Expected::Payload => "the rest of a string",
            Expected::Format => "three bytes of format and `:`",
            Expected::Chunk => "`;` and the length of the next chunk of a streamed string",
            Expected::Count => "the number of elements",
            Expected::ClosingQuote => "a closing quote",
            Expected::SpaceAfterQuote => "a space after the closing quote",
        })
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Bound::InlineLine => "inline command",
            Bound::CountLine => "line with a number of elements",
            Bound::LengthLine => "line with a length",
            Bound::Line => "line",
            Bound::Bulk => "length of a string",
            Bound::Values => "number of values in one frame",
            Bound::Frame => "size of one frame",
            Bound::Depth => "nesting",
        })
    }
}

/// Why a capture or a connection could not be read to its end.
#[derive(Debug)]
pub enum ReadError {
    /// Its bytes do not parse.
    Parse(ParseError),
    /// Its bytes could not be had.
    Io(io::Error),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Parse(error) => error.fmt(f),
            ReadError::Io(error) => error.fmt(f),
        }
    }
}

impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            ReadError::Parse(error) => error.source(),
            ReadError::Io(error) => error.source(),
        }
    }
}

impl From<ParseError> for ReadError {
    fn from(error: ParseError) -> Self {
        ReadError::Parse(error)
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        ReadError::Io(error)
    }
}

impl From<SyncDriveRequired> for ReadError {
    fn from(error: SyncDriveRequired) -> Self {
        ReadError::Io(io::Error::other(error))
    }
}

impl From<SynchronousError> for ReadError {
    fn from(error: SynchronousError) -> Self {
        ReadError::Io(io::Error::other(error))
    }
}
