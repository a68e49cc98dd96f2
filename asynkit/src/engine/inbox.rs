//! [`Inbox`]: what other threads want of an executor.

use super::{id::Parts, shared::Shared};
#[cfg(any(asynkit_loom, asynkit_shuttle))]
use crate::util::sync::fault::{self, Fault};
use crate::util::sync::{AtomicBool, Mutex, MutexGuard, Ordering};
use alloc::{boxed::Box, rc::Rc, vec::Vec};
use core::{mem, task::Waker};
use std::sync::PoisonError;

/// What is done on the executor's thread.
pub(crate) type Job = Box<dyn FnOnce(&Rc<Shared>) + Send>;

/// Shared by an executor and those who know it from other threads.
pub(crate) struct Inbox {
    /// Something is in it. Set after, and cleared before the letters are touched.
    flag: AtomicBool,
    letters: Mutex<Letters>,
}

#[derive(Default)]
struct Letters {
    wakes: Vec<Parts>,
    /// By slot: the generation whose wake is in `wakes`, plus one. A hot waker is written down once.
    noted: Vec<u32>,
    jobs: Vec<Job>,
    /// Wakes whoever drives the executor, while it has nothing to do.
    driver: Option<Waker>,
    is_stopped: bool,
    is_closed: bool,
}

/// What was in an inbox.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) wakes: Vec<Parts>,
    pub(super) jobs: Vec<Job>,
    pub(super) is_stopped: bool,
}

impl Inbox {
    pub(super) fn new() -> Self {
        Inbox { flag: AtomicBool::new(false), letters: Mutex::default() }
    }

    /// No code of users runs while this is held.
    fn lock(&self) -> MutexGuard<'_, Letters> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is something in it.
    #[inline(always)]
    pub(super) fn is_due(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
    }

    /// Has the loop look up from its tasks.
    pub(super) fn interrupt(&self) {
        self.flag.store(true, Ordering::Relaxed);
    }

    /// Has a task polled; of one that has ended, nothing happens.
    pub(super) fn wake(&self, parts: Parts) {
        let mut letters = self.lock();
        if letters.is_closed {
            return;
        }
        let (slot, noted) = (parts.slot as usize, parts.generation + 1);
        if letters.noted.len() <= slot {
            letters.noted.resize(slot + 1, 0);
        }
        let old = mem::replace(&mut letters.noted[slot], noted);
        #[cfg(any(asynkit_loom, asynkit_shuttle))]
        let old = if fault::is(Fault::NotedBySlot) && old != 0 { noted } else { old };
        if old == noted {
            return;
        }
        letters.wakes.push(parts);
        self.announce(letters);
    }

    /// Has `job` done at home; gives it back where nobody is there any more.
    pub(crate) fn send(&self, job: Job) -> Result<(), Job> {
        let mut letters = self.lock();
        if letters.is_closed || letters.is_stopped {
            return Err(job);
        }
        letters.jobs.push(job);
        self.announce(letters);
        Ok(())
    }

    /// Asks the executor to end.
    pub(crate) fn stop(&self) {
        let mut letters = self.lock();
        #[cfg(any(asynkit_loom, asynkit_shuttle))]
        if fault::is(Fault::LateStop) {
            self.announce(letters);
            self.lock().is_stopped = true;
            return;
        }
        letters.is_stopped = true;
        self.announce(letters);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        let letters = self.lock();
        letters.is_stopped || letters.is_closed
    }

    /// Has the executor driven: something was queued while it does not run.
    pub(super) fn call(&self) {
        let driver = self.lock().driver.take();
        if let Some(driver) = driver {
            driver.wake();
        }
    }

    fn announce(&self, mut letters: MutexGuard<'_, Letters>) {
        #[cfg(any(asynkit_loom, asynkit_shuttle))]
        if fault::is(Fault::LateFlag) {
            let driver = letters.driver.take();
            drop(letters);
            self.flag.store(true, Ordering::Relaxed);
            return driver.into_iter().for_each(Waker::wake);
        }
        self.flag.store(true, Ordering::Relaxed);
        let driver = letters.driver.take();
        drop(letters);
        #[cfg(any(asynkit_loom, asynkit_shuttle))]
        if fault::is(Fault::NoUnpark) {
            return;
        }
        if let Some(driver) = driver {
            driver.wake();
        }
    }

    /// Empties it. The wakes' memory is `spare` afterwards.
    pub(super) fn take(&self, spare: Vec<Parts>) -> Taken {
        let mut letters = self.lock();
        self.flag.store(false, Ordering::Relaxed);
        let wakes = mem::replace(&mut letters.wakes, spare);
        for parts in &wakes {
            #[cfg(any(asynkit_loom, asynkit_shuttle))]
            if fault::is(Fault::StaysNoted) {
                continue;
            }
            letters.noted[parts.slot as usize] = 0;
        }
        #[cfg(any(asynkit_loom, asynkit_shuttle))]
        if fault::is(Fault::LateClear) {
            let taken = Taken { wakes, jobs: mem::take(&mut letters.jobs), is_stopped: letters.is_stopped };
            drop(letters);
            self.flag.store(false, Ordering::Relaxed);
            return taken;
        }
        Taken { wakes, jobs: mem::take(&mut letters.jobs), is_stopped: letters.is_stopped }
    }

    /// Leaves the driver's waker, unless something has come in: then the executor does not wait.
    pub(super) fn wait(&self, driver: &Waker) -> bool {
        let letters = self.lock();
        if letters.driver.as_ref().is_some_and(|old| old.will_wake(driver)) {
            return !self.is_due();
        }
        drop(letters);
        // The driver's clone and drop are code of others.
        let driver = driver.clone();
        let mut letters = self.lock();
        let is_due = self.is_due();
        #[cfg(any(asynkit_loom, asynkit_shuttle))]
        let is_due = is_due && !fault::is(Fault::NoRecheck);
        let old = if is_due { Some(driver) } else { letters.driver.replace(driver) };
        drop(letters);
        drop(old);
        !is_due
    }

    /// Nothing comes in any more; gives what nobody will do.
    pub(super) fn close(&self) -> Taken {
        let mut letters = self.lock();
        letters.is_closed = true;
        #[cfg(any(asynkit_loom, asynkit_shuttle))]
        if fault::is(Fault::StaysOpen) {
            letters.is_closed = false;
        }
        let Letters { wakes, noted, jobs, driver, .. } = &mut *letters;
        let (left, jobs, driver) = (mem::take(wakes), mem::take(jobs), driver.take());
        *noted = Vec::new();
        drop(letters);
        drop(driver);
        Taken { wakes: left, jobs, is_stopped: true }
    }
}
