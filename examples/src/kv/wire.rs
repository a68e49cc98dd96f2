//! [`Wire`]: a connection that listens to its socket and to its mailbox at once.

use super::{
    mailbox::{Closing, Mailbox, Served},
    runtime::{Runtime, Stream as _},
};
use std::{
    cell::RefCell,
    future::{pending, poll_fn},
    io, mem,
    pin::pin,
    sync::Arc,
    task::{Poll, ready},
    time::Duration,
};

/// How many bytes are read at once, unless a long string wants more.
const READ: usize = 16 << 10;

/// The most that is read at once, and the most that is read ahead while a client is blocked.
const READ_MOST: usize = 1 << 20;

/// How many bytes of replies are held back while there are more requests to answer.
pub(super) const REPLIES: usize = 64 << 10;

/// After how many batches in a row a connection that never has to wait lets the others go first.
const TURNS: u32 = 16;

/// A connection with its mailbox.
#[derive(Debug)]
pub(super) struct Wire<R: Runtime> {
    stream: R::Stream,
    mailbox: Arc<Mailbox>,
    buffer: Vec<u8>,
    /// What came in while the client was blocked.
    ahead: Vec<u8>,
    /// How many reads there were since it last had to wait.
    turns: u32,
}

/// How a wait for an element of a list ended.
#[derive(Debug)]
pub(super) enum Waited {
    Served(Served),
    TimeIsUp,
    Closing(Closing),
    /// The peer has hung up.
    Gone,
}

enum Event {
    Mail,
    Bytes(io::Result<usize>),
    TimeIsUp,
}

impl<R: Runtime> Wire<R> {
    pub(super) fn new(stream: R::Stream, mailbox: Arc<Mailbox>) -> Self {
        Wire { stream, mailbox, buffer: vec![0; READ], ahead: Vec::new(), turns: 0 }
    }

    /// Sends all replies and messages, and waits for bytes, best `wanted` of them; none at the end.
    pub(super) async fn receive(&mut self, wanted: usize, replies: &RefCell<Vec<u8>>) -> io::Result<Vec<u8>> {
        self.send(replies).await?;
        if !self.ahead.is_empty() {
            return Ok(mem::take(&mut self.ahead));
        }
        self.buffer.resize(wanted.clamp(READ, READ_MOST), 0);
        if R::READS_LATE || self.turns == TURNS {
            self.turns = 0;
            yield_now().await;
        }
        self.turns += 1;
        loop {
            let event = poll_fn(|cx| {
                if self.mailbox.poll(cx).is_ready() {
                    return Poll::Ready(Event::Mail);
                }
                let read = self.stream.poll_read(cx, &mut self.buffer);
                if read.is_pending() {
                    self.turns = 0;
                }
                read.map(Event::Bytes)
            });
            match event.await {
                Event::Bytes(count) => return Ok(self.buffer[..count?].to_vec()),
                Event::Mail | Event::TimeIsUp => {
                    self.send(replies).await?;
                    if self.mailbox.closing().is_some() {
                        return Ok(Vec::new());
                    }
                }
            }
        }
    }

    /// Waits until the client is served, while its messages go on. What its peer sends meanwhile is kept for later.
    pub(super) async fn wait(
        &mut self,
        timeout: Option<Duration>,
        replies: &RefCell<Vec<u8>>,
    ) -> io::Result<Waited> {
        self.send(replies).await?;
        let mut time_is_up = pin!(async {
            match timeout {
                Some(timeout) => R::sleep(timeout).await,
                None => pending().await,
            }
        });
        loop {
            if let Some(served) = self.mailbox.take_served() {
                return Ok(Waited::Served(served));
            }
            if let Some(closing) = self.mailbox.closing() {
                return Ok(Waited::Closing(closing));
            }
            let event = poll_fn(|cx| {
                if self.mailbox.poll(cx).is_ready() {
                    return Poll::Ready(Event::Mail);
                }
                if time_is_up.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Event::TimeIsUp);
                }
                if self.ahead.len() >= READ_MOST {
                    return Poll::Pending;
                }
                self.stream.poll_read(cx, &mut self.buffer).map(Event::Bytes)
            });
            match event.await {
                Event::Mail => self.send(replies).await?,
                Event::TimeIsUp => return Ok(Waited::TimeIsUp),
                Event::Bytes(Ok(count @ 1..)) => self.ahead.extend_from_slice(&self.buffer[..count]),
                Event::Bytes(_) => return Ok(Waited::Gone),
            }
        }
    }

    /// Sends what there is to send, and the messages that have come.
    pub(super) async fn send(&mut self, replies: &RefCell<Vec<u8>>) -> io::Result<()> {
        let mut bytes = replies.take();
        self.mailbox.take_messages(&mut bytes);
        let mut sent = 0;
        let written = poll_fn(|cx| {
            while sent < bytes.len() {
                match self.stream.poll_write(cx, &bytes[sent..]) {
                    Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                    Poll::Ready(Ok(count)) => sent += count,
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    // A peer that does not read could hold it here for ever.
                    Poll::Pending => {
                        ready!(self.mailbox.poll_abort(cx));
                        return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
                    }
                }
            }
            Poll::Ready(Ok(()))
        });
        written.await?;
        bytes.clear();
        // A long reply may have made it large; most are short.
        bytes.shrink_to(REPLIES * 2);
        replies.replace(bytes);
        Ok(())
    }
}

/// Lets the other tasks go first, on any runtime.
async fn yield_now() {
    let mut has_yielded = false;
    poll_fn(|cx| {
        if mem::replace(&mut has_yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
