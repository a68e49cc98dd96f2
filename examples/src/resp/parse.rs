//! The parser: one recursive async fn that knows nothing about where bytes come from.

use super::{Attributed, Bound, Expected, Feed, Limits, Null, ParseError, Value, inline, input::Input};

/// Which frames may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grammar {
    /// What a server reads, as redis does: arrays of bulk strings, and anything that does not begin with `*` is an
    /// inline command. Empty commands are skipped.
    Requests,
    /// What a client reads: a value of any type.
    Replies,
    /// One direction of a captured session, whichever it is: a value of any type, and a line that begins with a letter
    /// or a space is an inline command.
    Capture,
}

/// Reads the frames of one connection or file, one at a time.
#[derive(Debug)]
pub struct Parser<'f> {
    input: Input<'f>,
    limits: Limits,
    /// How many more values this frame may have.
    values: usize,
}

/// What stands after the marker of a string or an aggregate.
enum Length {
    Known(usize),
    /// `-1`, in RESP2.
    Null,
    /// `?`: the end is marked where it comes.
    Streamed,
}

impl<'f> Parser<'f> {
    /// A parser at the start of its input, which it asks `feed` for.
    pub const fn new(feed: &'f Feed, limits: Limits) -> Self {
        Parser { input: Input::new(feed, limits), limits, values: 0 }
    }

    /// How many bytes of the input have been read as frames.
    pub fn offset(&self) -> u64 {
        self.input.offset()
    }

    /// Reads the next frame; `None` where the input ends before one.
    ///
    /// # Errors
    /// After an error the position in the input is lost: give up the connection.
    pub async fn frame(&mut self, grammar: Grammar) -> Result<Option<Value>, ParseError> {
        while self.input.begin_frame().await? {
            self.values = self.limits.values;
            let frame = match (grammar, self.input.peek(Expected::Marker).await?) {
                (Grammar::Requests, b'*') => self.request().await?,
                (Grammar::Requests, _) => self.inline().await?,
                (Grammar::Capture, byte) if byte.is_ascii_alphabetic() || byte.is_ascii_whitespace() => {
                    self.inline().await?
                }
                _ => Some(self.value(0).await?),
            };
            if frame.is_some() {
                return Ok(frame);
            }
        }
        Ok(None)
    }

    /// A value of any type, inside `depth` others.
    async fn value(&mut self, depth: usize) -> Result<Value, ParseError> {
        let start = self.input.offset();
        let marker = self.input.peek(Expected::Marker).await?;
        self.input.skip(1);
        match marker {
            // The one step of the recursion. Boxed, as every async recursion is, so that only aggregates pay for it.
            b'*' | b'~' | b'>' | b'%' | b'|' => Box::pin(self.aggregate(marker, depth)).await,
            _ => self.single(marker, start).await,
        }
    }

    /// A value that has no others inside, after its marker, which stands at `start`.
    async fn single(&mut self, marker: u8, start: u64) -> Result<Value, ParseError> {
        Ok(match marker {
            b'+' => Value::Simple(self.input.line(Bound::Line).await?.to_vec()),
            b'-' => Value::Error(self.input.line(Bound::Line).await?.to_vec()),
            b':' => Value::Integer(self.scalar(Expected::Integer, integer).await?),
            b'_' => Value::Null(self.scalar(Expected::NullEnd, null).await?),
            b'#' => Value::Boolean(self.scalar(Expected::Boolean, boolean).await?),
            b',' => Value::Double(self.scalar(Expected::Double, double).await?),
            b'(' => Value::BigNumber(self.scalar(Expected::BigNumber, big_number).await?),
            b'$' => match self.length(Expected::BulkLength).await? {
                Length::Known(length) => Value::Bulk(self.text(length).await?),
                Length::Null => Value::Null(Null::Bulk),
                Length::Streamed => Value::Bulk(self.chunks().await?),
            },
            b'!' => Value::BulkError(self.plain_text().await?),
            b'=' => self.verbatim().await?,
            other => return Err(ParseError::malformed(start, Expected::Marker, &[other])),
        })
    }

