//! [`Client`]: what belongs to one connection.

use super::{
    commands::{Blocked, Transaction},
    mailbox::Mailbox,
    pubsub::Subscriptions,
};
use crate::resp::Protocol;
use std::sync::Arc;

/// What belongs to one connection.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) id: i64,
    pub(super) protocol: Protocol,
    /// Whether the connection is closed after the reply.
    pub(super) quits: bool,
    /// How many commands it has called since they were counted.
    pub(super) commands: u64,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) subscriptions: Subscriptions,
    pub(super) transaction: Transaction,
    /// What it waits for, instead of a reply.
    pub(super) blocked: Option<Blocked>,
}

impl Client {
    pub(super) fn new(id: i64) -> Self {
        Client {
            id,
            protocol: Protocol::Resp2,
            quits: false,
            commands: 0,
            mailbox: Arc::default(),
            subscriptions: Subscriptions::default(),
            transaction: Transaction::default(),
            blocked: None,
        }
    }

    /// Sets the version of the protocol.
    pub(super) fn speak(&mut self, protocol: Protocol) {
        self.protocol = protocol;
        self.mailbox.speak(protocol);
    }
}
