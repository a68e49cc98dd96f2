//! [`Graph`]: who waits for what, who holds it, and what is lent to whom; one for the process.
//!
//! - A *queue* is what is waited for: a lock, or a condition. Its waits are sorted by the present priority of their
//!   tasks, then by age. A lock has one from the first time on that somebody waits for it, and a holder while somebody
//!   does, so that nobody comes here whose lock is free.
//! - A *member* is a task of an executor of ours that waits, or holds a lock with a queue.
//! - Tasks of others wait as well: with the normal priority, and nothing is lent to them.
//!
//! Invariants: each wait that waits is in the heap of its queue, which it knows its place in, and is listed by its member;
//! each queue of a lock is listed by the member that holds it; a member is lent the best priority of those that wait in
//! the queues that it lists, itself left out, where that is better than its own, and its waits are sorted by the better
//! one of the two.
//!
//! No code of users runs while the graph is locked: what has to be woken or told elsewhere are *errands*.

mod cycle;
mod lend;
mod member;
mod slab;
mod wait;

pub(super) use member::Sketch;
pub(super) use slab::NONE;
pub(super) use wait::{Outcome, Wake, Who};

use crate::{
    engine::{self, Portrait, TaskKey, Watch},
    priority::Priority,
    util::{
        heap::Heap,
        sync::{Mutex, MutexGuard},
    },
};
use alloc::{boxed::Box, vec::Vec};
use core::{
    mem,
    panic::{AssertUnwindSafe, Location},
    task::Waker,
};
use member::{Index, Member};
use slab::Slab;
use std::{panic::catch_unwind, sync::PoisonError};
use wait::{Entry, Wait};

pub(super) struct Graph {
    queues: Slab<Queue>,
    waits: Slab<Wait>,
    members: Slab<Member>,
    index: Index,
    /// How many waits there have been.
    sequence: u64,
    /// How many members are on a cycle.
    suspects: u32,
    /// How many walks there have been.
    walks: u64,
    errands: Vec<Errand>,
}

/// What is waited for.
struct Queue {
    heap: Heap<Entry>,
    holder: Holder,
    made_at: Option<&'static Location<'static>>,
}

impl Default for Queue {
    fn default() -> Self {
        Queue { heap: Heap::new(), holder: Holder::Anybody, made_at: None }
    }
}

/// Who can end the waits of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// Anybody: it is a condition.
    Anybody,
    /// What is no task of ours.
    Other,
    /// A member.
    Member(u32),
}

/// What is done when the graph is not locked any more.
enum Errand {
    /// The home of a task is told what the task is lent.
    Lend(TaskKey),
    Probe(TaskKey),
    Wake(Wake),
}

#[cfg(any(asynkit_loom, asynkit_shuttle))]
crate::util::sync::lazy_static! {
    static ref GRAPH: Mutex<Graph> = Mutex::new(Graph::new());
}
#[cfg(not(any(asynkit_loom, asynkit_shuttle)))]
static GRAPH: Mutex<Graph> = Mutex::new(Graph::new());

/// What executors tell.
static WATCH: Watch = Watch { reprioritised, probed };

/// Does something to the graph, then the errands that come of it.
#[inline(always)]
pub(super) fn with<R>(f: impl FnOnce(&mut Graph) -> R) -> R {
    let mut graph = GRAPH.lock().unwrap_or_else(PoisonError::into_inner);
    let result = f(&mut graph);
    if !graph.errands.is_empty() {
        run_errands(graph);
    }
    result
}

#[cold]
#[inline(never)]
fn run_errands(mut graph: MutexGuard<'_, Graph>) {
    let errands = mem::take(&mut graph.errands);
    drop(graph);
    for errand in errands {
        // What a waker panics with must not keep the others, nor what comes after, from being done.
        let _ = catch_unwind(AssertUnwindSafe(|| errand.run()));
    }
}

fn reprioritised(key: TaskKey, own: Priority) {
    with(|graph| graph.reprioritised(key, own));
}

fn probed(key: TaskKey, is_stuck: bool, portrait: &Portrait) {
    with(|graph| graph.probed(key, is_stuck, portrait));
}

impl Errand {
    fn run(self) {
        match self {
            // What the task is lent by then, whatever it was when this became an errand.
            Errand::Lend(key) => key.send_home(Box::new(move |shared| {
                with(|graph| shared.lend(key, graph.lent(key)));
            })),
            Errand::Probe(key) => match engine::find(key.executor()) {
                Some(shared) => shared.probe(key),
                None => key.send_home(Box::new(move |shared| shared.probe(key))),
            },
            Errand::Wake(wake) => wake.wake(),
        }
    }
}

/// Takes a number off a list, in which it is.
#[inline(always)]
fn forget(list: &mut Vec<u32>, number: u32) {
    if let Some(at) = list.iter().position(|&other| other == number) {
        list.swap_remove(at);
    }
}

impl Graph {
    const fn new() -> Self {
        Graph {
            queues: Slab::new(),
            waits: Slab::new(),
            members: Slab::new(),
            index: Index::new(),
            sequence: 0,
            suspects: 0,
            walks: 0,
            errands: Vec::new(),
        }
    }

    /// A queue of a lock, or of a condition.
    #[cold]
    pub(super) fn open(&mut self, made_at: &'static Location<'static>) -> u32 {
        let at = self.queues.add();
        let queue = &mut self.queues[at];
        queue.holder = Holder::Anybody;
        queue.made_at = Some(made_at);
        at
    }

    /// The holder that a task is.
    #[inline(always)]
    pub(super) fn holder(&mut self, key: Option<TaskKey>) -> Holder {
        key.map_or(Holder::Other, |key| Holder::Member(self.enter(key)))
    }

    /// Who holds what is waited for; `None` where that is no task of ours.
    pub(super) fn holder_key(&self, queue: u32) -> Option<TaskKey> {
        match self.queues[queue].holder {
            Holder::Member(member) => Some(self.members[member].key()),
            Holder::Anybody | Holder::Other => None,
        }
    }

    /// Takes a queue from its holder, who is lent nothing by it from then on.
    #[inline(always)]
    pub(super) fn detach(&mut self, queue: u32) {
        let holder = mem::replace(&mut self.queues[queue].holder, Holder::Anybody);
        if let Holder::Member(member) = holder {
            forget(&mut self.members[member].held, queue);
            self.lower(member);
        }
    }

    /// Gives a queue, which nobody holds, to the holder of what is waited for.
    #[inline(always)]
    pub(super) fn attach(&mut self, queue: u32, holder: Holder) {
        self.queues[queue].holder = holder;
        if let Holder::Member(member) = holder {
            self.members[member].held.push(queue);
        }
    }

    /// Gives a queue back. Where waits were forgotten, whose futures never come for them, it gives their wakers, to be
    /// dropped when the graph is not locked.
    pub(super) fn close(&mut self, queue: u32) -> Vec<Waker> {
        let mut forgotten = Vec::new();
        while let Some(entry) = self.queues[queue].heap.first() {
            let wait = entry.wait;
            forgotten.extend(self.unlink(wait));
            self.waits.remove(wait);
        }
        self.detach(queue);
        self.queues.remove(queue);
        forgotten
    }

    #[inline(always)]
    pub(super) fn is_empty(&self, queue: u32) -> bool {
        self.queues[queue].heap.is_empty()
    }

    /// The best priority of those that wait.
    pub(super) fn best(&self, queue: u32) -> Option<Priority> {
        self.queues[queue].heap.first().map(|entry| entry.priority)
    }
}
