//! Values back into bytes.

use super::{Null, Value};

/// The version of the protocol that a peer speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Protocol {
    /// What every connection starts with.
    #[default]
    Resp2,
    /// What `HELLO 3` asks for.
    Resp3,
}

impl Value {
    /// Appends the value to `out`.
    ///
    /// RESP3 writes each value as itself. RESP2 has fewer types, so there a map or a set becomes a flat array, text and
    /// numbers become bulk strings, a boolean becomes `:1` or `:0`, and attributes are left out, all as redis does it.
    pub fn encode(&self, protocol: Protocol, out: &mut Vec<u8>) {
        match protocol {
            Protocol::Resp3 => self.encode3(out),
            Protocol::Resp2 => self.encode2(out),
        }
    }

    /// The value's bytes.
    pub fn to_bytes(&self, protocol: Protocol) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode(protocol, &mut out);
        out
    }

    fn encode3(&self, out: &mut Vec<u8>) {
        match self {
            Value::Simple(text) => line(out, b'+', text),
            Value::Error(text) => line(out, b'-', text),
            Value::Integer(number) => header(out, b':', *number),
            Value::Bulk(bytes) => blob(out, b'$', bytes),
            Value::Array(items) => aggregate(out, b'*', items),
            Value::Null(Null::Bulk) => out.extend_from_slice(b"$-1\r\n"),
            Value::Null(Null::Array) => out.extend_from_slice(b"*-1\r\n"),
            Value::Null(Null::Plain) => out.extend_from_slice(b"_\r\n"),
            Value::Boolean(truth) => line(out, b'#', if *truth { b"t" } else { b"f" }),
            Value::Double(number) => line(out, b',', double(*number).as_bytes()),
            Value::BigNumber(digits) => line(out, b'(', digits),
            Value::BulkError(text) => blob(out, b'!', text),
            Value::Verbatim { format, text } => {
                header(out, b'=', text.len() + 4);
                out.extend_from_slice(format);
                out.push(b':');
                out.extend_from_slice(text);
                out.extend_from_slice(b"\r\n");
            }
            Value::Map(pairs) => table(out, b'%', pairs),
            Value::Set(items) => aggregate(out, b'~', items),
            Value::Push(items) => aggregate(out, b'>', items),
            Value::Attributed(attributed) => {
                table(out, b'|', &attributed.attributes);
                attributed.value.encode3(out);
            }
        }
    }

    fn encode2(&self, out: &mut Vec<u8>) {
        match self {
            Value::Null(Null::Plain) => out.extend_from_slice(b"$-1\r\n"),
            Value::Boolean(truth) => header(out, b':', i64::from(*truth)),
            Value::Double(number) => blob(out, b'$', double(*number).as_bytes()),
            Value::BigNumber(text) | Value::Verbatim { text, .. } => blob(out, b'$', text),
            Value::BulkError(text) => line(out, b'-', &one_line(text)),
            Value::Array(items) | Value::Set(items) | Value::Push(items) => {
                header(out, b'*', items.len());
                for item in items {
                    item.encode2(out);
                }
            }
            Value::Map(pairs) => {
                header(out, b'*', pairs.len() * 2);
                for (key, value) in pairs {
                    key.encode2(out);
                    value.encode2(out);
                }
            }
            Value::Attributed(attributed) => attributed.value.encode2(out),
            Value::Simple(_) | Value::Error(_) | Value::Integer(_) | Value::Bulk(_) | Value::Null(_) => {
                self.encode3(out);
            }
        }
    }
}

/// A marker and a number: the most frequent line of all.
pub(crate) fn header(out: &mut Vec<u8>, marker: u8, number: impl TryInto<i64>) {
    let number = number.try_into().unwrap_or(i64::MAX);
    out.push(marker);
    if let Ok(digit @ 0..=9) = u8::try_from(number) {
        out.push(b'0' + digit);
    } else {
        decimal(out, number);
    }
    out.extend_from_slice(b"\r\n");
}

/// Digits by hand: the formatting machinery takes several times as long.
fn decimal(out: &mut Vec<u8>, number: i64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut left = number.unsigned_abs();
    while at == digits.len() || left > 0 {
        at -= 1;
        digits[at] = b"0123456789"[(left % 10) as usize];
        left /= 10;
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

pub(crate) fn line(out: &mut Vec<u8>, marker: u8, text: &[u8]) {
    out.push(marker);
    out.extend_from_slice(text);
    out.extend_from_slice(b"\r\n");
}

pub(crate) fn blob(out: &mut Vec<u8>, marker: u8, bytes: &[u8]) {
    header(out, marker, bytes.len());
    out.extend_from_slice(bytes);
    out.extend_from_slice(b"\r\n");
}

fn aggregate(out: &mut Vec<u8>, marker: u8, items: &[Value]) {
    header(out, marker, items.len());
    for item in items {
        item.encode3(out);
    }
}

fn table(out: &mut Vec<u8>, marker: u8, pairs: &[(Value, Value)]) {
    header(out, marker, pairs.len());
    for (key, value) in pairs {
        key.encode3(out);
        value.encode3(out);
    }
}

/// The shortest text that reads back as the same number.
pub(crate) fn double(number: f64) -> String {
    let size = number.abs();
    if number.is_nan() {
        "nan".to_owned()
    } else if number.is_infinite() || size == 0.0 || (1e-5..1e17).contains(&size) {
        number.to_string()
    } else {
        format!("{number:e}")
    }
}

/// What a simple error can hold of it: line ends become spaces.
fn one_line(text: &[u8]) -> Vec<u8> {
    text.iter().map(|&byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { byte }).collect()
}
