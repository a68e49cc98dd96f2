//! One connection, from its first byte to its end.

use super::{
    client::Client,
    commands::{self, Blocked},
    mailbox::{Closing, Served},
    reply::Reply,
    runtime::Runtime,
    server::{self, Server},
    store::{List, Millis, Shards},
    wire::{REPLIES, Waited, Wire},
};
use crate::resp::{Feed, Grammar, ParseError, Parser, ReadError, Value, supply};
use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    sync::Arc,
};

/// Answers one client until one side ends it.
pub(super) async fn connection<R: Runtime>(stream: R::Stream, address: SocketAddr, server: &Server) {
    let mut client = server.enter(address);
    let wire = Wire::<R>::new(stream, Arc::clone(&client.mailbox));
    // A peer that hangs up, even in the middle of a frame, is no news; one whose bytes do not parse has been told.
    let _ = talk(wire, &mut client, server).await;
    server.leave(&mut client);
}

/// Why requests are not read on for now.
enum Pause {
    /// There are no more.
    Ended,
    /// The client wants to leave.
    Quits,
    /// It waits for something.
    Blocked,
    /// There is enough to send.
    Full,
}

/// What one batch of requests has to do with the next.
struct Batch {
    replies: RefCell<Vec<u8>>,
    /// The time of all commands that came in together.
    now: Cell<Millis>,
}

async fn talk<R: Runtime>(mut wire: Wire<R>, client: &mut Client, server: &Server) -> Result<(), ReadError> {
    let feed = Feed::new();
    let mut parser = Parser::new(&feed, server.limits);
    let batch = Batch { replies: RefCell::default(), now: Cell::new(server::now()) };
    loop {
        // When the parser asks for bytes it has used up what came, so every reply to that is due.
        let pause =
            supply(&feed, answer(&mut parser, client, server, &batch), &mut async |wanted| -> Result<
                _,
                ReadError,
            > {
                let bytes = wire.receive(wanted, &batch.replies).await?;
                batch.now.set(server::now());
                Ok(bytes)
            })
            .await;
        server.count(client);
        match pause {
            Ok(Pause::Full) => wire.send(&batch.replies).await?,
            Ok(Pause::Blocked) => {
                if let Some(blocked) = client.blocked.take() {
                    block(&mut wire, client, server, &batch, &blocked).await?;
                }
            }
            Ok(Pause::Ended | Pause::Quits) => return Ok(wire.send(&batch.replies).await?),
            Err(ReadError::Parse(error)) => {
                // Where we have ended it, what is cut off is not the peer's fault.
                if client.mailbox.closing().is_none() {
                    Value::error(error.reply()).encode(client.protocol, &mut batch.replies.borrow_mut());
                    wire.send(&batch.replies).await?;
                }
                return Err(ReadError::Parse(error));
            }
            Err(error) => return Err(error),
        }
    }
}

/// Answers requests, as long as there are any.
///
/// It is one coroutine over all that has arrived, so that what the parser's owner costs is paid once a batch.
async fn answer(
    parser: &mut Parser<'_>,
    client: &mut Client,
    server: &Server,
    batch: &Batch,
) -> Result<Pause, ParseError> {
    while let Some(request) = parser.frame(Grammar::Requests).await? {
        let Value::Array(words) = request else { unreachable!("{request:?} is no request") };
        let mut replies = batch.replies.borrow_mut();
        commands::run(server, client, words, batch.now.get(), &mut replies);
        if client.quits {
            return Ok(Pause::Quits);
        }
        if client.blocked.is_some() {
            return Ok(Pause::Blocked);
        }
        if replies.len() > REPLIES {
            return Ok(Pause::Full);
        }
    }
    Ok(Pause::Ended)
}

/// Waits for what the client waits for, and answers.
async fn block<R: Runtime>(
    wire: &mut Wire<R>,
    client: &mut Client,
    server: &Server,
    batch: &Batch,
    blocked: &Blocked,
) -> Result<(), ReadError> {
    server.count_blocked(true);
    let waited = wire.wait(blocked.timeout, &batch.replies).await;
    server.count_blocked(false);
    // It may have been served in the last moment.
    let late = client.mailbox.give_up();
    batch.now.set(server::now());

    let keys = blocked.keys.iter().map(|key| server.store.shard_of(key)).fold(Shards::NONE, Shards::and);
    let mut keys = server.store.lock(keys, batch.now.get());
    for key in &blocked.keys {
        keys.leave(key, blocked.ticket);
    }
    let element = match (waited, late) {
        (Ok(Waited::Served(element)), _) | (Ok(Waited::TimeIsUp | Waited::Closing(_)), Some(element)) => {
            Some(element)
        }
        (Ok(Waited::TimeIsUp), None) => None,
        (Ok(Waited::Closing(Closing::Shutdown)), None) => {
            drop(keys);
            let mut replies = batch.replies.borrow_mut();
            Reply::new(&mut replies, client.protocol).error("UNBLOCKED the server is shutting down");
            return Ok(());
        }
        (Ok(Waited::Closing(_)), None) => return Ok(()),
        (gone, element) => {
            // The next one gets it.
            if let Some(Served { key, value }) = element {
                let _ = keys.make(&key, |list: &mut List| blocked.side.push(list, value));
                keys.serve();
            }
            drop(keys);
            return gone.map(|_| client.quits = true).map_err(ReadError::from);
        }
    };
    drop(keys);
    let mut replies = batch.replies.borrow_mut();
    let mut reply = Reply::new(&mut replies, client.protocol);
    match element {
        Some(Served { key, value }) => {
            reply.array(2);
            reply.bulk(&key);
            reply.bulk(&value);
        }
        None => reply.null_array(),
    }
    Ok(())
}
