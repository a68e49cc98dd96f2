//! The first way: as sync code, from a file.

use super::{Options, read_some};
use crate::resp::{Feed, Parser, Progress, ReadError, Tally, supply};
use asynkit::{await_sync, leavesync};
use std::{fs::File, path::Path};

/// Counts the frames of a file, as any sync function would: the call blocks until it is done.
///
/// `leavesync` says that the reader blocks, so that the same code could not hold up an executor by mistake.
///
/// # Errors
/// What is wrong with the file or its bytes.
pub fn blocking(path: &Path, options: Options, progress: &Progress) -> Result<Tally, ReadError> {
    let file = File::open(path)?;
    let mut read = leavesync(|wanted| {
        let bytes = read_some(&file, wanted)?;
        progress.add(bytes.len());
        Ok::<_, ReadError>(bytes)
    });
    await_sync(async {
        let feed = Feed::new();
        let mut parser = Parser::new(&feed, options.limits);
        let mut tally = Tally::new();
        while let Some(frame) = supply(&feed, parser.frame(options.grammar), &mut read).await? {
            tally.count(&frame);
        }
        Ok(tally.finish(parser.offset()))
    })?
}
