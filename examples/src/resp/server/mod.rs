//! `resp --serve`: a small server that redis-cli and redis-benchmark can work with.

mod commands;
pub mod pattern;
mod request;
pub mod store;

use super::{Grammar, Limits, Parser, Protocol, ReadError, Value, input::Feed, supply};
use smol::{
    LocalExecutor, Timer,
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use std::{
    cell::RefCell,
    io,
    net::Shutdown,
    rc::Rc,
    time::{Duration, Instant, SystemTime},
};
use store::{Millis, Store};

/// How many bytes are read at once, unless a long string wants more.
const READ: usize = 16 << 10;

/// The most that is read at once.
const READ_MOST: usize = 1 << 20;

/// How many bytes of replies are held back while there are more requests to answer.
const REPLIES: usize = 64 << 10;

/// What all connections share. They take turns on one thread, as in redis.
#[derive(Debug)]
struct Server {
    store: Store,
    limits: Limits,
    port: u16,
    started: Instant,
    /// The time of the command that is running.
    now: Millis,
    /// Connections that are open, and all that ever were.
    clients: u64,
    accepted: i64,
    commands: u64,
}

/// What belongs to one connection.
#[derive(Debug)]
struct Client {
    id: i64,
    protocol: Protocol,
    /// Whether the connection is closed after the reply.
    quits: bool,
}

/// Answers every connection that `listener` accepts, and never returns.
///
/// No peer can end it: not by malformed input, which costs the peer its connection, nor by hanging up.
pub async fn serve(listener: TcpListener, limits: Limits) -> io::Result<()> {
    let server = Rc::new(RefCell::new(Server {
        store: Store::new(),
        limits,
        port: listener.local_addr()?.port(),
        started: Instant::now(),
        now: 0,
        clients: 0,
        accepted: 0,
        commands: 0,
    }));
    let connections = LocalExecutor::new();
    connections
        .run(async {
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => {
                        let server = Rc::clone(&server);
                        connections.spawn(async move { connection(stream, &server).await }).detach();
                    }
                    // Too many open files, for instance: some will close.
                    Err(error) => {
                        eprintln!("resp: cannot accept a connection, trying again: {error}");
                        Timer::after(Duration::from_millis(100)).await;
                    }
                }
            }
        })
        .await
}

/// One connection, from its first byte to its end.
async fn connection(mut stream: TcpStream, server: &RefCell<Server>) {
    let (client, limits) = server.borrow_mut().enter();
    // A peer that hangs up, even in the middle of a frame, is no news; one whose bytes do not parse has been told.
    let _ = talk(&mut stream, client, server, limits).await;
    let _ = stream.shutdown(Shutdown::Both);
    server.borrow_mut().clients -= 1;
}

/// Reads requests and answers them until one side ends it.
async fn talk(
    stream: &mut TcpStream,
    mut client: Client,
    server: &RefCell<Server>,
    limits: Limits,
) -> Result<(), ReadError> {
    let _ = stream.set_nodelay(true);
    let feed = Feed::new();
    let mut parser = Parser::new(&feed, limits);
    let mut replies = Vec::new();
    let mut buffer = vec![0; READ];
    loop {
        let request = supply(
            &feed,
            parser.frame(Grammar::Requests),
            &mut async |wanted: usize| -> Result<_, ReadError> {
                // The parser has used up what came, so every reply to that is due.
                send(stream, &mut replies).await?;
                buffer.resize(wanted.clamp(READ, READ_MOST), 0);
                let count = stream.read(&mut buffer).await?;
                Ok(buffer[..count].to_vec())
            },
        )
        .await;
        match request {
            Ok(Some(Value::Array(words))) => {
                server.borrow_mut().run(&mut client, words).encode(client.protocol, &mut replies);
            }
            Ok(Some(other)) => unreachable!("{other:?} is no request"),
            Ok(None) => return send(stream, &mut replies).await.map_err(ReadError::from),
            Err(ReadError::Parse(error)) => {
                Value::error(error.reply()).encode(client.protocol, &mut replies);
                send(stream, &mut replies).await?;
                return Err(ReadError::Parse(error));
            }
            Err(error) => return Err(error),
        }
        if client.quits || replies.len() > REPLIES {
            send(stream, &mut replies).await?;
        }
        if client.quits {
            return Ok(());
        }
    }
}

/// Sends what there is to send.
async fn send(stream: &mut TcpStream, replies: &mut Vec<u8>) -> io::Result<()> {
    stream.write_all(replies).await?;
    replies.clear();
    // A long reply may have made it large; most are short.
    replies.shrink_to(REPLIES * 2);
    Ok(())
}

impl Server {
    /// A new connection.
    fn enter(&mut self) -> (Client, Limits) {
        self.clients += 1;
        self.accepted += 1;
        (Client { id: self.accepted, protocol: Protocol::Resp2, quits: false }, self.limits)
    }

    /// Answers one request.
    fn run(&mut self, client: &mut Client, words: Vec<Value>) -> Value {
        let since_1970 = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        self.now = u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX);
        self.store.expire(self.now);
        self.commands += 1;
        let words = words.into_iter().map(|word| match word {
            Value::Bulk(word) => word,
            other => unreachable!("{other:?} is no argument"),
        });
        commands::run(self, client, words.collect())
    }

    fn uptime(&self) -> Duration {
        self.started.elapsed()
    }
}