    /// The elements of an aggregate, inside `depth` others, after its marker.
    async fn aggregate(&mut self, marker: u8, depth: usize) -> Result<Value, ParseError> {
        let start = self.input.offset();
        let count = match self.length(Expected::Count).await? {
            Length::Known(count) => Some(count),
            Length::Null if marker == b'*' => return Ok(Value::Null(Null::Array)),
            Length::Streamed if matches!(marker, b'*' | b'~' | b'%') => None,
            Length::Null => return Err(ParseError::malformed(start, Expected::Count, b"-1")),
            Length::Streamed => return Err(ParseError::malformed(start, Expected::Count, b"?")),
        };
        if depth == self.limits.depth {
            return Err(ParseError::TooLarge { offset: start - 1, what: Bound::Depth, limit: depth });
        }
        if matches!(marker, b'%' | b'|') {
            let pairs = self.pairs(count, start, depth + 1).await?;
            if marker == b'%' {
                return Ok(Value::Map(pairs));
            }
            let value = self.value(depth + 1).await?;
            return Ok(Value::Attributed(Box::new(Attributed { attributes: pairs, value })));
        }
        let elements = self.elements(count, start, depth + 1).await?;
        Ok(match marker {
            b'*' => Value::Array(elements),
            b'~' => Value::Set(elements),
            _ => Value::Push(elements),
        })
    }

    /// `count` values, or all up to the end mark.
    async fn elements(
        &mut self,
        count: Option<usize>,
        start: u64,
        depth: usize,
    ) -> Result<Vec<Value>, ParseError> {
        self.allow(count.unwrap_or(0), start)?;
        let mut elements = Vec::new();
        while !self.at_end(count, elements.len(), start).await? {
            elements.push(self.value(depth).await?);
        }
        Ok(elements)
    }

    /// `count` keys with their values, or all up to the end mark.
    async fn pairs(
        &mut self,
        count: Option<usize>,
        start: u64,
        depth: usize,
    ) -> Result<Vec<(Value, Value)>, ParseError> {
        self.allow(count.unwrap_or(0).saturating_mul(2), start)?;
        let mut pairs = Vec::new();
        while !self.at_end(count, pairs.len(), start).await? {
            if count.is_none() {
                self.allow(1, start)?;
            }
            let key = self.value(depth).await?;
            pairs.push((key, self.value(depth).await?));
        }
        Ok(pairs)
    }

    /// Whether an aggregate that began at `start` ends here, and if it was not declared how long it is, takes its end.
    async fn at_end(&mut self, count: Option<usize>, read: usize, start: u64) -> Result<bool, ParseError> {
        if let Some(count) = count {
            return Ok(read == count);
        }
        if self.input.peek(Expected::Marker).await? != b'.' {
            self.allow(1, start)?;
            return Ok(false);
        }
        self.input.skip(1);
        self.input.line_end(0).await?;
        Ok(true)
    }

    /// Counts `values` more values in this frame.
    fn allow(&mut self, values: usize, start: u64) -> Result<(), ParseError> {
        let left = self.values.checked_sub(values);
        self.values = left.ok_or(ParseError::TooLarge {
            offset: start,
            what: Bound::Values,
            limit: self.limits.values,
        })?;
        Ok(())
    }

    /// A string of `length` bytes and its line end.
    async fn text(&mut self, length: usize) -> Result<Vec<u8>, ParseError> {
        let mut text = Vec::new();
        self.input.append(&mut text, length, length).await?;
        Ok(text)
    }

    /// A string that can be neither null nor streamed, after its marker.
    async fn plain_text(&mut self) -> Result<Vec<u8>, ParseError> {
        let start = self.input.offset();
        match self.length(Expected::BulkLength).await? {
            Length::Known(length) => self.text(length).await,
            Length::Null => Err(ParseError::malformed(start, Expected::BulkLength, b"-1")),
            Length::Streamed => Err(ParseError::malformed(start, Expected::BulkLength, b"?")),
        }
    }

    /// A verbatim string, after its marker.
    async fn verbatim(&mut self) -> Result<Value, ParseError> {
        let start = self.input.offset();
        let mut text = self.plain_text().await?;
        match *text {
            [a, b, c, b':', ..] => {
                text.drain(..4);
                Ok(Value::Verbatim { format: [a, b, c], text })
            }
            _ => Err(ParseError::malformed(start, Expected::Format, &text)),
        }
    }

    /// The chunks of a streamed string, up to the empty one that ends it.
    async fn chunks(&mut self) -> Result<Vec<u8>, ParseError> {
        let mut text = Vec::new();
        loop {
            let start = self.input.offset();
            let marker = self.input.peek(Expected::Chunk).await?;
            if marker != b';' {
                return Err(ParseError::malformed(start, Expected::Chunk, &[marker]));
            }
            self.input.skip(1);
            match self.length(Expected::Chunk).await? {
                Length::Known(0) => return Ok(text),
                Length::Known(length) if length <= self.limits.bulk - text.len() => {
                    self.input.append(&mut text, length, self.limits.bulk).await?;
                }
                Length::Known(_) => {
                    return Err(ParseError::TooLarge {
                        offset: start,
                        what: Bound::Bulk,
                        limit: self.limits.bulk,
                    });
                }
                Length::Null | Length::Streamed => {
                    return Err(ParseError::malformed(start, Expected::Chunk, b";"));
                }
            }
        }
    }

