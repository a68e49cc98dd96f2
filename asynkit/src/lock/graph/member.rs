//! [`Member`]: a task that waits, or holds what others wait for.

use super::{
    Graph,
    slab::{NONE, Slab},
};
use crate::{
    engine::{Portrait, TaskId, TaskKey},
    priority::Priority,
};
use alloc::{string::String, vec::Vec};
use core::panic::Location;

#[derive(Default)]
pub(super) struct Member {
    key: Option<TaskKey>,
    /// The next one whose task has the same slot.
    next: u32,
    /// Its own priority, known as long as it waits.
    pub(super) own: Priority,
    /// What it is lent by those that wait for what it holds.
    pub(super) lent: Option<Priority>,
    pub(super) waits: Vec<u32>,
    /// The queues of what it holds and others wait for.
    pub(super) held: Vec<u32>,
    /// It is on a cycle: whether that is a deadlock has to be proved.
    pub(super) is_suspect: bool,
    /// Nothing but locks can wake it since its last poll.
    pub(super) is_stuck: bool,
    /// The last walk that has come by.
    pub(super) seen: u64,
    pub(super) sketch: Option<Sketch>,
}

/// What there is to say of a task, also on other threads.
#[derive(Debug, Clone)]
pub(in crate::lock) struct Sketch {
    pub(in crate::lock) id: TaskId,
    pub(in crate::lock) name: Option<String>,
    pub(in crate::lock) site: &'static Location<'static>,
}

impl Sketch {
    pub(super) fn of(portrait: &Portrait) -> Self {
        let name = portrait.name.as_deref().map(String::from);
        Sketch { id: portrait.id, name, site: portrait.site }
    }
}

impl Member {
    pub(super) fn key(&self) -> TaskKey {
        self.key.expect("a member in use is a task")
    }

    /// What its waits are sorted by.
    pub(super) fn effective(&self) -> Priority {
        self.lent.map_or(self.own, |lent| self.own.min(lent))
    }
}

/// Where the member of a task is: by executor and slot, the first one of each slot.
pub(super) struct Index(Vec<Vec<u32>>);

impl Index {
    pub(super) const fn new() -> Self {
        Index(Vec::new())
    }

    fn first(&self, key: TaskKey) -> u32 {
        let slots = self.0.get(key.executor() as usize);
        slots.and_then(|slots| slots.get(key.slot() as usize)).copied().unwrap_or(NONE)
    }

    fn first_mut(&mut self, key: TaskKey) -> &mut u32 {
        let (executor, slot) = (key.executor() as usize, key.slot() as usize);
        if self.0.len() <= executor {
            self.0.resize_with(executor + 1, Vec::new);
        }
        let slots = &mut self.0[executor];
        if slots.len() <= slot {
            slots.resize(slot + 1, NONE);
        }
        &mut slots[slot]
    }
}

fn find(members: &Slab<Member>, first: u32, key: TaskKey) -> u32 {
    let mut at = first;
    while at != NONE && members[at].key != Some(key) {
        at = members[at].next;
    }
    at
}

impl Graph {
    /// The member of a task, if it is one.
    pub(super) fn find(&self, key: TaskKey) -> Option<u32> {
        let at = find(&self.members, self.index.first(key), key);
        (at != NONE).then_some(at)
    }

    /// The member of a task.
    pub(super) fn enter(&mut self, key: TaskKey) -> u32 {
        let first = self.index.first_mut(key);
        let at = find(&self.members, *first, key);
        if at != NONE {
            return at;
        }
        let at = self.members.add();
        let member = &mut self.members[at];
        member.key = Some(key);
        member.next = core::mem::replace(first, at);
        at
    }

    /// A member that neither waits nor holds anything is none any more.
    pub(super) fn leave(&mut self, at: u32) {
        if at == NONE {
            return;
        }
        let member = &mut self.members[at];
        if !member.waits.is_empty() || !member.held.is_empty() {
            return;
        }
        debug_assert!(member.lent.is_none(), "what it was lent was taken back with the last queue");
        let (key, next) = (member.key(), member.next);
        self.suspects -= u32::from(member.is_suspect);
        (member.is_suspect, member.is_stuck) = (false, false);
        member.key = None;
        member.sketch = None;
        let first = self.index.first_mut(key);
        if *first == at {
            *first = next;
        } else {
            let mut before = *first;
            while self.members[before].next != at {
                before = self.members[before].next;
            }
            self.members[before].next = next;
        }
        self.members.remove(at);
    }
}
