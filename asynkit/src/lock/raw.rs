//! [`RawLock`]: a lock without a value.
//!
//! One word says who holds it, as long as nobody waits: the integer of a task, or one of three that mean no task. From
//! the first wait to the last one it says [`CONTENDED`], and its queue in the graph knows the rest; the word leaves and
//! enters that state only while the graph is locked. A lock that is given back while somebody waits goes to the best of those: it is
//! never free in between, so nobody comes before them.
//!
//! Invariant, which `value` relies on: of each lock there is at most one [`Held`] at a time, and what was done under one
//! has happened before the next one is there.

use super::{
    deadlock::Deadlock,
    graph::{self, Graph, NONE, Outcome, Who},
};
#[cfg(any(asynkit_loom, asynkit_shuttle))]
use crate::util::sync::fault::{self, Fault};
use crate::{
    engine::{NO_TASK, TaskKey},
    priority::Priority,
    util::sync::{AtomicU32, AtomicUsize},
};
use core::{
    panic::Location,
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Poll, Waker},
};

/// Nobody holds it.
const FREE: usize = NO_TASK[0];
/// What is no task of ours holds it.
const OTHER: usize = NO_TASK[1];
/// Somebody holds it, and somebody waits.
const CONTENDED: usize = NO_TASK[2];

type Site = &'static Location<'static>;

pub(super) struct RawLock {
    word: AtomicUsize,
    /// Its queue in the graph, once somebody has waited; read and written while that is locked.
    queue: AtomicU32,
    /// A holder has panicked.
    is_poisoned: AtomicBool,
    /// The holder has taken it while it was panicking already.
    is_unwinding: AtomicBool,
    made_at: Site,
}

impl RawLock {
    pub(super) const fn new(made_at: Site) -> Self {
        RawLock {
            word: AtomicUsize::new(FREE),
            queue: AtomicU32::new(NONE),
            is_poisoned: AtomicBool::new(false),
            is_unwinding: AtomicBool::new(false),
            made_at,
        }
    }

    pub(super) fn is_locked(&self) -> bool {
        self.word.load(Ordering::Relaxed) != FREE
    }

    pub(super) fn is_poisoned(&self) -> bool {
        self.is_poisoned.load(Ordering::Relaxed)
    }

    /// The best priority of those that wait.
    pub(super) fn best(&self) -> Option<Priority> {
        if self.word.load(Ordering::Relaxed) != CONTENDED {
            return None;
        }
        graph::with(|graph| match self.word.load(Ordering::Relaxed) {
            CONTENDED => graph.best(self.queue.load(Ordering::Relaxed)),
            _ => None,
        })
    }