    /// The rest of a line, as `read` understands it.
    async fn scalar<T>(&mut self, expected: Expected, read: fn(&[u8]) -> Option<T>) -> Result<T, ParseError> {
        let start = self.input.offset();
        let line = self.input.line(Bound::Line).await?;
        read(line).ok_or_else(|| ParseError::malformed(start, expected, line))
    }

    /// How long a string or an aggregate is, after its marker.
    async fn length(&mut self, expected: Expected) -> Result<Length, ParseError> {
        let start = self.input.offset();
        let (bound, what, limit) = match expected {
            Expected::Count => (Bound::CountLine, Bound::Values, self.limits.values),
            _ => (Bound::LengthLine, Bound::Bulk, self.limits.bulk),
        };
        match self.input.line(bound).await? {
            b"-1" => Ok(Length::Null),
            b"?" => Ok(Length::Streamed),
            line => match unsigned(line) {
                Some(length) if length <= limit => Ok(Length::Known(length)),
                Some(_) => Err(ParseError::TooLarge { offset: start, what, limit }),
                None => Err(ParseError::malformed(start, expected, line)),
            },
        }
    }

    /// A command as an array of bulk strings; `None`: an empty one.
    async fn request(&mut self) -> Result<Option<Value>, ParseError> {
        self.input.skip(1);
        let start = self.input.offset();
        let count = match self.length(Expected::Count).await? {
            Length::Known(0) | Length::Null => return Ok(None),
            Length::Known(count) => count,
            Length::Streamed => return Err(ParseError::malformed(start, Expected::Count, b"?")),
        };
        let mut arguments = Vec::new();
        while arguments.len() < count {
            if let Some(text) = self.input.whole_string(self.limits.bulk) {
                arguments.push(Value::Bulk(text));
                continue;
            }
            let start = self.input.offset();
            let marker = self.input.peek(Expected::Bulk).await?;
            if marker != b'$' {
                return Err(ParseError::malformed(start, Expected::Bulk, &[marker]));
            }
            self.input.skip(1);
            arguments.push(Value::Bulk(self.plain_text().await?));
        }
        Ok(Some(Value::Array(arguments)))
    }

    /// A command as a line of words; `None`: a line without any.
    async fn inline(&mut self) -> Result<Option<Value>, ParseError> {
        let start = self.input.offset();
        match inline::words(self.input.inline().await?) {
            Ok(words) if words.is_empty() => Ok(None),
            Ok(words) => Ok(Some(Value::command(words))),
            Err(inline::Unbalanced { at, expected, found }) => {
                Err(ParseError::malformed(start + at as u64, expected, &found))
            }
        }
    }
}

/// A length: digits without a sign or a leading zero, as redis insists.
fn unsigned(text: &[u8]) -> Option<usize> {
    match text {
        [b'0'] => Some(0),
        [b'1'..=b'9', ..] if text.iter().all(u8::is_ascii_digit) => {
            // More digits than fit are a length that is over every limit.
            Some(std::str::from_utf8(text).ok()?.parse().unwrap_or(usize::MAX))
        }
        _ => None,
    }
}

fn integer(text: &[u8]) -> Option<i64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn null(text: &[u8]) -> Option<Null> {
    text.is_empty().then_some(Null::Plain)
}

fn boolean(text: &[u8]) -> Option<bool> {
    match text {
        b"t" => Some(true),
        b"f" => Some(false),
        _ => None,
    }
}

fn double(text: &[u8]) -> Option<f64> {
    match text {
        b"inf" => Some(f64::INFINITY),
        b"-inf" => Some(f64::NEG_INFINITY),
        // The sign of a NaN says nothing, but some servers print the one that their C library does.
        b"nan" | b"-nan" => Some(f64::NAN),
        _ if text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')) => {
            std::str::from_utf8(text).ok()?.parse().ok()
        }
        _ => None,
    }
}

fn big_number(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    (!digits.is_empty() && digits.iter().all(u8::is_ascii_digit)).then(|| text.to_vec())
}
