//! [`Mailbox`]: what others want of a connection, wherever it runs.

use crate::resp::Protocol;
use std::{
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

/// How many bytes of messages a client may leave unread: redis' bound for subscribers.
const MOST: usize = 32 << 20;

/// Messages, elements of lists, and the wish that the connection ends.
#[derive(Debug, Default)]
pub(super) struct Mailbox(Mutex<Mail>);

#[derive(Debug, Default)]
struct Mail {
    /// Messages of channels, as they are sent.
    messages: Vec<u8>,
    protocol: Protocol,
    wait: Wait,
    closing: Option<Closing>,
    /// Wakes the connection.
    waker: Option<Waker>,
}

/// Whether the client waits for an element of a list.
#[derive(Debug, Default)]
enum Wait {
    #[default]
    Not,
    /// With this ticket.
    Open(u64),
    Served(Served),
}

/// An element of a list for a client that waited for it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Served {
    pub(super) key: Vec<u8>,
    pub(super) value: Vec<u8>,
}

/// Why a connection is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closing {
    /// The server does.
    Shutdown,
    /// Another client wants it.
    Killed,
    /// It left too many messages unread.
    Slow,
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, Mail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The version that messages are sent in from now on.
    pub(super) fn speak(&self, protocol: Protocol) {
        self.lock().protocol = protocol;
    }

    /// Leaves a message of a channel, which is an array: in RESP3 it becomes a push.
    pub(super) fn send(&self, message: &[u8]) {
        let mut mail = self.lock();
        if mail.closing.is_some() {
            return;
        }
        if mail.messages.len() + message.len() > MOST {
            mail.closing = Some(Closing::Slow);
        } else {
            let start = mail.messages.len();
            mail.messages.extend_from_slice(message);
            if mail.protocol == Protocol::Resp3 {
                mail.messages[start] = b'>';
            }
        }
        wake(mail);
    }

    /// Asks the connection to end.
    pub(super) fn close(&self, why: Closing) {
        let mut mail = self.lock();
        mail.closing.get_or_insert(why);
        wake(mail);
    }

    pub(super) fn closing(&self) -> Option<Closing> {
        self.lock().closing
    }

    /// The client waits for an element of a list from now on.
    pub(super) fn open(&self, ticket: u64) {
        self.lock().wait = Wait::Open(ticket);
    }

    /// Gives the client what it waits for; gives it back if it does not wait any more.
    pub(super) fn serve(&self, ticket: u64, key: &[u8], value: Vec<u8>) -> Result<(), Vec<u8>> {
        let mut mail = self.lock();
        if !matches!(mail.wait, Wait::Open(open) if open == ticket) {
            return Err(value);
        }
        mail.wait = Wait::Served(Served { key: key.to_vec(), value });
        wake(mail);
        Ok(())
    }

    /// Takes what the client waited for, if it has come.
    pub(super) fn take_served(&self) -> Option<Served> {
        let mut mail = self.lock();
        match mem::take(&mut mail.wait) {
            Wait::Served(served) => Some(served),
            open @ (Wait::Open(_) | Wait::Not) => {
                mail.wait = open;
                None
            }
        }
    }

    /// The same, and if it has not come, the client does not wait any more.
    pub(super) fn give_up(&self) -> Option<Served> {
        match mem::take(&mut self.lock().wait) {
            Wait::Served(served) => Some(served),
            Wait::Open(_) | Wait::Not => None,
        }
    }

    /// Moves the messages to `out`.
    pub(super) fn take_messages(&self, out: &mut Vec<u8>) {
        let mut mail = self.lock();
        if !mail.messages.is_empty() {
            out.append(&mut mail.messages);
        }
    }

    /// Ready when there is something in it.
    pub(super) fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut mail = self.lock();
        if mail.closing.is_some() || !mail.messages.is_empty() || matches!(mail.wait, Wait::Served(_)) {
            return Poll::Ready(());
        }
        mail.wait_for(cx)
    }

    /// Ready when the connection is to end even if its peer has not been sent everything.
    pub(super) fn poll_abort(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut mail = self.lock();
        match mail.closing {
            Some(Closing::Killed | Closing::Slow) => Poll::Ready(()),
            Some(Closing::Shutdown) | None => mail.wait_for(cx),
        }
    }
}

impl Mail {
    fn wait_for(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !self.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
            self.waker = Some(cx.waker().clone());
        }
        Poll::Pending
    }
}

fn wake(mut mail: MutexGuard<'_, Mail>) {
    let waker = mail.waker.take();
    drop(mail);
    if let Some(waker) = waker {
        waker.wake();
    }
}
