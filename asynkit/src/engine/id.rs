//! [`TaskId`]: which task of which executor, in one integer; and how much of it fits into a waker.
//!
//! The number of an executor and the index of a slot are used again; the generation counts the tasks that a slot has had.
//! A slot whose generations are used up is retired, so that an identity never means another task of its executor.

use core::fmt;

/// How many bits each part has.
pub(super) struct Layout {
    executor: u32,
    generation: u32,
    slot: u32,
}

const WIDE: Layout = Layout { executor: 12, generation: 24, slot: 28 };
const NARROW: Layout = Layout { executor: 6, generation: 8, slot: 18 };

/// What a waker's data pointer can hold. A waker that has lost bits of the generation may wake a later task of the slot,
/// which is a spurious wake; identities are never shortened.
const WAKER: Layout = if usize::BITS >= 64 { WIDE } else { NARROW };

/// How many executors there can be at a time.
pub(super) const EXECUTORS: u32 = 1 << WAKER.executor;
/// How many tasks an executor can have at a time.
pub(super) const SLOTS: u32 = 1 << WAKER.slot;
/// The bits of a generation.
pub(super) const GENERATIONS: u32 = (1 << WIDE.generation) - 1;

/// The parts of an identity, or of a waker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) executor: u32,
    pub(crate) generation: u32,
    pub(crate) slot: u32,
}

impl Layout {
    #[inline(always)]
    const fn pack(&self, parts: Parts) -> u64 {
        let generation = parts.generation as u64 & ((1 << self.generation) - 1);
        (parts.executor as u64) << (self.generation + self.slot) | generation << self.slot | parts.slot as u64
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "each part is masked to its bits")]
    const fn unpack(&self, bits: u64) -> Parts {
        Parts {
            executor: (bits >> (self.generation + self.slot)) as u32 & ((1 << self.executor) - 1),
            generation: (bits >> self.slot) as u32 & ((1 << self.generation) - 1),
            slot: bits as u32 & ((1 << self.slot) - 1),
        }
    }
}

/// What the wakers of an executor have in common.
#[expect(clippy::cast_possible_truncation, reason = "the layout was chosen by the pointer's width")]
pub(super) const fn waker_tag(executor: u32) -> usize {
    WAKER.pack(Parts { executor, generation: 0, slot: 0 }) as usize
}

/// What a waker holds besides.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the layout was chosen by the pointer's width")]
pub(super) const fn waker_bits(generation: u32, slot: u32) -> usize {
    if WAKER.generation == WIDE.generation {
        // Generations have no more bits than that.
        return ((generation as u64) << WAKER.slot) as usize | slot as usize;
    }
    WAKER.pack(Parts { executor: 0, generation, slot }) as usize
}

/// The slot that a waker means.
#[inline(always)]
pub(super) const fn waker_slot(bits: usize) -> u32 {
    WAKER.unpack(bits as u64).slot
}

/// Whether the bits without the tag of an executor mean the task that a slot of its own with this generation has.
#[inline(always)]
pub(super) const fn is_generation(untagged: usize, generation: u32) -> bool {
    // Bits of another executor's tag are left above.
    let kept = if WAKER.generation == WIDE.generation {
        generation
    } else {
        generation & ((1 << WAKER.generation) - 1)
    };
    untagged >> WAKER.slot == kept as usize
}

impl Parts {
    #[inline(always)]
    pub(super) const fn from_waker(bits: usize) -> Self {
        WAKER.unpack(bits as u64)
    }
}

/// The identity of a task: `Send`, and never that of another task.
///
/// [`task`](TaskId::task) finds the task again, on its thread and as long as it has not ended.
///
/// # Examples
/// ```
/// use asynkit::{Executor, spawn};
///
/// Executor::run(async {
///     let task = spawn(async { 1 });
///     let id = task.id();
///     assert_eq!(id.task().unwrap(), *task);
///     assert_eq!(task.await.unwrap(), 1);
///     assert!(id.task().is_none());
/// });
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(u64);

impl TaskId {
    #[inline(always)]
    pub(crate) const fn new(parts: Parts) -> Self {
        TaskId(WIDE.pack(parts))
    }

    #[inline(always)]
    pub(crate) const fn parts(self) -> Parts {
        WIDE.unpack(self.0)
    }

    /// The identity as an integer; every integer is one, of nobody perhaps.
    pub(crate) const fn bits(self) -> u64 {
        self.0
    }

    pub(crate) const fn of_bits(bits: u64) -> Self {
        TaskId(bits)
    }
}

impl fmt::Debug for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { executor, generation, slot } = self.parts();
        write!(f, "task {executor}:{slot}.{generation}")
    }
}

#[cfg(test)]
mod tests {
    use super::{GENERATIONS, Layout, NARROW, Parts, WIDE};

    #[test]
    fn what_was_packed_is_unpacked_in_both_widths() {
        for layout in [WIDE, NARROW] {
            let Layout { executor, generation, slot } = layout;
            for at in [0, 1, 0x2a] {
                let highest = |bits: u32| (1_u32 << bits) - 1;
                for parts in [
                    Parts { executor: at, generation: at, slot: at },
                    Parts {
                        executor: highest(executor) - at,
                        generation: highest(generation) - at,
                        slot: highest(slot) - at,
                    },
                ] {
                    assert_eq!(layout.unpack(layout.pack(parts)), parts);
                }
            }
            assert_eq!(layout.pack(layout.unpack(u64::MAX)).count_ones(), executor + generation + slot);
        }
    }

    #[test]
    fn a_narrow_waker_keeps_the_low_bits_of_the_generation() {
        let parts = Parts { executor: 5, generation: GENERATIONS, slot: 9 };
        let kept = NARROW.unpack(NARROW.pack(parts));
        assert_eq!((kept.executor, kept.generation, kept.slot), (5, GENERATIONS & 0xff, 9));
    }
}
