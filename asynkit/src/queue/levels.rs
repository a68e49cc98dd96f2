//! [`Levels`]: up to 64 priorities, each with a list of its own.

use super::{LEVELS, Links, NIL, NORMAL, list::List};

/// The level of [`Priority::NORMAL`](crate::priority::Priority::NORMAL), which is always there.
pub(super) const NORMAL_LEVEL: u8 = 0;

/// The levels by their order, which is their *rank*, and by an *id* that stays while they last, which entries keep.
///
/// A level that has run empty stays until its place is needed.
#[derive(Debug)]
pub(super) struct Levels {
    /// Bit `r`: the level of rank `r` has entries; that of the normal level says nothing, its list does.
    live: u64,
    /// The bit of the normal level.
    normal: u64,
    count: usize,
    /// By id.
    lists: [List; LEVELS],
    /// By id.
    keys: [u64; LEVELS],
    /// By rank, ascending.
    sorted: [u64; LEVELS],
    /// By rank.
    ids: [u8; LEVELS],
    /// By id.
    ranks: [u8; LEVELS],
}

/// The ranks of a bitmap, in their order.
#[derive(Debug)]
pub(super) struct Ranks(u64);

impl Iterator for Ranks {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let rank = self.0.trailing_zeros() as usize;
        self.0 &= self.0.wrapping_sub(1);
        (rank < LEVELS).then_some(rank)
    }
}

impl Levels {
    pub(super) const fn new() -> Self {
        Levels {
            live: 0,
            normal: 1,
            count: 1,
            lists: [List::EMPTY; LEVELS],
            keys: [NORMAL; LEVELS],
            sorted: [NORMAL; LEVELS],
            ids: [NORMAL_LEVEL; LEVELS],
            ranks: [0; LEVELS],
        }
    }

    #[inline(always)]
    fn list_mut(&mut self, id: u8) -> &mut List {
        // An id is below 64; the mask tells the compiler.
        &mut self.lists[usize::from(id) % LEVELS]
    }

    pub(super) fn list(&self, id: u8) -> List {
        self.lists[usize::from(id) % LEVELS]
    }

    /// Whether no level but the normal one has entries.
    pub(super) fn is_normal(&self) -> bool {
        self.live & !self.normal == 0
    }

    /// The ranks of the levels that have entries, in their order.
    pub(super) fn live(&self) -> Ranks {
        Ranks(self.bits())
    }

    #[inline(always)]
    fn bits(&self) -> u64 {
        let normal = if self.list(NORMAL_LEVEL).is_empty() { 0 } else { self.normal };
        self.live & !self.normal | normal
    }

    /// The key and the list of a rank.
    pub(super) fn at(&self, rank: usize) -> (u64, List) {
        (self.sorted[rank], self.list(self.ids[rank]))
    }

    /// Appends a slot to the normal level.
    #[inline(always)]
    pub(super) fn push_back_normal<L: Links + ?Sized>(&mut self, slots: &mut L, slot: u32, sequence: u64) {
        self.normal_mut().push_back(slots, slot, sequence | u64::from(NORMAL_LEVEL));
    }

    /// Appends a slot to a level.
    #[inline]
    pub(super) fn push_back<L: Links + ?Sized>(&mut self, slots: &mut L, id: u8, slot: u32, sequence: u64) {
        self.live |= 1 << self.ranks[usize::from(id) % LEVELS];
        self.list_mut(id).push_back(slots, slot, sequence | u64::from(id));
    }

    pub(super) fn push_front<L: Links + ?Sized>(&mut self, slots: &mut L, id: u8, slot: u32) {
        self.live |= 1 << self.ranks[usize::from(id)];
        self.list_mut(id).push_front(slots, slot);
        slots.link_mut(slot).set_home(id);
    }

    /// The list of the normal level.
    #[inline(always)]
    pub(super) fn normal_mut(&mut self) -> &mut List {
        self.list_mut(NORMAL_LEVEL)
    }

    /// The next entry, in all levels.
    pub(super) fn pop<L: Links + ?Sized>(&mut self, slots: &mut L) -> Option<u32> {
        let live = self.bits();
        if live == 0 {
            return None;
        }
        let id = self.ids[live.trailing_zeros() as usize];
        let list = self.list_mut(id);
        let (slot, _) = list.pop_front(slots)?;
        if list.head == NIL {
            self.live = live & (live - 1);
        }
        Some(slot)
    }

    #[inline]
    pub(super) fn unlink<L: Links + ?Sized>(&mut self, slots: &mut L, id: u8, slot: u32) {
        let list = self.list_mut(id);
        list.unlink(slots, slot);
        if list.is_empty() {
            self.live &= !(1 << self.ranks[usize::from(id)]);
        }
    }

    /// The level of a key, which is not the normal one, if that is this one.
    #[inline(always)]
    pub(super) fn guess(&self, id: u8, key: u64) -> Option<u8> {
        // Levels that are not there yet have the key of the normal one.
        self.keys.get(usize::from(id)).filter(|&&other| other == key).map(|_| id)
    }

    /// The level of a key, a new one where there is none; `None` where 64 others have entries.
    pub(super) fn open(&mut self, key: u64) -> Option<u8> {
        match self.sorted[..self.count].binary_search(&key) {
            Ok(rank) => Some(self.ids[rank]),
            Err(rank) => self.open_new(key, rank),
        }
    }

    #[cold]
    fn open_new(&mut self, key: u64, mut rank: usize) -> Option<u8> {
        let id = if self.count < LEVELS {
            u8::try_from(self.count).expect("it is below 64")
        } else {
            let empty = !(self.live | self.normal);
            if empty == 0 {
                return None;
            }
            let closed = empty.trailing_zeros() as usize;
            if closed < rank {
                rank -= 1;
            }
            self.close(closed)
        };
        self.sorted.copy_within(rank..self.count, rank + 1);
        self.ids.copy_within(rank..self.count, rank + 1);
        self.count += 1;
        self.sorted[rank] = key;
        self.keys[usize::from(id)] = key;
        self.ids[rank] = id;
        let below = (1 << rank) - 1;
        let widen = |bits: u64| bits & below | (bits & !below) << 1;
        (self.live, self.normal) = (widen(self.live), widen(self.normal));
        self.number_from(rank);
        Some(id)
    }

    /// Forgets an empty level; gives its id.
    fn close(&mut self, rank: usize) -> u8 {
        let id = self.ids[rank];
        self.sorted.copy_within(rank + 1..self.count, rank);
        self.ids.copy_within(rank + 1..self.count, rank);
        self.count -= 1;
        let below = (1 << rank) - 1;
        let narrow = |bits: u64| bits & below | bits >> 1 & !below;
        (self.live, self.normal) = (narrow(self.live), narrow(self.normal));
        self.number_from(rank);
        id
    }

    fn number_from(&mut self, rank: usize) {
        for (rank, &id) in (0..).zip(&self.ids[..self.count]).skip(rank) {
            self.ranks[usize::from(id)] = rank;
        }
    }
}
