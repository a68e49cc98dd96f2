//! [`Member`]: a task that waits, or holds what others wait for.
//!
//! A task that has been one stays one, idle, until another task has its slot: what comes to wait once will do so again.

use super::{Graph, WATCH, slab::NONE};
use crate::{
    engine::{self, Portrait, TaskId, TaskKey},
    priority::Priority,
};
use alloc::{string::String, vec::Vec};
use core::panic::Location;

#[derive(Default)]
pub(super) struct Member {
    key: Option<TaskKey>,
    /// The next one whose task has the same slot.
    next: u32,
    /// Its own priority, once it is known: its executor tells of changes from then on.
    pub(super) own: Option<Priority>,
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
    #[inline(always)]
    pub(super) fn effective(&self) -> Priority {
        let own = self.own.unwrap_or(Priority::NORMAL);
        self.lent.map_or(own, |lent| own.min(lent))
    }

    fn is_idle(&self) -> bool {
        self.waits.is_empty() && self.held.is_empty()
    }
}

/// Where the member of a task is: by executor and slot, the first one of each slot.
pub(super) struct Index(Vec<Vec<u32>>);

impl Index {
    pub(super) const fn new() -> Self {
        Index(Vec::new())
    }

    #[inline(always)]
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

impl Graph {
    /// The member of a task, if it has been one.
    pub(super) fn find(&self, key: TaskKey) -> Option<u32> {
        let mut at = self.index.first(key);
        while at != NONE && self.members[at].key != Some(key) {
            at = self.members[at].next;
        }
        (at != NONE).then_some(at)
    }

    /// The member of a task.
    #[inline(always)]
    pub(super) fn enter(&mut self, key: TaskKey) -> u32 {
        let first = self.index.first(key);
        if first != NONE && self.members[first].key == Some(key) {
            return first;
        }
        self.enter_first(key)
    }

    /// A task becomes a member: in the place of one that has had the slot before and is idle, if there is one.
    #[cold]
    #[inline(never)]
    fn enter_first(&mut self, key: TaskKey) -> u32 {
        if let Some(at) = self.find(key) {
            return at;
        }
        let mut at = self.index.first(key);
        while at != NONE && !self.members[at].is_idle() {
            at = self.members[at].next;
        }
        if at == NONE {
            at = self.members.add();
            self.members[at].next = core::mem::replace(self.index.first_mut(key), at);
        }
        let member = &mut self.members[at];
        debug_assert!(member.lent.is_none() && !member.is_suspect, "an idle member has nothing");
        member.key = Some(key);
        member.sketch = None;
        self.ask(at);
        at
    }

    /// The priority of a task's own is to be known, where it is at home here.
    #[inline(always)]
    pub(super) fn know(&mut self, at: u32) {
        if self.members[at].own.is_none() {
            self.ask(at);
        }
    }

    #[cold]
    #[inline(never)]
    fn ask(&mut self, at: u32) {
        let key = self.members[at].key();
        let own = engine::find(key.executor()).and_then(|shared| shared.watch(key, &WATCH));
        self.members[at].own = own;
    }
}
