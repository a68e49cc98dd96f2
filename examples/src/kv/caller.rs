//! [`Caller`]: a client, as sync code that uses the parser of the server.

use crate::resp::{Feed, Grammar, Limits, Parser, Protocol, ReadError, Value, supply};
use asynkit::{await_sync, leavesync};
use std::{
    cell::{Cell, RefCell},
    io::{self, Read as _, Write as _},
    mem,
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// How many bytes are read at once.
const READ: usize = 64 << 10;

/// A client: it sends commands and waits for their replies.
#[derive(Debug)]
pub struct Caller {
    stream: TcpStream,
    /// What has arrived behind the replies that were read.
    ahead: Vec<u8>,
}

impl Caller {
    /// Connects to a server.
    ///
    /// # Errors
    /// Those of the system.
    pub fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Caller { stream, ahead: Vec::new() })
    }

    /// How long [`receive`](Self::receive) waits; `None`: for ever.
    ///
    /// # Errors
    /// Those of the system.
    pub fn set_patience(&self, patience: Option<Duration>) -> io::Result<()> {
        self.stream.set_read_timeout(patience)
    }

    /// Sends a command without waiting for its reply.
    ///
    /// # Errors
    /// Those of the connection.
    pub fn send<A: Into<Vec<u8>>>(&mut self, command: impl IntoIterator<Item = A>) -> io::Result<()> {
        self.stream.write_all(&Value::command(command).to_bytes(Protocol::Resp2))
    }

    /// Sends a command and waits for its reply, which may be an error of the command.
    ///
    /// # Errors
    /// Those of the connection.
    pub fn call<A: Into<Vec<u8>>>(
        &mut self,
        command: impl IntoIterator<Item = A>,
    ) -> Result<Value, ReadError> {
        self.send(command)?;
        self.receive()
    }

    /// Sends commands at once, and waits for all their replies.
    ///
    /// # Errors
    /// Those of the connection.
    pub fn pipeline<A: Into<Vec<u8>>>(
        &mut self,
        commands: impl IntoIterator<Item = Vec<A>>,
    ) -> Result<Vec<Value>, ReadError> {
        let mut bytes = Vec::new();
        let mut count = 0;
        for command in commands {
            Value::command(command).encode(Protocol::Resp2, &mut bytes);
            count += 1;
        }
        self.stream.write_all(&bytes)?;
        self.receive_all(count)
    }

    /// Waits for the next reply or message.
    ///
    /// # Errors
    /// Those of the connection; that it has ended is one of them.
    pub fn receive(&mut self) -> Result<Value, ReadError> {
        self.receive_all(1).map(|mut values| values.remove(0))
    }

    /// Waits for so many replies or messages.
    ///
    /// # Errors
    /// Those of the connection; that it has ended is one of them.
    pub fn receive_all(&mut self, count: usize) -> Result<Vec<Value>, ReadError> {
        let given = RefCell::new(mem::take(&mut self.ahead));
        let left_over = Cell::new(given.borrow().clone());
        // It blocks, and says so: the same code could not hold up an executor by mistake.
        let mut read = leavesync(|_wanted: usize| {
            let mut bytes = left_over.take();
            if bytes.is_empty() {
                bytes = vec![0; READ];
                let arrived = (&self.stream).read(&mut bytes)?;
                bytes.truncate(arrived);
                given.borrow_mut().extend_from_slice(&bytes);
            }
            Ok::<_, ReadError>(bytes)
        });
        let (values, taken) = await_sync(async {
            let feed = Feed::new();
            let mut parser = Parser::new(&feed, Limits::new());
            let mut values = Vec::new();
            while values.len() < count {
                let value = supply(&feed, parser.frame(Grammar::Replies), &mut read).await?;
                values.push(value.ok_or(io::Error::from(io::ErrorKind::UnexpectedEof))?);
            }
            Ok::<_, ReadError>((values, parser.offset()))
        })??;
        let mut given = given.take();
        given.drain(..usize::try_from(taken).unwrap_or(usize::MAX));
        self.ahead = given;
        Ok(values)
    }
}
