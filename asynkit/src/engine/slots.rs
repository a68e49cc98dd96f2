//! [`Slots`]: a slot of 64 bytes for each task, which it keeps from its spawn to its end.

use super::{
    cell::{Site, TaskCell},
    id::{GENERATIONS, SLOTS},
    throw::Extra,
};
use crate::{
    context::TaskContext,
    priority::Priority,
    queue::{Link, Links, NIL},
};
use alloc::{boxed::Box, vec::Vec};
use core::panic::Location;

/// Where a task stands; the low bit says that it is to run, the third one that it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    /// The slot has no task.
    Free = 0,
    /// It waits to be woken.
    Blocked = 2,
    /// It is in the ready queue.
    Queued = 3,
    Running = 4,
    /// It was woken while it runs.
    Rewoken = 5,
    /// It is in the ready queue while it runs: it has asked for a position.
    Placed = 7,
}

impl State {
    /// Whether it is to run, or to run again: what is left then to be distinguished is for the caller.
    #[inline(always)]
    pub(super) fn is_due(self) -> bool {
        self as u8 & 1 != 0
    }

    /// Whether it runs, or has started one that runs.
    #[inline(always)]
    pub(super) fn is_running(self) -> bool {
        self as u8 & 4 != 0
    }

    /// Whether it is in the ready queue.
    pub(super) fn is_queued(self) -> bool {
        matches!(self, State::Queued | State::Placed)
    }
}

/// What makes a poll unusual; a poll tests them all at once.
pub(crate) mod flag {
    /// Its future is not in a cell but with the call that drives it.
    pub(crate) const ROOT: u8 = 2;
    /// Errors are to be delivered.
    pub(crate) const THROWN: u8 = 4;
    /// It is dropped at its next turn.
    pub(crate) const ABORTED: u8 = 8;
    /// A root was due when another call drove the executor.
    pub(crate) const CALLED: u8 = 16;
    /// It is no task but a callback, which is in the slot's [`Extra`](super::Extra).
    pub(crate) const CALLBACK: u8 = 32;
    /// It is polled by a waker that tells whether it is kept.
    pub(crate) const PROBE: u8 = 64;
}

/// What the executor knows of a task.
#[repr(align(64))]
pub(crate) struct Slot {
    link: Link,
    pub(super) priority: Priority,
    pub(super) generation: u32,
    pub(super) state: State,
    pub(super) flags: u8,
    pub(super) cell: Option<TaskCell>,
    pub(super) context: TaskContext,
    pub(super) site: Site,
    pub(super) extra: Option<Box<Extra>>,
}

const _: () = assert!(size_of::<usize>() > 8 || size_of::<Slot>() == 64);

impl AsMut<Link> for Slot {
    #[inline(always)]
    fn as_mut(&mut self) -> &mut Link {
        &mut self.link
    }
}

impl Slot {
    /// The rarely used part, made where it is needed.
    pub(super) fn extra(&mut self) -> &mut Extra {
        self.extra.get_or_insert_default()
    }
}

/// All slots; those without a task are used again.
pub(crate) struct Slots {
    all: Vec<Slot>,
    /// The first slot without a task, or [`NIL`]; each chains the next one.
    free: u32,
    /// How many have a task.
    occupied: u32,
    /// The generation of slots that had no task yet.
    first_generation: u32,
}

impl Slots {
    pub(super) fn new(first_generation: u32) -> Self {
        Slots { all: Vec::new(), free: NIL, occupied: 0, first_generation }
    }

    #[inline(always)]
    pub(super) fn at(&mut self, index: u32) -> &mut Slot {
        &mut self.all[index as usize]
    }

    /// All of them, for what looks at a slot more than once: the compiler then knows that they are still there.
    #[inline(always)]
    pub(super) fn rows(&mut self) -> &mut [Slot] {
        &mut self.all
    }

    pub(super) fn get(&self, index: u32) -> Option<&Slot> {
        self.all.get(index as usize)
    }

    #[inline(always)]
    pub(super) fn get_mut(&mut self, index: u32) -> Option<&mut Slot> {
        self.all.get_mut(index as usize)
    }

    /// A slot for a new task, with its state and flags.
    #[inline(always)]
    pub(super) fn occupy(&mut self, state: State, flags: u8) -> (u32, &mut Slot) {
        // No slot has the number `NIL`.
        if self.free as usize >= self.all.len() {
            self.free = self.grow();
        }
        let index = self.free;
        self.occupied += 1;
        let slot = &mut self.all[index as usize];
        self.free = slot.link.chained();
        slot.state = state;
        slot.flags = flags;
        (index, slot)
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> u32 {
        let index = u32::try_from(self.all.len()).unwrap_or(SLOTS);
        // The last one stands for tasks that were never started.
        assert!(index < SLOTS - 1, "an executor has fewer than {SLOTS} tasks at a time");
        self.all.push(Slot {
            link: Link::new(),
            priority: Priority::NORMAL,
            generation: self.first_generation,
            state: State::Free,
            flags: 0,
            cell: None,
            context: TaskContext::empty(),
            site: Location::caller(),
            extra: None,
        });
        index
    }

    /// Makes the slot free, whose parts were taken.
    #[inline(always)]
    pub(super) fn vacate(&mut self, index: u32) {
        self.occupied -= 1;
        let slot = &mut self.all[index as usize];
        slot.state = State::Free;
        slot.generation = (slot.generation + 1) & GENERATIONS;
        // One whose generations are used up is not used again.
        if slot.generation != self.first_generation {
            slot.link.chain(self.free);
            self.free = index;
        }
    }

    /// How many have a task.
    pub(super) fn occupied(&self) -> usize {
        self.occupied as usize
    }

    /// How many there are.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.all.len()).expect("`grow` keeps it below the number of slots")
    }

    /// A generation that none of these slots has had.
    pub(super) fn next_generation(&self) -> u32 {
        let first = self.first_generation;
        let used = |slot: &Slot| slot.generation.wrapping_sub(first) & GENERATIONS;
        let most = self.all.iter().map(used).max().unwrap_or(0);
        first.wrapping_add(most + 1) & GENERATIONS
    }
}

impl Links for [Slot] {
    type Row = Slot;

    #[inline(always)]
    fn link(&self, slot: u32) -> &Link {
        &self[slot as usize].link
    }

    #[inline(always)]
    fn link_mut(&mut self, slot: u32) -> &mut Link {
        &mut self[slot as usize].link
    }

    #[inline(always)]
    fn row(&mut self, slot: u32) -> Option<&mut Slot> {
        self.get_mut(slot as usize)
    }

    #[inline(always)]
    fn key(&self, slot: u32) -> u64 {
        self[slot as usize].priority.key()
    }
}

impl Links for Slots {
    type Row = Slot;

    #[inline(always)]
    fn link(&self, slot: u32) -> &Link {
        self.all.link(slot)
    }

    #[inline(always)]
    fn link_mut(&mut self, slot: u32) -> &mut Link {
        self.all.link_mut(slot)
    }

    #[inline(always)]
    fn row(&mut self, slot: u32) -> Option<&mut Slot> {
        self.all.row(slot)
    }

    #[inline(always)]
    fn key(&self, slot: u32) -> u64 {
        self.all.key(slot)
    }
}
