//! [`PubSub`]: who listens to which channels.

use super::{mailbox::Mailbox, pattern};
use crate::resp::encode::{blob, header};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What a client can listen to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One channel.
    Channel,
    /// All channels that fit a pattern.
    Pattern,
}

impl Kind {
    pub(super) const fn subscribe(self) -> &'static str {
        match self {
            Kind::Channel => "subscribe",
            Kind::Pattern => "psubscribe",
        }
    }

    pub(super) const fn unsubscribe(self) -> &'static str {
        match self {
            Kind::Channel => "unsubscribe",
            Kind::Pattern => "punsubscribe",
        }
    }
}

/// What one client listens to.
#[derive(Debug, Default)]
pub(super) struct Subscriptions {
    channels: BTreeSet<Vec<u8>>,
    patterns: BTreeSet<Vec<u8>>,
}

impl Subscriptions {
    const fn names(&mut self, kind: Kind) -> &mut BTreeSet<Vec<u8>> {
        match kind {
            Kind::Channel => &mut self.channels,
            Kind::Pattern => &mut self.patterns,
        }
    }

    pub(super) fn insert(&mut self, kind: Kind, name: &[u8]) -> bool {
        self.names(kind).insert(name.to_vec())
    }

    pub(super) fn remove(&mut self, kind: Kind, name: &[u8]) -> bool {
        self.names(kind).remove(name)
    }

    pub(super) fn all(&mut self, kind: Kind) -> Vec<Vec<u8>> {
        self.names(kind).iter().cloned().collect()
    }

    pub(super) fn count(&self) -> usize {
        self.channels.len() + self.patterns.len()
    }
}

/// Those who listen to a channel, by the number of the client: in the order that they came in.
type Listeners = BTreeMap<i64, Arc<Mailbox>>;

/// Who listens to which channels.
#[derive(Debug, Default)]
pub(super) struct PubSub {
    channels: BTreeMap<Vec<u8>, Listeners>,
    patterns: BTreeMap<Vec<u8>, Listeners>,
}

impl PubSub {
    const fn names(&mut self, kind: Kind) -> &mut BTreeMap<Vec<u8>, Listeners> {
        match kind {
            Kind::Channel => &mut self.channels,
            Kind::Pattern => &mut self.patterns,
        }
    }

    pub(super) fn subscribe(&mut self, kind: Kind, name: &[u8], client: i64, mailbox: &Arc<Mailbox>) {
        self.names(kind).entry(name.to_vec()).or_default().insert(client, Arc::clone(mailbox));
    }

    pub(super) fn unsubscribe(&mut self, kind: Kind, name: &[u8], client: i64) {
        if let Some(listeners) = self.names(kind).get_mut(name) {
            listeners.remove(&client);
            if listeners.is_empty() {
                self.names(kind).remove(name);
            }
        }
    }

    /// Sends a message to all who listen; how many that are.
    pub(super) fn publish(&self, channel: &[u8], message: &[u8]) -> usize {
        let mut count = 0;
        if let Some(listeners) = self.channels.get(channel) {
            count += send(listeners, &[b"message", channel, message]);
        }
        for (pattern, listeners) in &self.patterns {
            if pattern::matches(pattern, channel) {
                count += send(listeners, &[b"pmessage", pattern, channel, message]);
            }
        }
        count
    }

    /// The channels that somebody listens to.
    pub(super) fn channels(&self) -> impl Iterator<Item = &[u8]> {
        self.channels.keys().map(Vec::as_slice)
    }

    pub(super) fn subscribers(&self, channel: &[u8]) -> usize {
        self.channels.get(channel).map_or(0, BTreeMap::len)
    }

    /// How many patterns somebody listens to.
    pub(super) fn patterns(&self) -> usize {
        self.patterns.len()
    }
}

fn send(listeners: &Listeners, parts: &[&[u8]]) -> usize {
    let mut message = Vec::new();
    header(&mut message, b'*', parts.len());
    for part in parts {
        blob(&mut message, b'$', part);
    }
    for mailbox in listeners.values() {
        mailbox.send(&message);
    }
    listeners.len()
}
