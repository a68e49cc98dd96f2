//! Inline commands are split as redis splits them.

use asynkit_examples::resp::{Grammar, Limits, Value, check::parse};

fn words(line: &[u8]) -> Vec<Value> {
    let mut line = line.to_vec();
    line.extend_from_slice(b"\r\n");
    let mut commands = Vec::new();
    parse([line.as_slice()], Grammar::Requests, Limits::new(), |command, _| commands.push(command)).unwrap();
    commands
}

#[track_caller]
fn splits<const N: usize>(line: &str, expected: [&[u8]; N]) {
    let expected: Vec<_> = if N == 0 { vec![] } else { vec![Value::command(expected.map(<[u8]>::to_vec))] };
    assert_eq!(words(line.as_bytes()), expected, "{line:?}");
}

#[test]
fn at_spaces() {
    splits("PING", [b"PING"]);
    splits("  SET  a\tb ", [b"SET", b"a", b"b"]);
    splits("", []);
    splits(" \t ", []);
}

#[test]
fn not_inside_quotes() {
    splits(r#"SET "a key" 'a value'"#, [b"SET", b"a key", b"a value"]);
    splits(r#"ECHO """#, [b"ECHO", b""]);
    splits(r#"ECHO ab"c d""#, [b"ECHO", b"abc d"]);
    splits(r#"ECHO "it's""#, [b"ECHO", b"it's"]);
    splits(r#"ECHO 'say "hi"'"#, [b"ECHO", br#"say "hi""#]);
}

#[test]
fn with_escapes_in_double_quotes() {
    splits(r#"ECHO "\n\r\t\b\a\\\"""#, [b"ECHO", b"\n\r\t\x08\x07\\\""]);
    splits(r#"ECHO "\x41\xfF\x00""#, [b"ECHO", b"A\xff\0"]);
    splits(r#"ECHO "\xg0\q""#, [b"ECHO", b"xg0q"]);
}

#[test]
fn with_one_escape_in_single_quotes() {
    splits(r"ECHO 'it\'s \n'", [b"ECHO", br"it's \n"]);
}

#[test]
fn up_to_a_zero_byte() {
    splits("ECHO a\0b c", [b"ECHO", b"a"]);
}
