//! [`Members`]: a set that can give any of its members.

use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::{BuildHasher as _, Hasher as _},
    sync::Arc,
};

/// Strings without order, each once.
#[derive(Debug, Default)]
pub struct Members {
    /// Where each stands in `members`.
    places: HashMap<Arc<[u8]>, usize>,
    members: Vec<Arc<[u8]>>,
}

impl Members {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Whether this is one.
    pub fn contains(&self, member: &[u8]) -> bool {
        self.places.contains_key(member)
    }

    /// Adds one; whether it is new.
    pub fn insert(&mut self, member: &[u8]) -> bool {
        if self.contains(member) {
            return false;
        }
        let member: Arc<[u8]> = member.into();
        self.places.insert(Arc::clone(&member), self.members.len());
        self.members.push(member);
        true
    }

    /// Takes one out; whether it was there.
    pub fn remove(&mut self, member: &[u8]) -> bool {
        let Some(place) = self.places.remove(member) else { return false };
        self.members.swap_remove(place);
        if let Some(moved) = self.members.get(place) {
            self.places.insert(Arc::clone(moved), place);
        }
        true
    }

    /// Takes any one out.
    pub fn pop(&mut self) -> Option<Arc<[u8]>> {
        let count = self.members.len() as u64;
        // Each state starts from keys of its own: enough chance for this, and no state to keep.
        let place = RandomState::new().build_hasher().finish().checked_rem(count)?;
        let member = Arc::clone(&self.members[usize::try_from(place).ok()?]);
        self.remove(&member);
        Some(member)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.members.iter().map(|member| &**member)
    }
}
