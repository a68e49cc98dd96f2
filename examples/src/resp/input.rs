//! [`Input`]: bytes as they arrive, and the owner who is asked for more of them.

use super::{Bound, Expected, Limits, ParseError};
use asynkit::{Monitor, Step};
use std::pin::pin;

/// Between a parser and its owner: the parser says how many bytes it could use, the owner answers with some.
///
/// The owner may answer with fewer bytes or with more. None at all says that the input has ended.
pub type Feed = Monitor<usize, Vec<u8>>;

/// Runs `parser` to its end, and has `read` get what it asks for.
///
/// This is all that an owner of a parser has to do. Whether it waits for a socket, blocks on a file or slices an array
/// is `read`'s business: the parser does not know.
///
/// # Errors
/// Those of `read` and of the parser.
pub async fn supply<T, Parse, Read>(
    feed: &Feed,
    parser: impl Future<Output = Result<T, Parse>>,
    read: &mut impl AsyncFnMut(usize) -> Result<Vec<u8>, Read>,
) -> Result<T, Read>
where
    Read: From<Parse>,
{
    let mut parser = pin!(parser);
    let mut step = feed.aawait(parser.as_mut()).await;
    loop {
        match step {
            Step::Done(outcome) => return Ok(outcome?),
            Step::Oob(wanted) => {
                let bytes = read(wanted).await?;
                step = feed.asend(parser.as_mut(), bytes).await;
            }
        }
    }
}

/// How much memory a string is given before its bytes arrive.
const GRAIN: usize = 64 << 10;

/// The most digits of a length that is read without waiting.
const LENGTH: usize = 9;

/// The bytes that have arrived, and a position in them.
#[derive(Debug)]
pub(super) struct Input<'f> {
    feed: &'f Feed,
    limits: Limits,
    /// What arrived last, and what was left over before it.
    bytes: Vec<u8>,
    /// How many of `bytes` have been taken.
    taken: usize,
    /// How many bytes came before `bytes`.
    before: u64,
    /// Where the frame began that is being read.
    frame: u64,
}

impl<'f> Input<'f> {
    pub(super) const fn new(feed: &'f Feed, limits: Limits) -> Self {
        Input { feed, limits, bytes: Vec::new(), taken: 0, before: 0, frame: 0 }
    }

    /// How many bytes of the input have been taken.
    pub(super) fn offset(&self) -> u64 {
        self.before + self.taken as u64
    }

    /// Begins a frame; `false` where the input ends instead.
    pub(super) async fn begin_frame(&mut self) -> Result<bool, ParseError> {
        self.frame = self.offset();
        Ok(!self.unread().is_empty() || self.more(1).await?)
    }

    /// The next byte, left where it is.
    pub(super) async fn peek(&mut self, expected: Expected) -> Result<u8, ParseError> {
        self.fill(1, expected).await?;
        Ok(self.unread()[0])
    }

    /// Skips bytes that were peeked at.
    pub(super) fn skip(&mut self, count: usize) {
        debug_assert!(count <= self.unread().len(), "only what was looked at is skipped");
        self.taken += count;
    }

    /// Takes one line without its `\r\n`.
    pub(super) async fn line(&mut self, bound: Bound) -> Result<&[u8], ParseError> {
        let length = self.find(|byte| matches!(byte, b'\r' | b'\n'), bound).await?;
        self.line_end(length).await?;
        let end = self.taken - 2;
        Ok(&self.bytes[end - length..end])
    }

    /// Takes a string of at most `most` bytes with its `$`, its length and its line ends, if all of it has arrived.
    ///
    /// Most have: this saves them the way through the parser's futures. Whatever else there is, an error too, is left to those.
    pub(super) fn whole_string(&mut self, most: usize) -> Option<Vec<u8>> {
        let (marker, rest) = self.unread().split_first()?;
        let digits = rest.iter().take(LENGTH).position(|byte| *byte == b'\r')?;
        let length = decimal(&rest[..digits])?;
        let start = digits + 2;
        let text = rest.get(start..start + length)?;
        let end = start + length + 2;
        let is_whole =
            *marker == b'$' && rest[digits..start] == *b"\r\n" && rest.get(start + length..end)? == b"\r\n";
        let is_allowed = length <= most && digits <= self.limits.line && self.check_frame(1 + end).is_ok();
        let text = (is_whole && is_allowed).then(|| text.to_vec())?;
        self.skip(1 + end);
        Some(text)
    }

