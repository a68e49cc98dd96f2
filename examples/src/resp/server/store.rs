//! [`Store`]: keys, their values, and when they end.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
    rc::Rc,
};

/// A point in time: milliseconds since 1970, as redis counts.
pub type Millis = u64;

/// A dictionary of byte strings some of which end at a set time.
///
/// What is due goes away in [`expire`](Self::expire), which is called before each command, so nothing else has to ask
/// what time it is.
#[derive(Debug, Default)]
pub struct Store {
    entries: HashMap<Rc<[u8]>, Entry>,
    /// The keys in the order that they were made in: what a scan walks along.
    order: BTreeMap<u64, Rc<[u8]>>,
    /// The entries that end, the next one first.
    ends: BTreeSet<(Millis, u64)>,
    /// The number of the last key that was made.
    last: u64,
}

#[derive(Debug)]
struct Entry {
    value: Vec<u8>,
    end: Option<Millis>,
    /// Its place in `order`.
    number: u64,
}

impl Store {
    /// An empty store.
    pub fn new() -> Self {
        Store::default()
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many of them end.
    pub fn ending(&self) -> usize {
        self.ends.len()
    }

    /// Forgets every key whose time has come.
    pub fn expire(&mut self, now: Millis) {
        while let Some(&(end, number)) = self.ends.first() {
            if end > now {
                break;
            }
            let key = Rc::clone(&self.order[&number]);
            self.remove(&key);
        }
    }

    /// The value of a key.
    pub fn get(&self, key: &[u8]) -> Option<&[u8]> {
        self.entries.get(key).map(|entry| &*entry.value)
    }

    /// When a key ends; `None`: there is no such key, `Some(None)`: it does not.
    pub fn end(&self, key: &[u8]) -> Option<Option<Millis>> {
        self.entries.get(key).map(|entry| entry.end)
    }

    /// Sets a value and leaves it to the key when it ends. Returns the value that was there.
    pub fn set(&mut self, key: &[u8], value: Vec<u8>) -> Option<Vec<u8>> {
        if let Some(entry) = self.entries.get_mut(key) {
            return Some(std::mem::replace(&mut entry.value, value));
        }
        self.last += 1;
        let key: Rc<[u8]> = key.into();
        self.order.insert(self.last, Rc::clone(&key));
        self.entries.insert(key, Entry { value, end: None, number: self.last });
        None
    }

    /// Sets when a key ends, if there is such a key; `None`: never.
    pub fn set_end(&mut self, key: &[u8], end: Option<Millis>) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        if let Some(old) = std::mem::replace(&mut entry.end, end) {
            self.ends.remove(&(old, entry.number));
        }
        if let Some(end) = end {
            self.ends.insert((end, entry.number));
        }
    }

    /// Forgets a key; whether there was one.
    pub fn remove(&mut self, key: &[u8]) -> bool {
        let Some(entry) = self.entries.remove(key) else { return false };
        self.order.remove(&entry.number);
        if let Some(end) = entry.end {
            self.ends.remove(&(end, entry.number));
        }
        true
    }

    /// Looks at the next `count` keys from `cursor` on; the cursor to go on from is 0 after the last one.
    ///
    /// A scan goes from the newest key to the oldest, and its cursor is the number of the last one that it looked at. So
    /// it meets each key that stays exactly once, whatever is set and deleted in between, and it ends: it does not meet
    /// what was made after it began.
    pub fn scan(&self, cursor: u64, count: usize) -> (u64, Vec<&[u8]>) {
        let older = if cursor == 0 { Bound::Unbounded } else { Bound::Excluded(cursor) };
        let mut rest = self.order.range((Bound::Unbounded, older)).rev();
        let mut keys = Vec::new();
        let mut last = 0;
        for (number, key) in rest.by_ref().take(count) {
            last = *number;
            keys.push(&**key);
        }
        (if rest.next().is_some() { last } else { 0 }, keys)
    }
}
