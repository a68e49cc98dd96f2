//! The third way: over a TCP connection, cut anywhere.

use super::Options;
use crate::resp::{Cuts, Feed, Parser, Progress, ReadError, Tally, supply};
use smol::{
    fs::File,
    future::try_zip,
    io::{self, AsyncReadExt as _},
    net::{TcpListener, TcpStream},
};
use std::{
    net::{Ipv4Addr, Shutdown},
    path::Path,
};

/// Sends a file to ourselves on the loopback interface, and counts the frames that arrive.
///
/// # Errors
/// What is wrong with the file, the connection or the bytes.
pub fn over_tcp(path: &Path, options: Options, cuts: Cuts, progress: &Progress) -> Result<Tally, ReadError> {
    smol::block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let send = async {
            let mut stream = TcpStream::connect(address).await?;
            io::copy(File::open(path).await?, &mut stream).await?;
            stream.shutdown(Shutdown::Write)?;
            Ok(())
        };
        let receive = async {
            let (stream, _) = listener.accept().await?;
            from_tcp(stream, options, cuts, progress).await
        };
        let ((), tally) = try_zip(send, receive).await?;
        Ok(tally)
    })
}

/// Counts the frames that arrive on a connection.
///
/// Each read takes no more bytes than `cuts` says, whatever the parser could use: it must not matter where a frame is
/// cut.
///
/// # Errors
/// What is wrong with the connection or the bytes.
pub async fn from_tcp(
    mut stream: TcpStream,
    options: Options,
    mut cuts: Cuts,
    progress: &Progress,
) -> Result<Tally, ReadError> {
    let feed = Feed::new();
    let mut parser = Parser::new(&feed, options.limits);
    let mut tally = Tally::new();
    let mut read = async |_wanted: usize| -> Result<_, ReadError> {
        let mut bytes = vec![0; cuts.next_size()];
        let count = stream.read(&mut bytes).await?;
        bytes.truncate(count);
        progress.add(count);
        Ok(bytes)
    };
    while let Some(frame) = supply(&feed, parser.frame(options.grammar), &mut read).await? {
        tally.count(&frame);
    }
    Ok(tally.finish(parser.offset()))
}