    /// Takes one line that ends in `\n`, and gives it without that and without a `\r` before it.
    pub(super) async fn inline(&mut self) -> Result<&[u8], ParseError> {
        let length = self.find(|byte| byte == b'\n', Bound::InlineLine).await?;
        let line = self.taken..self.taken + length;
        self.skip(length + 1);
        self.check_frame(0)?;
        let line = &self.bytes[line];
        Ok(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// Takes `length` bytes to the end of `text`, which will not grow past `most`, and then `\r\n`.
    ///
    /// Memory is reserved as the bytes arrive: half a gigabyte that is only declared costs nothing.
    pub(super) async fn append(
        &mut self,
        text: &mut Vec<u8>,
        length: usize,
        most: usize,
    ) -> Result<(), ParseError> {
        self.check_frame(length)?;
        let end = text.len() + length;
        if text.is_empty() {
            text.reserve_exact(length.min(GRAIN));
        }
        loop {
            let missing = end - text.len();
            let arrived = missing.min(self.unread().len());
            if arrived > text.capacity() - text.len() {
                // Doubled, as a vector does by itself, but never past what may come.
                text.reserve_exact(arrived.max(text.len()).min(most - text.len()));
            }
            text.extend_from_slice(&self.unread()[..arrived]);
            self.skip(arrived);
            if arrived == missing {
                return self.line_end(0).await;
            }
            if !self.more(missing - arrived + 2).await? {
                return Err(self.truncated(Expected::Payload));
            }
        }
    }

    /// Takes `length` bytes that have arrived, and then `\r\n`.
    pub(super) async fn line_end(&mut self, length: usize) -> Result<(), ParseError> {
        if self.unread()[length..].starts_with(b"\r\n") {
            self.skip(length + 2);
            return self.check_frame(0);
        }
        // One byte at a time, so that the first wrong one is reported even if nothing follows it.
        for (index, wanted) in [(length, b'\r'), (length + 1, b'\n')] {
            self.fill(index + 1, Expected::LineEnd).await?;
            if self.unread()[index] != wanted {
                let offset = self.offset() + length as u64;
                let found = &self.unread()[length..=index];
                return Err(ParseError::malformed(offset, Expected::LineEnd, found));
            }
        }
        self.skip(length + 2);
        self.check_frame(0)
    }

    fn truncated(&self, expected: Expected) -> ParseError {
        ParseError::Truncated { offset: self.before + self.bytes.len() as u64, expected }
    }

    /// How far it is to the first byte that `is_end`; nothing is taken.
    async fn find(&mut self, is_end: impl Fn(u8) -> bool, bound: Bound) -> Result<usize, ParseError> {
        let mut searched = 0;
        loop {
            let found = self.unread()[searched..].iter().position(|&byte| is_end(byte));
            let length = found.map_or(self.unread().len(), |further| searched + further);
            if length > self.limits.line {
                return Err(ParseError::TooLarge {
                    offset: self.offset(),
                    what: bound,
                    limit: self.limits.line,
                });
            }
            if found.is_some() {
                return Ok(length);
            }
            searched = length;
            if !self.more(1).await? {
                return Err(self.truncated(Expected::Text));
            }
        }
    }

    /// Waits until `count` bytes can be looked at.
    async fn fill(&mut self, count: usize, expected: Expected) -> Result<(), ParseError> {
        while self.unread().len() < count {
            if !self.more(count - self.unread().len()).await? {
                return Err(self.truncated(expected));
            }
        }
        Ok(())
    }

    /// Asks the owner for bytes, best `wanted` of them; `false`: there are no more.
    async fn more(&mut self, wanted: usize) -> Result<bool, ParseError> {
        let arrived = self.feed.oob(wanted).await?;
        if arrived.is_empty() {
            return Ok(false);
        }
        self.before += self.taken as u64;
        if self.taken == self.bytes.len() {
            self.bytes = arrived;
        } else {
            self.bytes.drain(..self.taken);
            self.bytes.extend_from_slice(&arrived);
        }
        self.taken = 0;
        Ok(true)
    }

    fn unread(&self) -> &[u8] {
        &self.bytes[self.taken..]
    }

    /// Checks the size of this frame, were it to end `coming` bytes from here.
    fn check_frame(&self, coming: usize) -> Result<(), ParseError> {
        let limit = self.limits.frame;
        if self.offset() - self.frame + coming as u64 > limit as u64 {
            return Err(ParseError::TooLarge { offset: self.frame, what: Bound::Frame, limit });
        }
        Ok(())
    }
}

/// A short length: digits without a sign or a leading zero.
fn decimal(digits: &[u8]) -> Option<usize> {
    let is_plain = matches!(digits, [b'0'] | [b'1'..=b'9', ..]) && digits.iter().all(u8::is_ascii_digit);
    is_plain.then(|| digits.iter().fold(0, |number, digit| number * 10 + usize::from(digit - b'0')))
}
