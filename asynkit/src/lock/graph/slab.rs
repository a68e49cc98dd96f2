//! [`Slab`]: items by index, whose memory is used again.

use alloc::vec::Vec;
use core::ops::{Index, IndexMut};

/// No item.
pub(in crate::lock) const NONE: u32 = u32::MAX;

/// An item that was given back stays as it was left, with the memory that it has.
pub(super) struct Slab<T> {
    items: Vec<T>,
    free: Vec<u32>,
}

impl<T> Slab<T> {
    pub(super) const fn new() -> Self {
        Slab { items: Vec::new(), free: Vec::new() }
    }

    /// An item to be filled: a new one, or as somebody else has left it.
    pub(super) fn add(&mut self) -> u32
    where
        T: Default,
    {
        if let Some(at) = self.free.pop() {
            return at;
        }
        self.items.push(T::default());
        u32::try_from(self.items.len() - 1).expect("there are fewer than 2^32 of them")
    }

    pub(super) fn remove(&mut self, at: u32) {
        self.free.push(at);
    }
}

impl<T> Index<u32> for Slab<T> {
    type Output = T;

    fn index(&self, at: u32) -> &T {
        &self.items[at as usize]
    }
}

impl<T> IndexMut<u32> for Slab<T> {
    fn index_mut(&mut self, at: u32) -> &mut T {
        &mut self.items[at as usize]
    }
}
