//! The second way: as a generator of frames.

use super::{Options, read_some};
use crate::resp::{Feed, Parser, Progress, ReadError, Tally, Value, supply};
use asynkit::{Co, aiter_sync, generator};
use futures_core::Stream;
use std::{fs::File, path::Path, pin::pin};

/// The frames of whatever `read` reads, one after the other; an error is the last item.
pub fn frames<'r>(
    mut read: impl AsyncFnMut(usize) -> Result<Vec<u8>, ReadError> + 'r,
    options: Options,
) -> impl Stream<Item = Result<Value, ReadError>> + 'r {
    generator(async move |mut co: Co<'_, Value>| {
        let feed = Feed::new();
        let mut parser = Parser::new(&feed, options.limits);
        while let Some(frame) = supply(&feed, parser.frame(options.grammar), &mut read).await? {
            co.ayield(frame).await;
        }
        Ok(())
    })
    .try_stream()
}

/// Counts the frames of a file, which a `for` loop takes from the generator.
///
/// # Errors
/// What is wrong with the file or its bytes.
pub fn generated(path: &Path, options: Options, progress: &Progress) -> Result<Tally, ReadError> {
    let file = File::open(path)?;
    let mut length = 0;
    let read = async |wanted| {
        let bytes = read_some(&file, wanted)?;
        progress.add(bytes.len());
        length += bytes.len() as u64;
        Ok(bytes)
    };
    let mut tally = Tally::new();
    for frame in aiter_sync(pin!(frames(read, options))) {
        tally.count(&frame??);
    }
    Ok(tally.finish(length))
}
