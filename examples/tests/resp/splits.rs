//! It does not matter where the bytes are cut.

use crate::session;
use asynkit_examples::resp::{
    Cuts, Grammar, Limits,
    check::{Outcome, cut, outcome},
};
use std::collections::HashSet;

fn whole(bytes: &[u8], grammar: Grammar) -> Outcome {
    let whole = outcome([bytes], grammar, Limits::new());
    assert_eq!(whole.error, None, "the recorded session is correct");
    whole
}

/// Every frame of `bytes`.
fn frames<'b>(bytes: &'b [u8], whole: &Outcome) -> impl Iterator<Item = &'b [u8]> {
    let mut start = 0;
    whole.ends.clone().into_iter().map(move |end| {
        let end = usize::try_from(end).unwrap();
        &bytes[std::mem::replace(&mut start, end)..end]
    })
}

#[test]
fn the_session_holds_every_type_that_redis_sends() {
    let [(requests, grammar), _] = session();
    assert!(whole(&requests, grammar).frames.len() > 3000);
    let [_, (replies, grammar)] = session();
    let replies = whole(&replies, grammar);
    assert!(replies.frames.len() > 3000);
    for marker in b"+-:$*_#,(=%~|>" {
        let marked = replies.frames.iter().any(|frame| {
            frame.first() == Some(marker)
                || frame.windows(3).any(|at| at[..2] == *b"\r\n" && at[2] == *marker)
        });
        assert!(marked, "no `{}`", char::from(*marker));
    }
}

#[test]
fn the_session_is_the_same_in_pieces_of_1_to_17_bytes() {
    for (bytes, grammar) in session() {
        let whole = whole(&bytes, grammar);
        for size in 1..=17 {
            let split = outcome(bytes.chunks(size), grammar, Limits::new());
            assert!(whole == split, "{grammar:?} in pieces of {size}: {:?}", split.error);
        }
    }
}

#[test]
fn every_frame_of_the_session_is_the_same_cut_in_two_anywhere() {
    for (bytes, grammar) in session() {
        let whole = whole(&bytes, grammar);
        let mut cuts = Cuts::new(1, usize::MAX);
        let mut seen = HashSet::new();
        for frame in frames(&bytes, &whole) {
            // What redis-benchmark sends differs in nothing but digits; the few very long frames are cut at 100 places.
            let shape: Vec<_> =
                frame.iter().map(|byte| if byte.is_ascii_digit() { b'0' } else { *byte }).collect();
            if !seen.insert(shape) {
                continue;
            }
            let alike = outcome([frame], grammar, Limits::new());
            let places: Vec<usize> = if frame.len() <= 600 {
                (1..frame.len()).collect()
            } else {
                (0..100).map(|_| cuts.next_size() % frame.len()).collect()
            };
            for place in places {
                let split = outcome([&frame[..place], &frame[place..]], grammar, Limits::new());
                assert!(alike == split, "{grammar:?} {} at {place}: {split:?}", frame.escape_ascii());
            }
        }
    }
}

#[test]
fn the_session_is_the_same_cut_by_chance() {
    for (bytes, grammar) in session() {
        let whole = whole(&bytes, grammar);
        for seed in 0..8 {
            let split = outcome(cut(&bytes, Cuts::new(seed, 2000)), grammar, Limits::new());
            assert!(whole == split, "{grammar:?} cut by seed {seed}: {:?}", split.error);
        }
    }
}

#[test]
fn either_side_reads_as_a_capture_of_unknown_kind() {
    for (bytes, grammar) in session() {
        assert!(whole(&bytes, grammar) == whole(&bytes, Grammar::Capture), "{grammar:?}");
    }
}

#[test]
fn the_session_written_again_is_the_same_bytes() {
    let [(requests, grammar), (replies, _)] = session();
    // All but the inline commands, which are written as arrays.
    let mut inline = 0;
    let requests_whole = whole(&requests, grammar);
    for (frame, written) in frames(&requests, &requests_whole).zip(&requests_whole.frames) {
        if frame.starts_with(b"*") {
            assert_eq!(frame, written);
        } else {
            inline += 1;
        }
    }
    assert!(inline > 100, "{inline} inline commands");
    // All but the numbers, of which redis writes more digits than are needed.
    let replies_whole = whole(&replies, Grammar::Replies);
    for (frame, written) in frames(&replies, &replies_whole).zip(&replies_whole.frames) {
        if !frame.windows(3).any(|at| at.starts_with(b"\r\n,")) && !frame.starts_with(b",") {
            assert_eq!(frame, written);
        }
    }
}
