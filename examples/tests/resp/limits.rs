//! The limits: what is just allowed, and what is just over.

use asynkit_examples::resp::{Bound, Grammar, Limits, ParseError, check::parse};

const LIMITS: Limits = Limits { line: 8, bulk: 10, frame: 40, values: 6, depth: 3 };

fn frames(bytes: &[u8], grammar: Grammar) -> Result<usize, ParseError> {
    let mut frames = 0;
    let whole = parse([bytes], grammar, LIMITS, |_, _| frames += 1);
    let mut split_frames = 0;
    let split = parse(bytes.chunks(1), grammar, LIMITS, |_, _| split_frames += 1);
    assert_eq!(frames, split_frames);
    assert_eq!(format!("{whole:?}"), format!("{split:?}"));
    whole.map(|()| frames)
}

#[track_caller]
fn fits(bytes: &str) {
    assert_eq!(frames(bytes.as_bytes(), Grammar::Capture).unwrap(), 1, "{bytes:?}");
}

#[track_caller]
fn over(bytes: &str, bound: Bound, at: u64, most: usize) {
    match frames(bytes.as_bytes(), Grammar::Capture) {
        Err(ParseError::TooLarge { offset, what, limit }) => {
            assert_eq!((what, offset, limit), (bound, at, most), "{bytes:?}");
        }
        other => panic!("{bytes:?}: {other:?}"),
    }
}

#[test]
fn lines() {
    fits("+12345678\r\n");
    over("+123456789\r\n", Bound::Line, 1, 8);
    fits("PING 678\n");
    over("PING 6789\n", Bound::InlineLine, 0, 8);
    over("$0000000005\r\n", Bound::LengthLine, 1, 8);
    over("*0000000005\r\n", Bound::CountLine, 1, 8);
    // The end of the line need not come.
    over("+123456789", Bound::Line, 1, 8);
}

#[test]
fn strings() {
    fits("$10\r\n0123456789\r\n");
    over("$11\r\n", Bound::Bulk, 1, 10);
    over("!11\r\n", Bound::Bulk, 1, 10);
    over("=11\r\n", Bound::Bulk, 1, 10);
    over("$9999999\r\n", Bound::Bulk, 1, 10);
    fits("$?\r\n;5\r\n01234\r\n;5\r\n56789\r\n;0\r\n");
    over("$?\r\n;5\r\n01234\r\n;6\r\n", Bound::Bulk, 15, 10);
}

#[test]
fn a_length_of_more_digits_than_a_word_holds_is_over_the_limit() {
    let bytes = b"$99999999999999999999999999999999\r\n";
    let error = parse([bytes.as_slice()], Grammar::Replies, Limits::new(), |_, _| {}).unwrap_err();
    assert_eq!(error.to_string(), "byte 1: length of a string over the limit of 536870912");
}

#[test]
fn values_of_all_levels() {
    fits("*6\r\n_\r\n_\r\n_\r\n_\r\n_\r\n_\r\n");
    over("*7\r\n", Bound::Values, 1, 6);
    fits("*2\r\n*4\r\n_\r\n_\r\n_\r\n_\r\n_\r\n");
    over("*2\r\n*5\r\n", Bound::Values, 5, 6);
    fits("%3\r\n_\r\n_\r\n_\r\n_\r\n_\r\n_\r\n");
    over("%4\r\n", Bound::Values, 1, 6);
    fits("*?\r\n_\r\n_\r\n_\r\n_\r\n_\r\n_\r\n.\r\n");
    over("*?\r\n_\r\n_\r\n_\r\n_\r\n_\r\n_\r\n_\r\n", Bound::Values, 1, 6);
    over("%?\r\n_\r\n_\r\n_\r\n_\r\n_\r\n_\r\n_\r\n", Bound::Values, 1, 6);
}

#[test]
fn nesting() {
    fits("*1\r\n*1\r\n*1\r\n_\r\n");
    over("*1\r\n*1\r\n*1\r\n*1\r\n", Bound::Depth, 12, 3);
    over("|0\r\n|0\r\n|0\r\n|0\r\n", Bound::Depth, 12, 3);
}

#[test]
fn frames_begin_anew() {
    fits("*3\r\n$10\r\n0123456789\r\n$9\r\n012345678\r\n_\r\n");
    over("*3\r\n$10\r\n0123456789\r\n$10\r\n0123456789\r\n_\r\n", Bound::Frame, 0, 40);
    over(
        "*9\r\n+0123\r\n+0123\r\n+0123\r\n+0123\r\n+0123\r\n+\r\n".replace("*9", "*6").as_str(),
        Bound::Frame,
        0,
        40,
    );
    let two = b"*2\r\n$10\r\n0123456789\r\n$8\r\n01234567\r\n".repeat(2);
    assert_eq!(frames(&two, Grammar::Replies).unwrap(), 2);
}

#[test]
fn the_depth_that_is_documented_is_reached() {
    let nested = |depth: usize| {
        let mut bytes = b"*1\r\n".repeat(depth);
        bytes.extend_from_slice(b"_\r\n");
        parse(bytes.chunks(3), Grammar::Replies, Limits::new(), |_, _| {})
    };
    assert!(nested(64).is_ok());
    assert_eq!(nested(65).unwrap_err().to_string(), "byte 256: nesting over the limit of 64");
}
