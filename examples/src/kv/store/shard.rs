//! [`Shard`]: keys that share a lock, with those who watch them or wait for them.

use super::{Keys, List, Millis, Object};
use crate::kv::mailbox::Mailbox;
use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Set when a key that is watched has changed.
pub(in crate::kv) type Dirty = Arc<AtomicBool>;

/// An end of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::kv) enum Side {
    Left,
    Right,
}

impl Side {
    pub(in crate::kv) fn pop(self, list: &mut List) -> Option<Vec<u8>> {
        match self {
            Side::Left => list.pop_front(),
            Side::Right => list.pop_back(),
        }
    }

    pub(in crate::kv) fn push(self, list: &mut List, value: Vec<u8>) {
        match self {
            Side::Left => list.push_front(value),
            Side::Right => list.push_back(value),
        }
    }
}

/// A client that waits for a list to have an element.
#[derive(Debug, Clone)]
pub(in crate::kv) struct Waiter {
    /// Says which of the client's waits this is.
    pub(in crate::kv) ticket: u64,
    pub(in crate::kv) mailbox: Arc<Mailbox>,
    pub(in crate::kv) side: Side,
}

/// Keys that share a lock.
#[derive(Debug, Default)]
pub(in crate::kv) struct Shard {
    pub(super) keys: Keys<Object>,
    watched: HashMap<Vec<u8>, Vec<Dirty>>,
    /// Who waits for a list, the first one first.
    waiting: HashMap<Vec<u8>, VecDeque<Waiter>>,
}

impl Shard {
    /// Forgets every key whose time has come.
    pub(super) fn expire(&mut self, now: Millis) {
        let watched = &self.watched;
        self.keys.expire(now, |key| touch(watched, key));
    }

    /// Tells those who watch a key that it has changed.
    pub(super) fn touch(&self, key: &[u8]) {
        touch(&self.watched, key);
    }

    /// Forgets all keys.
    pub(super) fn clear(&mut self) {
        for key in self.watched.keys().filter(|key| self.keys.get(key).is_some()) {
            touch(&self.watched, key);
        }
        self.keys = Keys::new();
    }

    pub(super) fn watch(&mut self, key: &[u8], dirty: &Dirty) {
        let watchers = self.watched.entry(key.to_vec()).or_default();
        if !watchers.iter().any(|watcher| Arc::ptr_eq(watcher, dirty)) {
            watchers.push(Arc::clone(dirty));
        }
    }

    pub(super) fn unwatch(&mut self, key: &[u8], dirty: &Dirty) {
        if let Some(watchers) = self.watched.get_mut(key) {
            watchers.retain(|watcher| !Arc::ptr_eq(watcher, dirty));
            if watchers.is_empty() {
                self.watched.remove(key);
            }
        }
    }

    pub(super) fn wait(&mut self, key: &[u8], waiter: Waiter) {
        self.waiting.entry(key.to_vec()).or_default().push_back(waiter);
    }

    /// Somebody does not wait for `key` any more.
    pub(super) fn leave(&mut self, key: &[u8], ticket: u64) {
        if let Some(waiters) = self.waiting.get_mut(key) {
            waiters.retain(|waiter| waiter.ticket != ticket);
            if waiters.is_empty() {
                self.waiting.remove(key);
            }
        }
    }

    pub(super) fn is_awaited(&self, key: &[u8]) -> bool {
        !self.waiting.is_empty() && self.waiting.contains_key(key)
    }

    /// Hands the elements of a list to those who wait for them, in the order that they came in.
    pub(super) fn serve(&mut self, key: &[u8]) {
        let Some(waiters) = self.waiting.get_mut(key) else { return };
        let Some(Object::List(list)) = self.keys.get_mut(key) else { return };
        let mut is_changed = false;
        while let Some(waiter) = waiters.front() {
            let Some(value) = waiter.side.pop(list) else { break };
            match waiter.mailbox.serve(waiter.ticket, key, value) {
                Ok(()) => is_changed = true,
                // It has left already, or was served by another key.
                Err(value) => waiter.side.push(list, value),
            }
            waiters.pop_front();
        }
        if waiters.is_empty() {
            self.waiting.remove(key);
        }
        if list.is_empty() {
            self.keys.remove(key);
        }
        if is_changed {
            self.touch(key);
        }
    }
}

fn touch(watched: &HashMap<Vec<u8>, Vec<Dirty>>, key: &[u8]) {
    if watched.is_empty() {
        return;
    }
    for watcher in watched.get(key).into_iter().flatten() {
        watcher.store(true, Ordering::Relaxed);
    }
}
