//! Values written and read again.

use asynkit_examples::resp::{
    Attributed, Cuts, Grammar, Limits, Null, Protocol, Value,
    check::{cut, parse},
};
use proptest::{collection::vec, prelude::*};

/// One line of bytes.
fn line() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>().prop_filter("a line has no line end", |byte| !matches!(byte, b'\r' | b'\n')), 0..20)
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..40)
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        line().prop_map(Value::Simple),
        line().prop_map(Value::Error),
        any::<i64>().prop_map(Value::Integer),
        bytes().prop_map(Value::Bulk),
        prop_oneof![Just(Null::Bulk), Just(Null::Array), Just(Null::Plain)].prop_map(Value::Null),
        any::<bool>().prop_map(Value::Boolean),
        any::<f64>().prop_map(Value::Double),
        "[+-]?[0-9]{1,50}".prop_map(|digits| Value::BigNumber(digits.into_bytes())),
        bytes().prop_map(Value::BulkError),
        (any::<[u8; 3]>(), bytes()).prop_map(|(format, text)| Value::Verbatim { format, text }),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 60, 6, |inner| {
        let pairs = vec((inner.clone(), inner.clone()), 0..4);
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::Array),
            vec(inner.clone(), 0..6).prop_map(Value::Set),
            vec(inner.clone(), 0..6).prop_map(Value::Push),
            pairs.clone().prop_map(Value::Map),
            (pairs, inner).prop_map(|(attributes, value)| Value::Attributed(Box::new(Attributed {
                attributes,
                value
            }))),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_is_read_as_it_was_written(values in vec(value(), 1..4), seed in any::<u64>()) {
        let mut written = Vec::new();
        for value in &values {
            value.encode(Protocol::Resp3, &mut written);
        }
        let mut read = Vec::new();
        parse(cut(&written, Cuts::new(seed, 30)), Grammar::Replies, Limits::new(), |value, _| read.push(value))
            .unwrap();
        // proptest's numbers are no NaN, so values can be compared.
        prop_assert_eq!(&read, &values);
        let mut again = Vec::new();
        for value in &read {
            value.encode(Protocol::Resp3, &mut again);
        }
        prop_assert_eq!(again, written);
    }

    #[test]
    fn a_command_is_read_as_it_was_written(words in vec(bytes(), 1..6), seed in any::<u64>()) {
        let command = Value::command(words);
        let written = command.to_bytes(Protocol::Resp2);
        let mut read = Vec::new();
        parse(cut(&written, Cuts::new(seed, 30)), Grammar::Requests, Limits::new(), |value, _| read.push(value))
            .unwrap();
        prop_assert_eq!(read, [command]);
    }

    #[test]
    fn what_resp2_writes_parses(value in value()) {
        let written = value.to_bytes(Protocol::Resp2);
        let mut read = 0;
        parse([written.as_slice()], Grammar::Replies, Limits::new(), |_, _| read += 1).unwrap();
        prop_assert_eq!(read, 1);
    }
}
