//! [`Subject`]: the queue and a slab, with a switch for faults that a comparison has to find.

use super::{Model, Operation};
use crate::{
    priority::Priority,
    queue::{Link, Links, ReadyQueue},
};

/// What is wrong with the queue, on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// Of those with the priority of the first, the last one is popped.
    LifoAmongEquals,
    /// What was removed is still there.
    LostRemove,
    /// A re-sorted entry goes to the end of its new priority.
    RekeyForgetsSequence,
    /// What runs before an inserted one stays where its priority puts it.
    UnpinnedInsert,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    link: Link,
    priority: Priority,
    is_queued: bool,
}

#[derive(Debug, Default)]
struct Slab(Vec<Slot>);

impl AsMut<Link> for Slot {
    fn as_mut(&mut self) -> &mut Link {
        &mut self.link
    }
}

impl Links for Slab {
    type Row = Slot;

    fn link(&self, slot: u32) -> &Link {
        &self.0[slot as usize].link
    }

    fn link_mut(&mut self, slot: u32) -> &mut Link {
        &mut self.0[slot as usize].link
    }

    fn row(&mut self, slot: u32) -> Option<&mut Slot> {
        self.0.get_mut(slot as usize)
    }

    fn key(&self, slot: u32) -> u64 {
        self.0[slot as usize].priority.key()
    }
}

#[derive(Debug)]
pub(super) struct Subject {
    pub(super) queue: ReadyQueue,
    slots: Slab,
    fault: Fault,
}

impl Default for Subject {
    fn default() -> Self {
        Subject::with(Fault::None)
    }
}

impl Subject {
    pub(super) fn with(fault: Fault) -> Self {
        Subject { queue: ReadyQueue::new(), slots: Slab::default(), fault }
    }

    pub(super) fn order(&self) -> Vec<u32> {
        self.queue.iter(&self.slots).collect()
    }

    /// The same as [`Model::apply`].
    pub(super) fn apply(&mut self, operation: Operation) -> Option<u32> {
        match operation {
            Operation::Push(priority) => {
                let slot = self.free(priority);
                self.queue.push(&mut self.slots, slot);
                Some(slot)
            }
            Operation::Fill { from, count } => {
                for above in 0..count {
                    let priority = Priority::new(f64::from(from) + f64::from(above));
                    let slot = self.free(priority.expect("it is a number"));
                    self.queue.push(&mut self.slots, slot);
                }
                None
            }
            Operation::Pop => self.pop(),
            Operation::Yield => {
                let slot = self.pop()?;
                self.slots.0[slot as usize].is_queued = true;
                self.queue.push(&mut self.slots, slot);
                Some(slot)
            }
            Operation::Remove { which } => {
                let slot = self.nth(which)?;
                self.slots.0[slot as usize].is_queued = false;
                if self.fault != Fault::LostRemove {
                    self.queue.remove(&mut self.slots, slot);
                }
                Some(slot)
            }
            Operation::InsertAt { priority, pos } => {
                let slot = self.free(priority);
                let pos = if self.fault == Fault::UnpinnedInsert { 0 } else { pos };
                self.queue.insert_at(&mut self.slots, slot, pos);
                Some(slot)
            }
            Operation::Rekey { which, priority } => {
                let slot = self.nth(which)?;
                let old = std::mem::replace(&mut self.slots.0[slot as usize].priority, priority);
                if self.fault == Fault::RekeyForgetsSequence && old != priority {
                    self.queue.remove(&mut self.slots, slot);
                    self.queue.push(&mut self.slots, slot);
                } else {
                    self.queue.rekey(&mut self.slots, slot, old.key());
                }
                Some(slot)
            }
            Operation::SetBoost(boost) => {
                self.queue.set_boost(boost);
                None
            }
        }
    }

    fn pop(&mut self) -> Option<u32> {
        let (mut slot, _) = self.queue.pop(&mut self.slots)?;
        if self.fault == Fault::LifoAmongEquals {
            let equal = |other: &u32| self.slots.key(*other) == self.slots.key(slot);
            let last = self.queue.iter(&self.slots).take_while(equal).last();
            if let Some(last) = last {
                self.queue.remove(&mut self.slots, last);
                self.queue.insert_at(&mut self.slots, slot, 0);
                slot = last;
            }
        }
        self.slots.0[slot as usize].is_queued = false;
        Some(slot)
    }

    /// The lowest slot that is not queued, with this priority.
    fn free(&mut self, priority: Priority) -> u32 {
        let free = self.slots.0.iter().position(|slot| !slot.is_queued);
        let slot = free.unwrap_or_else(|| {
            self.slots.0.push(Slot { link: Link::new(), priority, is_queued: false });
            self.slots.0.len() - 1
        });
        (self.slots.0[slot].priority, self.slots.0[slot].is_queued) = (priority, true);
        u32::try_from(slot).expect("a test has few slots")
    }

    fn nth(&self, which: usize) -> Option<u32> {
        let index = which.checked_rem(self.queue.len())?;
        self.queue.iter(&self.slots).nth(index)
    }

    /// # Panics
    /// Where it differs from the model.
    pub(super) fn compare(&self, model: &Model) {
        assert_eq!(self.queue.len(), model.len());
        let order =
            self.queue.iter(&self.slots).map(|slot| (slot, self.queue.is_immediate(&self.slots, slot)));
        assert_eq!(order.collect::<Vec<_>>(), model.order().collect::<Vec<_>>());
    }

    /// Pops all that is left.
    ///
    /// # Panics
    /// Where it comes in another order than the model says.
    pub(super) fn drain(&mut self, model: &mut Model) {
        loop {
            let popped = model.apply(Operation::Pop);
            assert_eq!(self.apply(Operation::Pop), popped);
            if popped.is_none() {
                break;
            }
        }
        self.compare(model);
    }
}
