//! The executors of the process by their numbers: how a wake finds its way home from another thread.

use super::{
    id::{EXECUTORS, Parts},
    inbox::Inbox,
};
use crate::util::sync::RwLock;
#[cfg(any(asynkit_loom, asynkit_shuttle))]
use crate::util::sync::fault::{self, Fault};
use alloc::{sync::Arc, vec::Vec};
use std::sync::PoisonError;

struct Entry {
    inbox: Option<Arc<Inbox>>,
    /// The first generation of the next executor with this number, so that its tasks are none that the last one had.
    generation: u32,
}

struct Registry {
    entries: Vec<Entry>,
    /// Where the search for a free number begins: a number rests before it is used again.
    next: usize,
}

/// So many numbers are given out before one is used again; a model wants to see that happen.
const FRESH: usize = if cfg!(any(asynkit_loom, asynkit_shuttle)) { 1 } else { 64 };

#[cfg(any(asynkit_loom, asynkit_shuttle))]
crate::util::sync::lazy_static! {
    static ref REGISTRY: RwLock<Registry> = RwLock::new(Registry { entries: Vec::new(), next: 0 });
}
#[cfg(not(any(asynkit_loom, asynkit_shuttle)))]
static REGISTRY: RwLock<Registry> = RwLock::new(Registry { entries: Vec::new(), next: 0 });

/// A number for a new executor, and the first generation of its slots.
///
/// # Panics
/// Where there are too many executors.
pub(super) fn enter(inbox: Arc<Inbox>) -> (u32, u32) {
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    let Registry { entries, next } = &mut *registry;
    let rested = (*next..entries.len()).chain(0..*next).find(|&at| entries[at].inbox.is_none());
    let at = match rested {
        // New numbers come first, as long as they are few.
        Some(at) if entries.len() >= FRESH.min(EXECUTORS as usize) => at,
        _ if entries.len() < EXECUTORS as usize => {
            entries.push(Entry { inbox: None, generation: 0 });
            entries.len() - 1
        }
        Some(at) => at,
        None => panic!("there are {EXECUTORS} executors already"),
    };
    entries[at].inbox = Some(inbox);
    *next = at + 1;
    (u32::try_from(at).expect("it is below the number of executors"), entries[at].generation)
}

/// The executor is gone; the next one with its number begins with this generation.
pub(super) fn leave(number: u32, generation: u32) {
    let mut registry = REGISTRY.write().unwrap_or_else(PoisonError::into_inner);
    let entry = &mut registry.entries[number as usize];
    #[cfg(any(asynkit_loom, asynkit_shuttle))]
    let generation = if fault::is(Fault::SameGeneration) { entry.generation } else { generation };
    entry.generation = generation;
    let inbox = entry.inbox.take();
    drop(registry);
    drop(inbox);
}

/// The inbox of an executor, if there is one with this number.
pub(super) fn inbox(number: u32) -> Option<Arc<Inbox>> {
    let registry = REGISTRY.read().unwrap_or_else(PoisonError::into_inner);
    registry.entries.get(number as usize).and_then(|entry| entry.inbox.clone())
}

/// A wake of a task that is not of this thread's running executor.
#[cold]
#[inline(never)]
pub(super) fn wake(bits: usize) {
    let parts = Parts::from_waker(bits);
    if let Some(inbox) = inbox(parts.executor) {
        inbox.wake(parts);
    }
}
