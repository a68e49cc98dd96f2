//! [`Reply`]: what a command answers, written where it is sent from.

use super::mailbox::Mailbox;
use crate::resp::{
    Null, Protocol, Value,
    encode::{blob, double, header, line},
};

/// Writes the values of a reply, without making them first.
///
/// Each method writes one value; after [`array`](Self::array) and its like so many follow.
#[derive(Debug)]
pub(super) struct Reply<'a> {
    out: &'a mut Vec<u8>,
    protocol: Protocol,
    /// Where the reply begins.
    start: usize,
}

impl<'a> Reply<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>, protocol: Protocol) -> Self {
        let start = out.len();
        Reply { out, protocol, start }
    }

    /// The same place for a reply to come, in this version.
    pub(super) fn next(&mut self, protocol: Protocol) -> Reply<'_> {
        Reply::new(self.out, protocol)
    }

    /// Takes back what was written of this reply.
    pub(super) fn restart(&mut self) {
        self.out.truncate(self.start);
    }

    /// Puts the messages that have come before the reply.
    pub(super) fn after_messages(&mut self, mailbox: &Mailbox) {
        mailbox.take_messages(self.out);
        self.start = self.out.len();
    }

    pub(super) fn ok(&mut self) {
        self.out.extend_from_slice(b"+OK\r\n");
    }

    pub(super) fn simple(&mut self, text: &str) {
        line(self.out, b'+', text.as_bytes());
    }

    pub(super) fn error(&mut self, text: &str) {
        line(self.out, b'-', text.as_bytes());
    }

    pub(super) fn integer(&mut self, number: i64) {
        header(self.out, b':', number);
    }

    pub(super) fn count(&mut self, count: usize) {
        self.integer(i64::try_from(count).unwrap_or(i64::MAX));
    }

    pub(super) fn bulk(&mut self, text: &[u8]) {
        blob(self.out, b'$', text);
    }

    pub(super) fn optional(&mut self, text: Option<&[u8]>) {
        match text {
            Some(text) => self.bulk(text),
            None => self.null(),
        }
    }

    pub(super) fn double(&mut self, number: f64) {
        match self.protocol {
            Protocol::Resp2 => self.bulk(double(number).as_bytes()),
            Protocol::Resp3 => line(self.out, b',', double(number).as_bytes()),
        }
    }

    pub(super) fn null(&mut self) {
        self.out.extend_from_slice(match self.protocol {
            Protocol::Resp2 => b"$-1\r\n".as_slice(),
            Protocol::Resp3 => b"_\r\n",
        });
    }

    /// Nothing, where there could have been an array.
    pub(super) fn null_array(&mut self) {
        self.out.extend_from_slice(match self.protocol {
            Protocol::Resp2 => b"*-1\r\n".as_slice(),
            Protocol::Resp3 => b"_\r\n",
        });
    }

    pub(super) fn array(&mut self, count: usize) {
        header(self.out, b'*', count);
    }

    /// So many keys with their values follow.
    pub(super) fn map(&mut self, pairs: usize) {
        match self.protocol {
            Protocol::Resp2 => header(self.out, b'*', pairs * 2),
            Protocol::Resp3 => header(self.out, b'%', pairs),
        }
    }

    pub(super) fn set(&mut self, count: usize) {
        header(self.out, if self.protocol == Protocol::Resp3 { b'~' } else { b'*' }, count);
    }

    pub(super) fn push(&mut self, count: usize) {
        header(self.out, if self.protocol == Protocol::Resp3 { b'>' } else { b'*' }, count);
    }

    pub(super) fn text(&mut self, text: String) {
        Value::Verbatim { format: *b"txt", text: text.into_bytes() }.encode(self.protocol, self.out);
    }

    /// `*-1` in both versions, as redis answers for a command that it does not know.
    pub(super) fn unknown(&mut self) {
        Value::Null(Null::Array).encode(self.protocol, self.out);
    }
}
