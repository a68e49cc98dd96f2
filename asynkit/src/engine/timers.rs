//! [`Timers`]: deadlines of tasks, in one ordered map; the earliest is armed as one timer of the reactor.

use super::shared::Shared;
use alloc::{
    collections::BTreeMap,
    vec::{self, Vec},
};
use async_io::Timer;
use core::{
    future::Future as _,
    pin::Pin,
    task::{Context, Poll, Waker},
    time::Duration,
};
use std::time::Instant;

/// A deadline, and which of those with the same one.
pub(crate) type TimerKey = (Instant, u64);

/// The deadlines of an executor.
pub(super) struct Timers {
    wakers: BTreeMap<TimerKey, Waker>,
    last: u64,
    /// Made with the first deadline that is waited for, since the reactor starts its thread with it.
    reactor: Option<Timer>,
    armed: Option<Instant>,
    /// How many polls go by before the clock is read again: fewer where polls are long.
    stride: u32,
    read: Option<Instant>,
}

/// Where this many polls take longer than [`SLICE`], the clock is read more often.
const MOST_STRIDE: u32 = 64;
const SLICE: Duration = Duration::from_micros(50);

impl Timers {
    pub(super) const fn new() -> Self {
        Timers { wakers: BTreeMap::new(), last: 0, reactor: None, armed: None, stride: 1, read: None }
    }

    #[inline(always)]
    pub(super) fn is_empty(&self) -> bool {
        self.wakers.is_empty()
    }
}

/// Those whose deadline has passed. Where the waker of one panics, the others are due again.
struct Due<'a> {
    shared: &'a Shared,
    entries: vec::IntoIter<(TimerKey, Waker)>,
}

impl Drop for Due<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.entries.len() > 0 {
            self.shared.timers.borrow_mut().wakers.extend(&mut self.entries);
        }
    }
}

impl Shared {
    /// Notes a deadline.
    pub(crate) fn add_timer(&self, deadline: Instant, waker: &Waker) -> TimerKey {
        let waker = waker.clone();
        let mut timers = self.timers.borrow_mut();
        if timers.is_empty() {
            // The loop does not look at the clock as long as there is none.
            self.inbox.interrupt();
        }
        timers.last += 1;
        let key = (deadline, timers.last);
        timers.wakers.insert(key, waker);
        key
    }

    /// Changes who is woken at a deadline; `false` where that is over.
    pub(crate) fn set_timer(&self, key: TimerKey, waker: &Waker) -> bool {
        let mut timers = self.timers.borrow_mut();
        let Some(slot) = timers.wakers.get_mut(&key) else { return false };
        if !slot.will_wake(waker) {
            drop(timers);
            // Cloning and dropping are the user's code, where it is not a task that waits.
            let waker = waker.clone();
            let old = self.timers.borrow_mut().wakers.insert(key, waker);
            drop(old);
        }
        true
    }

    /// Forgets a deadline.
    pub(crate) fn remove_timer(&self, key: TimerKey) {
        let waker = self.timers.borrow_mut().wakers.remove(&key);
        drop(waker);
    }

    /// Wakes those whose deadline has passed; gives how many polls may go by before this is done again.
    pub(super) fn fire_timers(&self) -> u32 {
        if self.timers.borrow().is_empty() {
            return u32::MAX;
        }
        let now = Instant::now();
        let stride = {
            let mut timers = self.timers.borrow_mut();
            let is_long = timers.read.replace(now).is_some_and(|last| now - last > SLICE);
            timers.stride =
                if is_long { timers.stride.div_ceil(4) } else { (timers.stride * 2).min(MOST_STRIDE) };
            timers.stride
        };
        loop {
            let mut due = Vec::new();
            let mut timers = self.timers.borrow_mut();
            while due.len() < 64 {
                let Some(entry) = timers.wakers.first_entry() else { break };
                if entry.key().0 > now {
                    break;
                }
                due.push(entry.remove_entry());
            }
            drop(timers);
            if due.is_empty() {
                return stride;
            }
            let mut due = Due { shared: self, entries: due.into_iter() };
            for (_, waker) in due.entries.by_ref() {
                waker.wake();
            }
        }
    }

    /// Has the driver woken at the earliest deadline; `false` where that has passed already.
    pub(super) fn arm_timers(&self, cx: &mut Context<'_>) -> bool {
        let mut timers = self.timers.borrow_mut();
        let Some(earliest) = timers.wakers.keys().next().map(|key| key.0) else { return true };
        let mut reactor = timers.reactor.take().unwrap_or_else(Timer::never);
        let is_armed = timers.armed.replace(earliest) == Some(earliest);
        drop(timers);
        if !is_armed {
            reactor.set_at(earliest);
        }
        let is_due = matches!(Pin::new(&mut reactor).poll(cx), Poll::Ready(_));
        let mut timers = self.timers.borrow_mut();
        if is_due {
            timers.armed = None;
        }
        timers.reactor = Some(reactor);
        !is_due
    }

    /// All of it, for the executor's end.
    pub(super) fn take_timers(&self) -> impl Sized {
        self.timers.replace(Timers::new())
    }
}