    pub(super) fn try_lock(&self) -> Option<Held<'_>> {
        self.try_lock_as(TaskKey::current().map_or(OTHER, TaskKey::bits))
    }

    #[inline(always)]
    fn try_lock_as(&self, holder: usize) -> Option<Held<'_>> {
        let order = Ordering::Acquire;
        #[cfg(any(asynkit_loom, asynkit_shuttle))]
        let order = fault::order(order, Fault::NoAcquire);
        self.word.compare_exchange(FREE, holder, order, Ordering::Relaxed).ok()?;
        Some(Held::new(self))
    }

    /// Takes it, or waits in its queue.
    #[inline(always)]
    fn lock_or_wait(
        &self,
        key: Option<TaskKey>,
        waker: Option<Waker>,
        site: Site,
        is_bound: bool,
    ) -> Result<Held<'_>, u32> {
        let holder = key.map_or(OTHER, TaskKey::bits);
        let order = Ordering::Acquire;
        #[cfg(any(asynkit_loom, asynkit_shuttle))]
        let order = fault::order(order, Fault::NoAcquire);
        let wait = graph::with(|graph| {
            let mut word = self.word.load(Ordering::Relaxed);
            while word != CONTENDED {
                let next = if word == FREE { holder } else { CONTENDED };
                match self.word.compare_exchange(word, next, order, Ordering::Relaxed) {
                    Ok(FREE) => return NONE,
                    Ok(held) => {
                        self.open(graph, held);
                        break;
                    }
                    Err(now) => word = now,
                }
            }
            graph.add(self.queue.load(Ordering::Relaxed), key, waker, site, is_bound)
        });
        if wait == NONE { Ok(Held::new(self)) } else { Err(wait) }
    }

    /// The first one waits.
    #[inline(always)]
    fn open(&self, graph: &mut Graph, held: usize) {
        let mut queue = self.queue.load(Ordering::Relaxed);
        if queue == NONE {
            queue = graph.open(self.made_at);
            self.queue.store(queue, Ordering::Relaxed);
        }
        let holder = graph.holder(TaskKey::of_bits(held));
        graph.attach(queue, holder);
    }

    /// After a wait has left the queue: without any, the word is enough again.
    fn calm(&self, graph: &mut Graph) {
        let queue = self.queue.load(Ordering::Relaxed);
        if self.word.load(Ordering::Relaxed) == CONTENDED && graph.is_empty(queue) {
            let holder = graph.holder_key(queue).map_or(OTHER, TaskKey::bits);
            graph.detach(queue);
            // The holder synchronizes with the next one when it gives it back.
            self.word.store(holder, Ordering::Relaxed);
        }
    }

    /// Gives it back; whoever does so has the `Held`.
    #[inline(always)]
    fn unlock(&self) {
        if std::thread::panicking() || self.is_unwinding.load(Ordering::Relaxed) {
            self.note_panic();
        }
        let word = self.word.load(Ordering::Relaxed);
        #[cfg(any(asynkit_loom, asynkit_shuttle))]
        if fault::is(Fault::BlindUnlock) && word != CONTENDED {
            return self.word.store(FREE, Ordering::Release);
        }
        let order = Ordering::Release;
        #[cfg(any(asynkit_loom, asynkit_shuttle))]
        let order = fault::order(order, Fault::NoRelease);
        let is_given =
            word != CONTENDED && self.word.compare_exchange(word, FREE, order, Ordering::Relaxed).is_ok();
        if !is_given {
            self.hand_over();
        }
    }

    #[cold]
    fn note_panic(&self) {
        let was_unwinding = self.is_unwinding.swap(false, Ordering::Relaxed);
        if std::thread::panicking() && !was_unwinding {
            self.is_poisoned.store(true, Ordering::Relaxed);
        }
    }

    #[inline(never)]
    fn hand_over(&self) {
        let wake = graph::with(|graph| {
            if self.word.load(Ordering::Relaxed) != CONTENDED {
                // The last wait has gone meanwhile.
                let order = Ordering::Release;
                #[cfg(any(asynkit_loom, asynkit_shuttle))]
                let order = fault::order(order, Fault::NoLateRelease);
                self.word.store(FREE, order);
                return None;
            }
            let queue = self.queue.load(Ordering::Relaxed);
            let Some((wake, key)) = graph.hand_over(queue) else {
                self.word.store(FREE, Ordering::Release);
                return None;
            };
            if graph.is_empty(queue) {
                // Whoever gets it has it by the lock of the graph.
                self.word.store(key.map_or(OTHER, TaskKey::bits), Ordering::Relaxed);
            }
            Some(wake)
        });
        if let Some(wake) = wake {
            wake.wake();
        }
    }
}

impl Drop for RawLock {
    fn drop(&mut self) {
        let queue = self.queue.load(Ordering::Relaxed);
        if queue != NONE {
            drop(graph::with(|graph| graph.close(queue)));
        }
    }
}

/// The lock is held, as long as this is there.
pub(super) struct Held<'a>(&'a RawLock);

impl<'a> Held<'a> {
    #[inline(always)]
    fn new(lock: &'a RawLock) -> Self {
        if std::thread::panicking() {
            lock.is_unwinding.store(true, Ordering::Relaxed);
        }
        Held(lock)
    }

    #[inline(always)]
    pub(super) fn is_of(&self, lock: &RawLock) -> bool {
        core::ptr::eq(self.0, lock)
    }
}

impl Drop for Held<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.0.unlock();
    }
}

/// On the way to a `Held`; dropped, it is given up, and passed on if it was there already.
pub(super) struct Acquire<'a> {
    lock: &'a RawLock,
    site: Site,
    stage: Stage,
    /// It does not fail.
    is_bound: bool,
}

enum Stage {
    New,
    Waiting(u32),
    Ended,
}

impl<'a> Acquire<'a> {
    #[inline(always)]
    pub(super) const fn new(lock: &'a RawLock, site: Site) -> Self {
        Acquire { lock, site, stage: Stage::New, is_bound: false }
    }

