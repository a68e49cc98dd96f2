//! Every type, read from bytes as the specification shows them.

use asynkit_examples::resp::{Attributed, Grammar, Limits, Null, ParseError, Protocol, Value, check::parse};

fn values(bytes: &[u8]) -> Vec<Value> {
    let mut values = Vec::new();
    parse([bytes], Grammar::Replies, Limits::new(), |value, _| values.push(value)).unwrap();
    values
}

#[track_caller]
fn reads_as(bytes: &[u8], value: Value) {
    assert_eq!(values(bytes), [value]);
}

#[test]
fn resp2_types() {
    reads_as(b"+OK\r\n", Value::simple("OK"));
    reads_as(b"+\r\n", Value::simple(""));
    reads_as(b"-ERR no\r\n", Value::error("ERR no"));
    reads_as(b":-42\r\n", Value::Integer(-42));
    reads_as(b":+7\r\n", Value::Integer(7));
    reads_as(b":-9223372036854775808\r\n", Value::Integer(i64::MIN));
    reads_as(b"$5\r\na\r\nbc\r\n", Value::bulk("a\r\nbc"));
    reads_as(b"$0\r\n\r\n", Value::bulk(""));
    reads_as(b"$-1\r\n", Value::Null(Null::Bulk));
    reads_as(b"*-1\r\n", Value::Null(Null::Array));
    reads_as(b"*0\r\n", Value::Array(vec![]));
    reads_as(
        b"*2\r\n*1\r\n:1\r\n$-1\r\n",
        Value::Array(vec![Value::Array(vec![Value::Integer(1)]), Value::Null(Null::Bulk)]),
    );
}

#[test]
fn resp3_types() {
    reads_as(b"_\r\n", Value::Null(Null::Plain));
    reads_as(b"#t\r\n", Value::Boolean(true));
    reads_as(b"#f\r\n", Value::Boolean(false));
    reads_as(
        b"(-3492890328409238509324850943850943825024385\r\n",
        big("-3492890328409238509324850943850943825024385"),
    );
    reads_as(b"!9\r\nSYNTAX no\r\n", Value::BulkError(b"SYNTAX no".to_vec()));
    reads_as(b"=8\r\ntxt:Some\r\n", Value::Verbatim { format: *b"txt", text: b"Some".to_vec() });
    reads_as(b"=4\r\nmkd:\r\n", Value::Verbatim { format: *b"mkd", text: vec![] });
    reads_as(b"%1\r\n+a\r\n:1\r\n", Value::Map(vec![(Value::simple("a"), Value::Integer(1))]));
    reads_as(b"~2\r\n:1\r\n#t\r\n", Value::Set(vec![Value::Integer(1), Value::Boolean(true)]));
    reads_as(b">1\r\n+message\r\n", Value::Push(vec![Value::simple("message")]));
    reads_as(
        b"*1\r\n|1\r\n+ttl\r\n:3600\r\n:7\r\n",
        Value::Array(vec![Value::Attributed(Box::new(Attributed {
            attributes: vec![(Value::simple("ttl"), Value::Integer(3600))],
            value: Value::Integer(7),
        }))]),
    );
}

fn big(digits: &str) -> Value {
    Value::BigNumber(digits.as_bytes().to_vec())
}

#[test]
fn doubles() {
    for (text, number) in [
        ("1.5", 1.5),
        ("-10", -10.0),
        ("10", 10.0),
        (".1", 0.1),
        ("1e300", 1e300),
        ("1.23E-4", 1.23e-4),
        ("0.10000000000000001", 0.1),
        ("inf", f64::INFINITY),
        ("-inf", f64::NEG_INFINITY),
    ] {
        reads_as(format!(",{text}\r\n").as_bytes(), Value::Double(number));
    }
    for text in ["nan", "-nan"] {
        let read = values(format!(",{text}\r\n").as_bytes());
        assert!(matches!(read[..], [Value::Double(number)] if number.is_nan()), "{read:?}");
    }
}

#[test]
fn streamed_strings_and_aggregates_are_plain_values() {
    reads_as(b"$?\r\n;4\r\nHell\r\n;6\r\no worl\r\n;1\r\nd\r\n;0\r\n", Value::bulk("Hello world"));
    reads_as(b"$?\r\n;0\r\n", Value::bulk(""));
    reads_as(b"*?\r\n:1\r\n*?\r\n.\r\n.\r\n", Value::Array(vec![Value::Integer(1), Value::Array(vec![])]));
    reads_as(b"~?\r\n:1\r\n.\r\n", Value::Set(vec![Value::Integer(1)]));
    reads_as(
        b"%?\r\n+a\r\n:1\r\n+b\r\n:2\r\n.\r\n",
        Value::Map(vec![(Value::simple("a"), Value::Integer(1)), (Value::simple("b"), Value::Integer(2))]),
    );
}

#[test]
fn requests_are_arrays_or_lines_and_empty_ones_are_skipped() -> Result<(), ParseError> {
    let bytes = b"*1\r\n$4\r\nPING\r\n\r\n*0\r\n*-1\r\n  \nGET 'a key'\n+not a simple string here\r\n";
    let mut requests = Vec::new();
    parse([bytes.as_slice()], Grammar::Requests, Limits::new(), |value, end| requests.push((value, end)))?;
    assert_eq!(
        requests,
        [
            (Value::command(["PING"]), 14),
            (Value::command(["GET", "a key"]), 40),
            (Value::command(["+not", "a", "simple", "string", "here"]), 67),
        ]
    );
    Ok(())
}

#[test]
fn resp2_writes_what_it_has_no_type_for_as_redis_does() {
    for (value, bytes) in [
        (Value::Null(Null::Plain), "$-1\r\n"),
        (Value::Boolean(true), ":1\r\n"),
        (Value::Double(1.5), "$3\r\n1.5\r\n"),
        (big("12"), "$2\r\n12\r\n"),
        (Value::BulkError(b"A\r\nB".to_vec()), "-A  B\r\n"),
        (Value::Verbatim { format: *b"txt", text: b"x".to_vec() }, "$1\r\nx\r\n"),
        (Value::Map(vec![(Value::Integer(1), Value::Boolean(false))]), "*2\r\n:1\r\n:0\r\n"),
        (Value::Set(vec![Value::Integer(1)]), "*1\r\n:1\r\n"),
        (Value::Push(vec![Value::Integer(1)]), "*1\r\n:1\r\n"),
        (Value::Attributed(Box::new(Attributed { attributes: vec![], value: Value::Integer(1) })), ":1\r\n"),
    ] {
        assert_eq!(value.to_bytes(Protocol::Resp2), bytes.as_bytes(), "{value:?}");
    }
}
