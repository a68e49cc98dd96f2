//! The words of an inline command, quoted as in redis.

use super::Expected;

/// Quotes that do not pair up.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unbalanced {
    /// Where in the line.
    pub(super) at: usize,
    /// What is missing there.
    pub(super) expected: Expected,
    /// What stands there.
    pub(super) found: Vec<u8>,
}

/// Splits a line at its spaces.
///
/// In double quotes `\n`, `\r`, `\t`, `\b`, `\a` and `\xFF` are the bytes that they name, and any other byte after a
/// backslash is itself. In single quotes only `\'` is special. A word goes on through quotes that open inside it, but a
/// closing quote ends it. Nothing is read from a zero byte on, because redis' lines are C strings.
pub(super) fn words(line: &[u8]) -> Result<Vec<Vec<u8>>, Unbalanced> {
    let line = line.split(|byte| *byte == 0).next().unwrap_or_default();
    let mut words = Vec::new();
    let mut at = 0;
    loop {
        at += line[at..].iter().take_while(|byte| is_space(**byte)).count();
        if at == line.len() {
            return Ok(words);
        }
        let (word, length) = word(&line[at..]).map_err(|error| Unbalanced { at: at + error.at, ..error })?;
        words.push(word);
        at += length;
    }
}

/// The first word of `text`, and how long it is there.
fn word(text: &[u8]) -> Result<(Vec<u8>, usize), Unbalanced> {
    let mut word = Vec::new();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' | b'\'' => {
                at += 1 + quoted(byte, &text[at + 1..], &mut word)
                    .map_err(|error| Unbalanced { at: at + 1 + error.at, ..error })?;
                break;
            }
            b' ' | b'\t' | b'\r' | b'\n' => break,
            byte => word.push(byte),
        }
        at += 1;
    }
    Ok((word, at))
}

/// Appends what stands before the closing quote to `word`; how long that is, with the quote.
fn quoted(quote: u8, text: &[u8], word: &mut Vec<u8>) -> Result<usize, Unbalanced> {
    let mut at = 0;
    loop {
        let length = match (quote, &text[at..]) {
            (_, []) => {
                return Err(Unbalanced { at, expected: Expected::ClosingQuote, found: b"\n".to_vec() });
            }
            (_, [byte, rest @ ..]) if *byte == quote => match rest.first() {
                Some(next) if !is_space(*next) => {
                    return Err(Unbalanced {
                        at: at + 1,
                        expected: Expected::SpaceAfterQuote,
                        found: vec![*next],
                    });
                }
                _ => return Ok(at + 1),
            },
            (b'"', [b'\\', b'x', high, low, ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                word.push(hex(*high) << 4 | hex(*low));
                4
            }
            (b'"', [b'\\', escaped, ..]) => {
                word.push(match escaped {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'a' => 7,
                    other => *other,
                });
                2
            }
            (b'\'', [b'\\', b'\'', ..]) => {
                word.push(b'\'');
                2
            }
            (_, [byte, ..]) => {
                word.push(*byte);
                1
            }
        };
        at += length;
    }
}

/// What C's `isspace` says.
fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}