    /// One that waits for as long as it takes, whatever becomes of it.
    pub(super) const fn bound(lock: &'a RawLock, site: Site) -> Self {
        Acquire { lock, site, stage: Stage::New, is_bound: true }
    }

    pub(super) const fn is_waiting(&self) -> bool {
        matches!(self.stage, Stage::Waiting(_))
    }

    #[inline(always)]
    #[track_caller]
    pub(super) fn poll(&mut self, cx: &Context<'_>) -> Poll<Result<Held<'a>, Deadlock>> {
        match self.stage {
            Stage::New => {
                if let Some(key) = TaskKey::of(cx.waker()) {
                    if let Some(held) = self.lock.try_lock_as(key.bits()) {
                        self.stage = Stage::Ended;
                        return Poll::Ready(Ok(held));
                    }
                }
                match self.enter(cx) {
                    Some(held) => Poll::Ready(Ok(held)),
                    None => Poll::Pending,
                }
            }
            Stage::Waiting(wait) => match self.collect(wait) {
                Some(held) => Poll::Ready(Ok(held)),
                None => self.wait_on(wait, cx),
            },
            Stage::Ended => panic!("a lock was awaited again after it had been got"),
        }
    }

    /// Takes it, or begins to wait.
    #[inline(never)]
    fn enter(&mut self, cx: &Context<'_>) -> Option<Held<'a>> {
        match TaskKey::of(cx.waker()).filter(|key| key.is_here()) {
            Some(key) => self.enter_as(Some(key), None),
            None => self.enter_otherwise(cx),
        }
    }

    #[cold]
    #[inline(never)]
    fn enter_otherwise(&mut self, cx: &Context<'_>) -> Option<Held<'a>> {
        // A waker's clone may panic: then it is as new as it was.
        let Who { key, waker, .. } = Who::polls(cx);
        self.enter_as(key, waker)
    }

    #[inline(always)]
    fn enter_as(&mut self, key: Option<TaskKey>, waker: Option<Waker>) -> Option<Held<'a>> {
        match self.lock.lock_or_wait(key, waker, self.site, self.is_bound) {
            Ok(held) => {
                self.stage = Stage::Ended;
                Some(held)
            }
            Err(wait) => {
                self.stage = Stage::Waiting(wait);
                None
            }
        }
    }

    /// Takes what was handed over, if it was.
    #[inline(never)]
    fn collect(&mut self, wait: u32) -> Option<Held<'a>> {
        let is_granted = graph::with(|graph| graph.take_grant(wait));
        is_granted.then(|| {
            self.stage = Stage::Ended;
            Held::new(self.lock)
        })
    }

    /// It was polled, and was not handed over so far.
    #[cold]
    #[inline(never)]
    fn wait_on(&mut self, wait: u32, cx: &Context<'_>) -> Poll<Result<Held<'a>, Deadlock>> {
        let who = Who::polls(cx);
        let (outcome, waker) = graph::with(|graph| {
            let polled = graph.poll(wait, who);
            if matches!(polled.0, Outcome::Failed(_)) {
                self.lock.calm(graph);
            }
            polled
        });
        let result = match outcome {
            Outcome::Waiting => Poll::Pending,
            Outcome::Granted => Poll::Ready(Ok(Held::new(self.lock))),
            Outcome::Failed(deadlock) => Poll::Ready(Err(deadlock)),
        };
        if result.is_ready() {
            self.stage = Stage::Ended;
        }
        drop(waker);
        result
    }

    #[cold]
    #[inline(never)]
    fn give_up(&mut self, wait: u32) {
        self.stage = Stage::Ended;
        let (outcome, waker) = graph::with(|graph| {
            let given_up = graph.give_up(wait);
            if !matches!(given_up.0, Outcome::Granted) {
                self.lock.calm(graph);
            }
            given_up
        });
        // What was granted is passed on.
        let held = matches!(outcome, Outcome::Granted).then(|| Held::new(self.lock));
        #[cfg(any(asynkit_loom, asynkit_shuttle))]
        if fault::is(Fault::KeepsLock) {
            return core::mem::forget(held);
        }
        drop((held, waker));
    }
}

impl Drop for Acquire<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if let Stage::Waiting(wait) = self.stage {
            self.give_up(wait);
        }
    }
}
