//! What is wrong is said with its place and what was expected there.

use asynkit_examples::resp::{Grammar, Limits, ParseError, check::parse};

fn error(bytes: &[u8], grammar: Grammar) -> ParseError {
    let whole = parse([bytes], grammar, Limits::new(), |_, _| {}).expect_err("the bytes are wrong");
    let split = parse(bytes.chunks(1), grammar, Limits::new(), |_, _| {}).expect_err("the bytes are wrong");
    assert_eq!(whole.to_string(), split.to_string());
    whole
}

#[test]
fn replies() {
    for (bytes, message) in [
        ("hello\r\n", "byte 0: expected a type marker (one of `+-:$*_#,(!=%~|>`), found `h`"),
        ("+OK\r\n?\r\n", "byte 5: expected a type marker (one of `+-:$*_#,(!=%~|>`), found `?`"),
        ("+OK\n", r"byte 3: expected `\r\n`, found `\n`"),
        ("+a\rb\r\n", r"byte 2: expected `\r\n`, found `\rb`"),
        (":12x\r\n", "byte 1: expected a signed 64-bit integer, found `12x`"),
        (":9223372036854775808\r\n", "byte 1: expected a signed 64-bit integer, found `9223372036854775`"),
        (":\r\n", "byte 1: expected a signed 64-bit integer, found ``"),
        ("$x\r\n", "byte 1: expected the length of a string, found `x`"),
        ("$-2\r\n", "byte 1: expected the length of a string, found `-2`"),
        ("$05\r\n", "byte 1: expected the length of a string, found `05`"),
        ("$3\r\nabcd\r\n", r"byte 7: expected `\r\n`, found `d`"),
        ("$3\r\nabc\rx", r"byte 7: expected `\r\n`, found `\rx`"),
        ("*1\r\n*x\r\n", "byte 5: expected the number of elements, found `x`"),
        ("%-1\r\n", "byte 1: expected the number of elements, found `-1`"),
        (">?\r\n", "byte 1: expected the number of elements, found `?`"),
        ("_x\r\n", r"byte 1: expected `\r\n` right after `_`, found `x`"),
        ("#true\r\n", "byte 1: expected `t` or `f`, found `true`"),
        (",1.5.2\r\n", "byte 1: expected a floating point number, `inf`, `-inf` or `nan`, found `1.5.2`"),
        (
            ",infinity\r\n",
            "byte 1: expected a floating point number, `inf`, `-inf` or `nan`, found `infinity`",
        ),
        ("(12a\r\n", "byte 1: expected decimal digits, after a sign or not, found `12a`"),
        ("(-\r\n", "byte 1: expected decimal digits, after a sign or not, found `-`"),
        ("=3\r\ntxt\r\n", "byte 1: expected three bytes of format and `:`, found `txt`"),
        ("!-1\r\n", "byte 1: expected the length of a string, found `-1`"),
        (
            "$?\r\n:1\r\n",
            "byte 4: expected `;` and the length of the next chunk of a streamed string, found `:`",
        ),
        (
            "$?\r\n;-1\r\n",
            "byte 4: expected `;` and the length of the next chunk of a streamed string, found `;`",
        ),
        (".\r\n", "byte 0: expected a type marker (one of `+-:$*_#,(!=%~|>`), found `.`"),
        ("%?\r\n+key\r\n.\r\n", "byte 10: expected a type marker (one of `+-:$*_#,(!=%~|>`), found `.`"),
        ("*?\r\n.x", r"byte 5: expected `\r\n`, found `x`"),
    ] {
        assert_eq!(error(bytes.as_bytes(), Grammar::Replies).to_string(), message, "{bytes:?}");
    }
}

#[test]
fn inputs_that_end_inside_a_frame() {
    for (bytes, message) in [
        ("+O", "byte 2: expected the rest of the line, found the end of the input"),
        ("+O\r", r"byte 3: expected `\r\n`, found the end of the input"),
        ("$5\r\nab", "byte 6: expected the rest of a string, found the end of the input"),
        ("$2\r\nab", r"byte 6: expected `\r\n`, found the end of the input"),
        (
            "*2\r\n:1\r\n",
            "byte 8: expected a type marker (one of `+-:$*_#,(!=%~|>`), found the end of the input",
        ),
        (
            "$?\r\n",
            "byte 4: expected `;` and the length of the next chunk of a streamed string, found the end of the input",
        ),
    ] {
        let error = error(bytes.as_bytes(), Grammar::Replies);
        assert!(matches!(error, ParseError::Truncated { .. }), "{error:?}");
        assert_eq!(error.to_string(), message, "{bytes:?}");
        assert_eq!(error.offset(), Some(bytes.len() as u64));
    }
}

/// The second text is what a redis-server answered to the same bytes.
#[test]
fn requests_are_answered_in_the_words_of_redis() {
    for (bytes, message, reply) in [
        (
            "*x\r\n",
            "byte 1: expected the number of elements, found `x`",
            "ERR Protocol error: invalid multibulk length",
        ),
        (
            "*9999999999\r\n",
            "byte 1: number of values in one frame over the limit of 1048576",
            "ERR Protocol error: invalid multibulk length",
        ),
        (
            "*1\r\nPING\r\n",
            "byte 4: expected `$` (each argument of a command is a bulk string), found `P`",
            "ERR Protocol error: expected '$', got 'P'",
        ),
        (
            "*1\r\n:1\r\n",
            "byte 4: expected `$` (each argument of a command is a bulk string), found `:`",
            "ERR Protocol error: expected '$', got ':'",
        ),
        (
            "*1\r\n$-1\r\n",
            "byte 5: expected the length of a string, found `-1`",
            "ERR Protocol error: invalid bulk length",
        ),
        (
            "*1\r\n$x\r\n",
            "byte 5: expected the length of a string, found `x`",
            "ERR Protocol error: invalid bulk length",
        ),
        (
            "*1\r\n$536870913\r\n",
            "byte 5: length of a string over the limit of 536870912",
            "ERR Protocol error: invalid bulk length",
        ),
        (
            "SET \"a b\r\n",
            r"byte 8: expected a closing quote, found `\n`",
            "ERR Protocol error: unbalanced quotes in request",
        ),
        (
            "SET 'a'b c\r\n",
            "byte 7: expected a space after the closing quote, found `b`",
            "ERR Protocol error: unbalanced quotes in request",
        ),
    ] {
        let error = error(bytes.as_bytes(), Grammar::Requests);
        assert_eq!(error.to_string(), message, "{bytes:?}");
        assert_eq!(error.reply(), reply, "{bytes:?}");
    }
}

#[test]
fn an_offset_counts_from_the_start_of_the_input_and_not_of_the_piece() {
    let mut bytes = b"+OK\r\n".repeat(1000);
    bytes.extend_from_slice(b":x\r\n");
    assert_eq!(error(&bytes, Grammar::Replies).offset(), Some(5001));
}
