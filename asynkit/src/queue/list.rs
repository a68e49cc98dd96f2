//! [`List`]: a doubly linked list through the links of the slots.

use super::{Link, Links, NIL};

/// The ends of the list; both are [`NIL`], or none.
///
/// `prev` of the head is stale: who takes off the front does not touch the entry behind it.
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    pub(super) head: u32,
    pub(super) tail: u32,
}

impl List {
    pub(super) const EMPTY: List = List { head: NIL, tail: NIL };

    #[inline(always)]
    pub(super) fn is_empty(self) -> bool {
        self.tail == NIL
    }

    /// Its entries.
    pub(super) fn iter<L: Links + ?Sized>(self, slots: &L) -> impl Iterator<Item = u32> {
        let next = |&slot: &u32| Some(slots.link(slot).next).filter(|&next| next != NIL);
        core::iter::successors(Some(self.head).filter(|&head| head != NIL), next)
    }

    /// Appends `slot`, with this stamp.
    #[inline(always)]
    pub(super) fn push_back<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32, stamp: u64) {
        let tail = self.tail;
        *slots.link_mut(slot) = Link { prev: tail, next: NIL, stamp };
        self.tail = slot;
        // No slot has the number `NIL`.
        match slots.row(tail) {
            Some(last) => last.as_mut().next = slot,
            None => self.head = slot,
        }
    }

    #[inline(always)]
    pub(super) fn push_front<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32) {
        let head = self.head;
        slots.link_mut(slot).next = head;
        self.head = slot;
        match slots.row(head) {
            Some(first) => first.as_mut().prev = slot,
            None => self.tail = slot,
        }
    }

    /// Inserts `slot` behind `at`, an entry of the list.
    #[inline(always)]
    pub(super) fn insert_after<L: Links + ?Sized>(&mut self, slots: &mut L, at: u32, slot: u32) {
        let before = slots.link_mut(at);
        let next = before.next;
        before.next = slot;
        let link = slots.link_mut(slot);
        link.prev = at;
        link.next = next;
        match slots.row(next) {
            Some(behind) => behind.as_mut().prev = slot,
            None => self.tail = slot,
        }
    }

    /// Takes off the head, if there is one; gives it with its row.
    #[inline(always)]
    pub(super) fn pop_front<'a, L: Links + ?Sized>(
        &mut self,
        slots: &'a mut L,
    ) -> Option<(u32, &'a mut L::Row)> {
        let head = self.head;
        // No slot has the number `NIL`.
        let row = slots.row(head)?;
        let next = row.as_mut().next;
        self.head = next;
        if next == NIL {
            self.tail = NIL;
        }
        Some((head, row))
    }

    /// Takes out an entry of the list.
    #[inline]
    pub(super) fn unlink<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32) {
        let link = *slots.link(slot);
        let prev = if self.head == slot { NIL } else { link.prev };
        if prev == NIL {
            self.head = link.next;
        } else {
            slots.link_mut(prev).next = link.next;
        }
        if link.next == NIL {
            self.tail = prev;
        } else {
            slots.link_mut(link.next).prev = prev;
        }
    }
}
