//! [`Heap`]: a 4-ary heap whose entries can be told where they are, so that they can be taken out again from there.

use alloc::vec::Vec;

/// How many children an entry has: four lie side by side in memory, and halve the depth.
const CHILDREN: usize = 4;

/// The least entry first.
///
/// Entries that compare equal have no order among them; whoever wants one makes it part of the entry. `moved` is told
/// of each entry that has got a new index.
#[derive(Debug, Clone)]
pub(crate) struct Heap<E> {
    entries: Vec<E>,
}

impl<E> Heap<E> {
    pub(crate) const fn new() -> Self {
        Heap { entries: Vec::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    pub(crate) fn first(&self) -> Option<&E> {
        self.entries.first()
    }

    /// The entries by their index.
    pub(crate) fn as_slice(&self) -> &[E] {
        &self.entries
    }

    /// The same, to change; whoever changes their order restores it by [`update`](Self::update) or
    /// [`rebuild`](Self::rebuild).
    pub(crate) fn as_mut_slice(&mut self) -> &mut [E] {
        &mut self.entries
    }

    pub(crate) fn into_vec(self) -> Vec<E> {
        self.entries
    }

    /// The indices of the entries that come directly after the one at `at`.
    pub(crate) fn children(&self, at: usize) -> core::ops::Range<usize> {
        let first = (at * CHILDREN + 1).min(self.entries.len());
        first..(first + CHILDREN).min(self.entries.len())
    }
}

impl<E: Ord> Heap<E> {
    pub(crate) fn push(&mut self, entry: E, moved: impl FnMut(&E, usize)) {
        self.entries.push(entry);
        self.rise(self.entries.len() - 1, moved);
    }

    pub(crate) fn extend(&mut self, entries: impl IntoIterator<Item = E>) {
        for entry in entries {
            self.push(entry, |_, _| {});
        }
    }

    /// Takes out the entry at the index `at`.
    ///
    /// # Panics
    /// Where there is none.
    pub(crate) fn remove(&mut self, at: usize, moved: impl FnMut(&E, usize)) -> E {
        let entry = self.entries.swap_remove(at);
        if at < self.entries.len() {
            self.update(at, moved);
        }
        entry
    }

    /// Takes out the least one.
    pub(crate) fn pop(&mut self, moved: impl FnMut(&E, usize)) -> Option<E> {
        if self.entries.is_empty() { None } else { Some(self.remove(0, moved)) }
    }

    /// The entry at `at` has changed, or is new there.
    pub(crate) fn update(&mut self, at: usize, mut moved: impl FnMut(&E, usize)) {
        if self.rise(at, &mut moved) == at {
            self.sink(at, &mut moved);
        }
    }

    /// Any of the entries have changed.
    pub(crate) fn rebuild(&mut self) {
        let parents = self.entries.len().div_ceil(CHILDREN);
        for at in (0..parents).rev() {
            self.sink(at, |_, _| {});
        }
    }

    fn rise(&mut self, mut at: usize, mut moved: impl FnMut(&E, usize)) -> usize {
        while at > 0 {
            let parent = (at - 1) / CHILDREN;
            if self.entries[parent] <= self.entries[at] {
                break;
            }
            self.entries.swap(parent, at);
            moved(&self.entries[at], at);
            at = parent;
        }
        moved(&self.entries[at], at);
        at
    }

    fn sink(&mut self, mut at: usize, mut moved: impl FnMut(&E, usize)) {
        while let Some(least) = self.children(at).min_by(|&a, &b| self.entries[a].cmp(&self.entries[b])) {
            if self.entries[at] <= self.entries[least] {
                break;
            }
            self.entries.swap(at, least);
            moved(&self.entries[at], at);
            at = least;
        }
        moved(&self.entries[at], at);
    }
}
