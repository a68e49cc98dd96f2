//! [`Reading`]: what a job makes of one file, piece by piece.

use super::{config::Kind, digest::Sha256};
use std::ffi::OsStr;

/// What is known of a file that was read so far.
#[derive(Debug)]
pub(super) enum Reading {
    Sha256(Box<Sha256>),
    Count { lines: u64, words: u64, bytes: u64, in_word: bool },
}

impl Reading {
    pub(super) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Sha256 => Reading::Sha256(Box::default()),
            Kind::Count => Reading::Count { lines: 0, words: 0, bytes: 0, in_word: false },
        }
    }

    pub(super) fn update(&mut self, piece: &[u8]) {
        match self {
            Reading::Sha256(digest) => digest.update(piece),
            Reading::Count { lines, words, bytes, in_word } => {
                *bytes += piece.len() as u64;
                for byte in piece {
                    *lines += u64::from(*byte == b'\n');
                    // 11 is a space too, for `wc`.
                    let is_word = !(byte.is_ascii_whitespace() || *byte == 11);
                    *words += u64::from(is_word && !*in_word);
                    *in_word = is_word;
                }
            }
        }
    }

    /// The line of the report.
    pub(super) fn line(self, shown: &OsStr) -> Vec<u8> {
        let name = shown.as_encoded_bytes();
        let mut line = match self {
            Reading::Sha256(digest) => {
                // As sha256sum marks a name that had to be changed.
                let mark = if name.iter().any(|byte| is_special(*byte)) { "\\" } else { "" };
                let digits = digest.finish().map(|byte| format!("{byte:02x}")).concat();
                format!("{mark}{digits}  ").into_bytes()
            }
            Reading::Count { lines, words, bytes, .. } => {
                format!("{lines:>9} {words:>9} {bytes:>11} ").into_bytes()
            }
        };
        for byte in name {
            match byte {
                b'\n' => line.extend(b"\\n"),
                b'\r' => line.extend(b"\\r"),
                b'\\' => line.extend(b"\\\\"),
                byte => line.push(*byte),
            }
        }
        line.push(b'\n');
        line
    }
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | b'\\')
}
