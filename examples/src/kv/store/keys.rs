//! [`Keys`]: keys, what they hold, and when they end.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
    sync::Arc,
};

/// A point in time: milliseconds since 1970, as redis counts.
pub type Millis = u64;

/// A dictionary some of whose keys end at a set time.
///
/// What is due goes away in [`expire`](Self::expire), which is called before each command, so nothing else has to ask
/// what time it is.
#[derive(Debug)]
pub struct Keys<V> {
    entries: HashMap<Arc<[u8]>, Entry<V>>,
    /// The keys in the order that they were made in: what a scan walks along.
    order: BTreeMap<u64, Arc<[u8]>>,
    /// The entries that end, the next one first.
    ends: BTreeSet<(Millis, u64)>,
    /// The number of the last key that was made.
    last: u64,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    end: Option<Millis>,
    /// Its place in `order`.
    number: u64,
}

/// When a key that is written ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// When it did before.
    Kept,
    /// Never.
    Never,
    /// At this time.
    At(Millis),
}

impl<V> Default for Keys<V> {
    fn default() -> Self {
        Keys { entries: HashMap::new(), order: BTreeMap::new(), ends: BTreeSet::new(), last: 0 }
    }
}

impl<V> Keys<V> {
    /// Without any key.
    pub fn new() -> Self {
        Keys::default()
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

    /// Forgets every key whose time has come, and says which.
    pub fn expire(&mut self, now: Millis, mut gone: impl FnMut(&[u8])) {
        while let Some(&(end, number)) = self.ends.first() {
            if end > now {
                break;
            }
            let key = Arc::clone(&self.order[&number]);
            self.remove(&key);
            gone(&key);
        }
    }

    /// What a key holds.
    pub fn get(&self, key: &[u8]) -> Option<&V> {
        self.entries.get(key).map(|entry| &entry.value)
    }

    /// What a key holds, to be changed.
    pub fn get_mut(&mut self, key: &[u8]) -> Option<&mut V> {
        self.entries.get_mut(key).map(|entry| &mut entry.value)
    }

    /// When a key ends; `None`: there is no such key, `Some(None)`: it does not.
    pub fn end(&self, key: &[u8]) -> Option<Option<Millis>> {
        self.entries.get(key).map(|entry| entry.end)
    }

    /// Sets what a key holds and when it ends; what it held before.
    pub fn set(&mut self, key: &[u8], value: V, end: End) -> Option<V> {
        let Some(entry) = self.entries.get_mut(key) else {
            self.make(key, value);
            if let End::At(end) = end {
                self.set_end(key, Some(end));
            }
            return None;
        };
        let old = std::mem::replace(&mut entry.value, value);
        match (end, entry.end) {
            (End::Kept, _) | (End::Never, None) => {}
            (End::Never, Some(_)) => self.set_end(key, None),
            (End::At(end), _) => self.set_end(key, Some(end)),
        }
        Some(old)
    }

    /// Makes a key that is not there.
    fn make(&mut self, key: &[u8], value: V) {
        self.last += 1;
        let key: Arc<[u8]> = key.into();
        self.order.insert(self.last, Arc::clone(&key));
        self.entries.insert(key, Entry { value, end: None, number: self.last });
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

    /// Forgets a key; what it held.
    pub fn remove(&mut self, key: &[u8]) -> Option<V> {
        let entry = self.entries.remove(key)?;
        self.order.remove(&entry.number);
        if let Some(end) = entry.end {
            self.ends.remove(&(end, entry.number));
        }
        Some(entry.value)
    }

    /// The keys, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.entries.keys().map(|key| &**key)
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
