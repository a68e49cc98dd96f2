//! What must hold of any bytes: the fuzz target and the tests call it.

use super::{Cuts, Feed, Grammar, Limits, ParseError, Parser, Protocol, Value, supply};
use asynkit::await_sync;

/// All that a parser made of some bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The frames in RESP3, which unlike the values themselves are equal if both hold a NaN.
    pub frames: Vec<Vec<u8>>,
    /// Where each frame ended.
    pub ends: Vec<u64>,
    /// The error that was met, in words.
    pub error: Option<String>,
}

/// Parses pieces that arrive one after the other, and gives each frame to `each` together with where it ended.
///
/// # Errors
/// What is wrong with the bytes.
///
/// # Panics
/// Never: pieces that are there at once cannot block a sync drive.
pub fn parse(
    pieces: impl IntoIterator<Item: AsRef<[u8]>>,
    grammar: Grammar,
    limits: Limits,
    mut each: impl FnMut(Value, u64),
) -> Result<(), ParseError> {
    // A piece of no bytes would say that the input has ended.
    let mut pieces = pieces.into_iter().filter(|piece| !piece.as_ref().is_empty());
    let mut read = async |_wanted| {
        Ok::<_, ParseError>(pieces.next().map_or(Vec::new(), |piece| piece.as_ref().to_vec()))
    };
    await_sync(async {
        let feed = Feed::new();
        let mut parser = Parser::new(&feed, limits);
        while let Some(frame) = supply(&feed, parser.frame(grammar), &mut read).await? {
            each(frame, parser.offset());
        }
        Ok(())
    })
    .expect("pieces are there at once")
}

/// What a parser makes of these pieces.
pub fn outcome(pieces: impl IntoIterator<Item: AsRef<[u8]>>, grammar: Grammar, limits: Limits) -> Outcome {
    let mut outcome = Outcome::default();
    let parsed = parse(pieces, grammar, limits, |frame, end| {
        outcome.frames.push(frame.to_bytes(Protocol::Resp3));
        outcome.ends.push(end);
    });
    outcome.error = parsed.err().map(|error| format!("{error} / {}", error.reply()));
    outcome
}

/// Cuts `bytes` into pieces of the sizes that `cuts` says.
pub fn cut(bytes: &[u8], mut cuts: Cuts) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (piece, after) = rest.split_at_checked(cuts.next_size()).unwrap_or((rest, &[]));
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Small limits, so that inputs of a few kilobytes meet all of them.
pub const SMALL: Limits = Limits { line: 64, bulk: 1000, frame: 4000, values: 100, depth: 8 };

/// Checks what must hold of any bytes: no panic; the same frames and the same error wherever they are cut; and each
/// frame, written again, parses as itself.
///
/// # Panics
/// If it does not hold.
pub fn any_bytes(bytes: &[u8], seed: u64) {
    for grammar in [Grammar::Requests, Grammar::Replies, Grammar::Capture] {
        for limits in [SMALL, Limits::new()] {
            let whole = outcome([bytes], grammar, limits);
            for most in [1, 7, 300] {
                let split = outcome(cut(bytes, Cuts::new(seed, most)), grammar, limits);
                assert_eq!(whole, split, "{grammar:?}, cut into pieces of at most {most} bytes");
            }
            let again = outcome([whole.frames.concat().as_slice()], Grammar::Replies, Limits::new());
            assert_eq!(whole.frames, again.frames, "{grammar:?}, written and parsed again");
            assert_eq!(again.error, None, "{grammar:?}, written and parsed again");
        }
    }
}
