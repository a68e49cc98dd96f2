//! [`Locked`]: the keys of a command, which nobody else changes meanwhile.

use super::{Dirty, End, Keys, Kind, Millis, Object, Text, Waiter, index, shard::Shard};
use std::sync::MutexGuard;

/// A key holds something of another kind than the command works with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::kv) struct WrongKind;

type Held<'a> = (usize, MutexGuard<'a, Shard>);

/// Some shards, locked.
///
/// # Panics
/// Its methods, for a key of another shard.
#[derive(Debug)]
pub(in crate::kv) struct Locked<'a> {
    /// How many shards there are in all.
    shards: usize,
    /// Mostly it is one, which needs no memory.
    first: Option<Held<'a>>,
    rest: Vec<Held<'a>>,
    /// Lists that got elements while somebody waits for them.
    pushed: Vec<Vec<u8>>,
}

impl<'a> Locked<'a> {
    pub(super) const fn new(shards: usize, first: Option<Held<'a>>, rest: Vec<Held<'a>>) -> Self {
        Locked { shards, first, rest, pushed: Vec::new() }
    }

    fn shard(&mut self, key: &[u8]) -> &mut Shard {
        let wanted = index(key, self.shards);
        let held = self.first.iter_mut().chain(&mut self.rest).find(|(at, _)| *at == wanted);
        &mut held.expect("a command locks the shards of its keys").1
    }

    /// The keys of all shards that are locked.
    pub(in crate::kv) fn each(&self) -> impl Iterator<Item = &Keys<Object>> {
        self.first.iter().chain(&self.rest).map(|(_, shard)| &shard.keys)
    }

    /// What a key holds.
    pub(in crate::kv) fn object(&mut self, key: &[u8]) -> Option<&Object> {
        self.shard(key).keys.get(key)
    }

    /// What a key holds, as one of the kinds.
    pub(in crate::kv) fn read<K: Kind>(&mut self, key: &[u8]) -> Result<Option<&K>, WrongKind> {
        self.object(key).map(|object| K::of(object).ok_or(WrongKind)).transpose()
    }

    /// The same, to be changed, if it is there. The key goes away if nothing is left in it.
    pub(in crate::kv) fn change<K: Kind, T>(
        &mut self,
        key: &[u8],
        change: impl FnOnce(&mut K) -> T,
    ) -> Result<Option<T>, WrongKind> {
        let shard = self.shard(key);
        let Some(object) = shard.keys.get_mut(key) else { return Ok(None) };
        let result = change(K::of_mut(object).ok_or(WrongKind)?);
        let is_empty = object.is_empty();
        if is_empty {
            shard.keys.remove(key);
        }
        shard.touch(key);
        Ok(Some(result))
    }

    /// The same, made where it is not there.
    pub(in crate::kv) fn make<K: Kind, T>(
        &mut self,
        key: &[u8],
        change: impl FnOnce(&mut K) -> T,
    ) -> Result<T, WrongKind> {
        let shard = self.shard(key);
        let result = if let Some(object) = shard.keys.get_mut(key) {
            change(K::of_mut(object).ok_or(WrongKind)?)
        } else {
            let mut new = K::default();
            let result = change(&mut new);
            let object = new.into_object();
            if object.is_empty() {
                return Ok(result);
            }
            shard.keys.set(key, object, End::Never);
            result
        };
        shard.touch(key);
        if shard.is_awaited(key) {
            self.pushed.push(key.to_vec());
        }
        Ok(result)
    }

    /// Sets a string.
    pub(in crate::kv) fn set(&mut self, key: &[u8], value: Text, end: End) {
        let shard = self.shard(key);
        shard.keys.set(key, Object::Text(value), end);
        shard.touch(key);
    }

    /// When a key ends; `None`: there is no such key, `Some(None)`: it does not.
    #[expect(clippy::option_option, reason = "whether there is a key, and whether it ends")]
    pub(in crate::kv) fn end(&mut self, key: &[u8]) -> Option<Option<Millis>> {
        self.shard(key).keys.end(key)
    }

    /// Sets when a key ends, which may be now.
    pub(in crate::kv) fn set_end(&mut self, key: &[u8], end: Option<Millis>, now: Millis) {
        let shard = self.shard(key);
        if end.is_some_and(|end| end <= now) {
            shard.keys.remove(key);
        } else {
            shard.keys.set_end(key, end);
        }
        shard.touch(key);
    }

    /// Forgets a key; whether there was one.
    pub(in crate::kv) fn remove(&mut self, key: &[u8]) -> bool {
        let shard = self.shard(key);
        let is_removed = shard.keys.remove(key).is_some();
        if is_removed {
            shard.touch(key);
        }
        is_removed
    }

    /// Forgets all keys of these shards.
    pub(in crate::kv) fn clear(&mut self) {
        for (_, shard) in self.first.iter_mut().chain(&mut self.rest) {
            shard.clear();
        }
    }

    /// Has `dirty` set when the key changes.
    pub(in crate::kv) fn watch(&mut self, key: &[u8], dirty: &Dirty) {
        self.shard(key).watch(key, dirty);
    }

    pub(in crate::kv) fn unwatch(&mut self, key: &[u8], dirty: &Dirty) {
        self.shard(key).unwatch(key, dirty);
    }

    /// Puts a client at the end of those who wait for a list.
    pub(in crate::kv) fn wait(&mut self, key: &[u8], waiter: Waiter) {
        self.shard(key).wait(key, waiter);
    }

    /// Takes it out again.
    pub(in crate::kv) fn leave(&mut self, key: &[u8], ticket: u64) {
        self.shard(key).leave(key, ticket);
    }

    /// Hands what was pushed to those who wait for it. A command does so at its end, a transaction at its own.
    pub(in crate::kv) fn serve(&mut self) {
        for key in std::mem::take(&mut self.pushed) {
            self.shard(&key).serve(&key);
        }
    }

    /// Looks at the next `count` keys from `cursor` on, shard by shard; see [`Keys::scan`].
    ///
    /// All shards must be locked. A cursor is the one of a shard's keys, times the number of shards, plus its number.
    pub(in crate::kv) fn scan(&self, mut cursor: u64, count: usize) -> (u64, Vec<&[u8]>) {
        let shards = self.shards as u64;
        let mut found = Vec::new();
        loop {
            let (at, inner) = (cursor % shards, cursor / shards);
            let keys = usize::try_from(at).ok().and_then(|at| self.each().nth(at));
            let (inner, more) = keys.map(|keys| keys.scan(inner, count - found.len())).unwrap_or_default();
            found.extend(more);
            cursor = match inner {
                0 if at + 1 == shards => return (0, found),
                0 => at + 1,
                inner => inner * shards + at,
            };
            if found.len() >= count {
                return (cursor, found);
            }
        }
    }
}
