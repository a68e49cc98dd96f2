//! How a scope reaches a leaf that is polled by a sub-executor.
//!
//! `FuturesUnordered` and its like poll a child only when the child's own waker was woken. So a leaf that would wait
//! with another waker than its scope's leaves that waker with all scopes around it; a throw wakes it before the poll.

use crate::util::each::each;
use alloc::{sync::Arc, vec::Vec};
use core::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    task::Waker,
};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Shared by a leaf and the scopes around it; the leaf's drop empties it.
pub(super) struct Registration {
    waker: Mutex<Option<Waker>>,
    /// A throw has woken it, and it was not polled since.
    woken: AtomicBool,
    /// A shield that has said that it waits.
    holding: AtomicBool,
    /// The serials of the scopes that know it, so that each takes it in once.
    homes: Mutex<Vec<u64>>,
    /// The newest offer that something inside the leaf has taken.
    exempt: AtomicU64,
}

impl Registration {
    pub(super) fn new(waker: Option<Waker>) -> Self {
        Registration {
            waker: Mutex::new(waker),
            woken: AtomicBool::new(false),
            holding: AtomicBool::new(false),
            homes: Mutex::default(),
            exempt: AtomicU64::new(0),
        }
    }

    /// Whether the leaf waits under a sub-executor.
    pub(super) fn is_registered(&self) -> bool {
        lock(&self.waker).is_some()
    }

    /// Whether a throw has woken the leaf, and the sub-executor has not polled it yet.
    pub(super) fn is_unpolled(&self) -> bool {
        self.woken.load(Ordering::Acquire) && self.is_registered()
    }

    /// The leaf was polled.
    pub(super) fn polled(&self) {
        self.woken.store(false, Ordering::Release);
    }

    pub(super) fn set_waker(&self, waker: &Waker) {
        let mut slot = lock(&self.waker);
        if !slot.as_ref().is_some_and(|old| old.will_wake(waker)) {
            let old = slot.replace(waker.clone());
            drop(slot);
            drop(old);
        }
    }

    /// Has the leaf polled; `false` where it is gone.
    pub(super) fn wake(&self) -> bool {
        let waker = lock(&self.waker).clone();
        waker.is_some_and(|waker| {
            self.woken.store(true, Ordering::Release);
            waker.wake();
            true
        })
    }

    /// The leaf is gone, or waits no more.
    pub(super) fn clear(&self) {
        let waker = lock(&self.waker).take();
        drop(waker);
    }

    /// Takes it into the scope `serial`; `false` where it was in already.
    pub(super) fn enter_home(&self, serial: u64) -> bool {
        let mut homes = lock(&self.homes);
        let fresh = !homes.contains(&serial);
        if fresh {
            homes.push(serial);
        }
        fresh
    }

    pub(super) fn exempt(&self) -> u64 {
        self.exempt.load(Ordering::Relaxed)
    }

    pub(super) fn set_exempt(&self, serial: u64) {
        self.exempt.store(serial, Ordering::Relaxed);
    }

    pub(super) fn is_holding(&self) -> bool {
        self.holding.load(Ordering::Relaxed) && self.is_registered()
    }

    pub(super) fn set_holding(&self) {
        self.holding.store(true, Ordering::Relaxed);
    }
}

/// Nothing here runs user code under a lock but a waker's `clone`, so a poisoned lock holds good data.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The registrations that a scope knows.
#[derive(Default)]
pub(super) struct Registrations {
    known: Vec<Arc<Registration>>,
    /// The length at which leaves that are gone are swept out, so that a long-lived scope does not grow.
    sweep_at: usize,
}

impl Registrations {
    pub(super) fn add(&mut self, found: Vec<Arc<Registration>>, serial: u64) {
        self.known.extend(found.into_iter().filter(|registration| registration.enter_home(serial)));
        if self.known.len() > self.sweep_at.max(16) {
            self.sweep();
            self.sweep_at = self.known.len() * 2;
        }
    }

    pub(super) fn sweep(&mut self) {
        self.known.retain(|registration| registration.is_registered());
    }

    pub(super) fn wake_all(&self) {
        each(&self.known, |registration| _ = registration.wake());
    }

    pub(super) fn is_held(&self) -> bool {
        self.known.iter().any(|registration| registration.is_holding())
    }

    pub(super) fn has_unpolled(&self) -> bool {
        self.known.iter().any(|registration| registration.is_unpolled())
    }

    #[inline(always)]
    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// To be lent to an offer for the time of a poll, and put back.
    pub(super) fn known_mut(&mut self) -> &mut Vec<Arc<Registration>> {
        &mut self.known
    }
}
