//! [`Arguments`]: reading the arguments of a command, and the errors that redis answers.

use super::store::WrongKind;
use crate::resp::Value;
use std::fmt::{self, Write as _};

/// The error reply of a command that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CommandError(String);

impl CommandError {
    pub(super) fn new(text: impl Into<String>) -> Self {
        CommandError(text.into())
    }

    pub(super) fn syntax() -> Self {
        CommandError::new("ERR syntax error")
    }

    pub(super) fn not_an_integer() -> Self {
        CommandError::new("ERR value is not an integer or out of range")
    }

    pub(super) fn expire_time(command: &str) -> Self {
        CommandError(format!("ERR invalid expire time in '{command}' command"))
    }

    pub(super) fn arity(command: &str) -> Self {
        CommandError(format!("ERR wrong number of arguments for '{command}' command"))
    }

    pub(super) fn unsupported_option(option: &[u8]) -> Self {
        CommandError(format!("ERR Unsupported option {}", one_line(option)))
    }

    pub(super) fn hello_option(option: &[u8]) -> Self {
        CommandError(format!("ERR Syntax error in HELLO option '{}'", one_line(option)))
    }

    /// The name of a client, if it can be one.
    pub(super) fn check_name(name: Vec<u8>) -> Result<Vec<u8>, Self> {
        if name.iter().all(|byte| matches!(byte, b'!'..=b'~')) {
            return Ok(name);
        }
        Err(CommandError::new("ERR Client names cannot contain spaces, newlines or special characters."))
    }

    pub(super) fn only_subscribed(command: &str) -> Self {
        CommandError(format!(
            "ERR Can't execute '{command}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed \
             in this context"
        ))
    }

    pub(super) fn unknown_command(name: &[u8], arguments: &Arguments) -> Self {
        // As redis: at most 128 bytes of the name and of all the arguments together.
        const SHOWN: usize = 128;
        let mut shown = String::new();
        for argument in arguments.words() {
            if shown.len() >= SHOWN {
                break;
            }
            let room = argument.len().min(SHOWN - shown.len());
            write!(shown, "'{}' ", one_line(&argument[..room]))
                .expect("a string takes all that is written to it");
        }
        let name = one_line(&name[..name.len().min(SHOWN)]);
        CommandError(format!("ERR unknown command '{name}', with args beginning with: {shown}"))
    }

    pub(super) fn unknown_subcommand(command: &str, name: &[u8]) -> Self {
        let name = one_line(&name[..name.len().min(128)]);
        CommandError(format!("ERR unknown subcommand '{name}'. Try {command} HELP."))
    }
}

impl From<WrongKind> for CommandError {
    fn from(WrongKind: WrongKind) -> Self {
        CommandError::new("WRONGTYPE Operation against a key holding the wrong kind of value")
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text of a peer's that may stand in an error, which is one line.
fn one_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).replace(['\r', '\n'], " ")
}

/// The arguments of a command, after its name, from left to right.
#[derive(Debug)]
pub(super) struct Arguments {
    rest: std::vec::IntoIter<Value>,
}

impl Arguments {
    /// Those of a request, which the parser gives as bulk strings only.
    pub(super) fn new(request: Vec<Value>) -> Self {
        Arguments { rest: request.into_iter() }
    }

    /// How many are left.
    pub(super) fn len(&self) -> usize {
        self.rest.len()
    }

    /// The one that comes after `skipped` others, left where it is.
    pub(super) fn peek(&self, skipped: usize) -> Option<&[u8]> {
        self.rest.as_slice().get(skipped).map(word)
    }

    /// Those that are left, left where they are.
    pub(super) fn words(&self) -> impl Iterator<Item = &[u8]> {
        self.rest.as_slice().iter().map(word)
    }

    /// The next one, where the command's arity or its syntax promises one.
    pub(super) fn word(&mut self) -> Result<Vec<u8>, CommandError> {
        self.next().ok_or_else(CommandError::syntax)
    }

    /// The next one as a number.
    pub(super) fn integer(&mut self) -> Result<i64, CommandError> {
        integer(&self.word()?).ok_or_else(CommandError::not_an_integer)
    }

    /// None may be left.
    pub(super) fn end(&self) -> Result<(), CommandError> {
        if self.len() == 0 { Ok(()) } else { Err(CommandError::syntax()) }
    }
}

impl Iterator for Arguments {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        match self.rest.next()? {
            Value::Bulk(word) => Some(word),
            other => unreachable!("{other:?} is no argument"),
        }
    }
}

fn word(value: &Value) -> &[u8] {
    match value {
        Value::Bulk(word) => word,
        other => unreachable!("{other:?} is no argument"),
    }
}

/// A number as redis reads it: no sign but `-`, no leading zeros, no spaces.
pub(super) fn integer(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    match digits {
        b"0" if digits.len() == text.len() => Some(0),
        [b'1'..=b'9', ..] => std::str::from_utf8(text).ok()?.parse().ok(),
        _ => None,
    }
}

/// A floating point number as redis reads it, which is no NaN.
pub(super) fn float(text: &[u8]) -> Option<f64> {
    let is_plain = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    match text.to_ascii_lowercase().as_slice() {
        b"inf" | b"+inf" | b"infinity" | b"+infinity" => Some(f64::INFINITY),
        b"-inf" | b"-infinity" => Some(f64::NEG_INFINITY),
        _ if text.iter().all(is_plain) => std::str::from_utf8(text).ok()?.parse().ok(),
        _ => None,
    }
}
