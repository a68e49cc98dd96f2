//! [`Arguments`]: reading the arguments of a command, and the errors that redis answers.

use crate::resp::Value;
use std::fmt::Write as _;

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

    pub(super) fn unknown_command(name: &[u8], arguments: &[Vec<u8>]) -> Self {
        // As redis: at most 128 bytes of the name and of all the arguments together.
        const SHOWN: usize = 128;
        let mut shown = String::new();
        for argument in arguments {
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

impl From<CommandError> for Value {
    fn from(error: CommandError) -> Self {
        Value::error(error.0)
    }
}

/// Text of a peer's that may stand in an error, which is one line.
fn one_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).replace(['\r', '\n'], " ")
}

/// The arguments of a command, after its name, from left to right.
#[derive(Debug)]
pub(super) struct Arguments {
    rest: std::vec::IntoIter<Vec<u8>>,
}

impl Arguments {
    pub(super) fn new(arguments: Vec<Vec<u8>>) -> Self {
        Arguments { rest: arguments.into_iter() }
    }

    /// How many are left.
    pub(super) fn len(&self) -> usize {
        self.rest.len()
    }

    /// Those that are left.
    pub(super) fn as_slice(&self) -> &[Vec<u8>] {
        self.rest.as_slice()
    }

    /// The next one, where the command's arity or its syntax promises one.
    pub(super) fn word(&mut self) -> Result<Vec<u8>, CommandError> {
        self.rest.next().ok_or_else(CommandError::syntax)
    }

    /// The next one as a number.
    pub(super) fn integer(&mut self) -> Result<i64, CommandError> {
        integer(&self.word()?).ok_or_else(CommandError::not_an_integer)
    }
}

impl Iterator for Arguments {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        self.rest.next()
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
