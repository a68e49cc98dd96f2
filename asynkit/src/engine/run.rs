//! The loop.
//!
//! Invariant: a slot keeps its cell while its task runs, so that the loop polls the cell without a reference of its own.

#![allow(unsafe_code, reason = "counting a reference for each poll is what the hot path can do without")]

use super::{
    cell::TaskCell,
    core::Core,
    current::Entered,
    deliver::Told,
    error::TaskError,
    id::{self, Parts},
    shared::{Life, Shared},
    slots::{State, flag},
    spawn::DEPTH,
    waker::{Probe, waker},
};
use crate::{
    context::{self, TaskContext},
    queue::NIL,
    scope::{self, Scope},
};
use alloc::rc::Rc;
use core::{
    mem,
    panic::AssertUnwindSafe,
    task::{Context, Waker},
};
use std::panic::catch_unwind;

/// The future of a task, in a cell or with the call that drives it.
pub(super) trait Body {
    /// Whether it was never polled.
    fn is_new(&self) -> bool;
    fn poll(&mut self, cx: &mut Context<'_>) -> bool;
    fn poll_thrown(&mut self, scope: &mut Scope, cx: &mut Context<'_>) -> Told;
    fn drop_future(&mut self);
    fn fail(&mut self, error: TaskError);
}

impl Body for &TaskCell {
    fn is_new(&self) -> bool {
        (**self).is_new()
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> bool {
        (*self).poll(cx)
    }

    fn poll_thrown(&mut self, scope: &mut Scope, cx: &mut Context<'_>) -> Told {
        scope.poll_told_with(cx, |cx| self.poll_told(cx)).into()
    }

    fn drop_future(&mut self) {
        (*self).drop_future();
    }

    fn fail(&mut self, error: TaskError) {
        (*self).fail(error);
    }
}

/// The root that a call drives: its slot and its future.
pub(super) type Driven<'a, 'b> = Option<(u32, &'a mut (dyn Body + 'b))>;

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The root has ended.
    Finished,
    /// Nothing is ready; the driver is woken when something is.
    Idle,
    /// The budget is used up; the driver was woken.
    Busy,
}

/// How a batch of polls ended.
enum Batch {
    Finished,
    /// Nothing is ready; how many polls are left.
    Idle(u32),
    /// So many polls are done as were asked for, or something has come in; how many are left.
    Pause(u32),
}

impl Batch {
    /// So many polls were not part of it.
    fn plus(self, rest: u32) -> Self {
        match self {
            Batch::Finished => Batch::Finished,
            Batch::Idle(left) => Batch::Idle(left + rest),
            Batch::Pause(left) => Batch::Pause(left + rest),
        }
    }
}

/// After how many polls the loop looks up from its tasks.
const LOOK_UP: u32 = 8;

/// How a poll ended.
pub(super) enum Polled {
    Pending,
    Done,
    Dead(TaskError),
}

impl Shared {
    /// Makes it the current executor.
    pub(super) fn enter(self: &Rc<Self>) -> Entered {
        Entered::new(Rc::clone(self))
    }

    /// A turn for a driver that has no root; whether no task is left.
    pub(crate) fn drive(self: &Rc<Self>, cx: &mut Context<'_>) -> bool {
        self.turn(None, cx);
        self.core.borrow().slots.occupied() == 0 || self.life.get() != Life::Open
    }

    /// Runs what is ready, up to the budget.
    pub(super) fn turn(self: &Rc<Self>, mut root: Driven<'_, '_>, cx: &mut Context<'_>) -> Turn {
        assert!(!self.is_running.get(), "an executor was polled by one of its own tasks");
        let _running = Running::new(self);
        let _entered = self.enter();
        let _outside = (context::Outside::remember(), scope::Outside::enter());
        let mut left = self.options.budget;
        loop {
            let work = AssertUnwindSafe(|| {
                // What panics here is no task's, and least of all that of the one that was polled last.
                self.current.set(NIL);
                self.receive();
                let stride = self.fire_timers().min(left);
                let rest = left - stride;
                self.batch(stride, &mut root).plus(rest)
            });
            match catch_unwind(work) {
                Ok(Batch::Finished) => return Turn::Finished,
                Ok(Batch::Idle(rest)) if rest > 0 => {
                    self.current.set(NIL);
                    if self.arm_timers(cx) && self.inbox.wait(cx.waker()) {
                        return Turn::Idle;
                    }
                    left = rest - 1;
                }
                Ok(Batch::Pause(rest)) if rest > 0 => left = rest,
                Ok(Batch::Idle(_) | Batch::Pause(_)) => {
                    self.current.set(NIL);
                    cx.waker().wake_by_ref();
                    return Turn::Busy;
                }
                Err(payload) => {
                    // How many were polled before is not known any more.
                    left = left.div_ceil(2);
                    if self.failed(payload, &mut root) {
                        return Turn::Finished;
                    }
                }
            }
        }
    }

    /// Polls tasks one after the other, at most `most` of them. A panic leaves the task in `current`.
    #[inline(never)]
    fn batch(&self, most: u32, root: &mut Driven<'_, '_>) -> Batch {
        let mut left = most;
        let inbox = &*self.inbox;
        // It is borrowed from the end of a poll to the begin of the next one.
        let mut core = self.core.borrow_mut();
        while left % LOOK_UP != 0 || (left > 0 && !inbox.is_due()) {
            left -= 1;
            let Core { slots, queue, .. } = &mut *core;
            let Some((index, slot)) = queue.pop(slots.rows()) else { return Batch::Idle(left) };
            slot.state = State::Running;
            let context = slot.context;
            let waker = waker(self.tag, slot.generation, index);
            self.current.set(index);
            // SAFETY: the slot keeps its cell while the task runs: `after_poll`, `after_told` and `failed` come after the
            // poll, and `drop_tasks` passes over tasks that run. So it is there for the poll, which is all that this is for.
            let alias = |cell: &TaskCell| unsafe { cell.alias() };
            let cell = match &slot.cell {
                Some(cell) if slot.flags == 0 => alias(cell),
                _ => {
                    let told = slot.take_told().map(|(cell, error)| (alias(cell), error));
                    drop(core);
                    if let Some((cell, error)) = told {
                        self.run_told(index, cell, error, context, &waker);
                    } else if self.run_specially(index, context, root, &waker) {
                        return Batch::Finished;
                    }
                    core = self.core.borrow_mut();
                    continue;
                }
            };
            drop(core);
            context.resume();
            let (done, has_left) = scope::poll_task(&mut Context::from_waker(&waker), |cx| cell.poll(cx));
            if has_left {
                self.take_in(index);
            }
            if done {
                self.after_poll(index, true);
                core = self.core.borrow_mut();
                continue;
            }
            core = self.core.borrow_mut();
            if core.slots.at(index).context.has_changed() {
                drop(core);
                self.after_poll(index, false);
                core = self.core.borrow_mut();
                continue;
            }
            core.settle(index);
        }
        Batch::Pause(left)
    }

    /// After a poll that has finished, or has given the task a context of its own.
    #[inline(never)]
    fn after_poll(&self, index: u32, done: bool) {
        let mut core = self.core.borrow_mut();
        let slot = core.slots.at(index);
        slot.context = slot.context.suspend();
        if done {
            drop(core);
            self.finish(index);
        } else {
            core.settle(index);
        }
    }

    /// A turn of a root, or of one that was thrown to and is not for [`run_told`](Self::run_told); whether the root has
    /// ended.
    // Not cold: the compiler would make it small, with calls to reach the thread's locals.
    #[inline(never)]
    fn run_specially(
        &self,
        index: u32,
        context: TaskContext,
        root: &mut Driven<'_, '_>,
        waker: &Waker,
    ) -> bool {
        let (flags, cell) = {
            let mut core = self.core.borrow_mut();
            let slot = core.slots.at(index);
            (slot.flags, slot.cell.clone())
        };
        let probe = if flags & flag::PROBE == 0 { None } else { self.begin_probe(index, flags, waker) };
        let waker = probe.as_ref().map_or(waker, Probe::waker);
        context.resume();
        let polled = self.poll_unusual(index, flags, cell.as_ref(), root, &mut Context::from_waker(waker));
        drop(cell);
        let mut core = self.core.borrow_mut();
        let slot = core.slots.at(index);
        slot.context = slot.context.suspend();
        match polled {
            Polled::Pending => {
                core.settle(index);
                drop(core);
                if let Some(probe) = probe {
                    self.end_probe(index, probe);
                }
                false
            }
            Polled::Done => {
                drop(core);
                self.finish(index);
                flags & flag::ROOT != 0
            }
            Polled::Dead(error) => {
                drop(core);
                let root = body_of(root, index);
                let is_root = root.is_some();
                self.fail(index, error, root);
                is_root
            }
        }
    }

    /// Takes in the leaves that have registered in a poll.
    #[cold]
    #[inline(never)]
    pub(super) fn take_in(&self, index: u32) {
        let mut scope = mem::take(&mut self.core.borrow_mut().slots.at(index).extra().scope);
        scope.take_in_left();
        self.core.borrow_mut().slots.at(index).extra().scope = scope;
    }

    /// A poll of a root, or of one that was thrown to.
    #[cold]
    #[inline(never)]
    fn poll_unusual(
        &self,
        index: u32,
        flags: u8,
        mut cell: Option<&TaskCell>,
        root: &mut Driven<'_, '_>,
        cx: &mut Context<'_>,
    ) -> Polled {
        let body: &mut dyn Body = match (&mut cell, body_of(root, index)) {
            (Some(cell), _) => cell,
            (None, Some(body)) => body,
            (None, None) if flags & flag::CALLBACK != 0 => {
                self.run_callback(index);
                return Polled::Done;
            }
            (None, None) => {
                // Another call drives it.
                self.core.borrow_mut().slots.at(index).flags |= flag::CALLED;
                self.call_driver(index);
                return Polled::Pending;
            }
        };
        if flags & (flag::THROWN | flag::ABORTED) != 0 {
            return self.deliver(index, flags, body, cx);
        }
        let (done, left) = scope::poll_task(cx, |cx| body.poll(cx));
        if left {
            self.take_in(index);
        }
        if done { Polled::Done } else { Polled::Pending }
    }

    /// Does what other threads have asked for.
    fn receive(self: &Rc<Self>) {
        if !self.inbox.is_due() {
            return;
        }
        let taken = self.inbox.take(self.spare.take());
        let mut wakes = taken.wakes;
        {
            let mut core = self.core.borrow_mut();
            for Parts { generation, slot, .. } in wakes.drain(..) {
                core.wake(self.tag, self.tag | id::waker_bits(generation, slot));
            }
        }
        if wakes.capacity() <= 1024 {
            self.spare.replace(wakes);
        }
        for job in taken.jobs {
            // What is left of it when it panics has told whoever waits for it.
            let _ = catch_unwind(AssertUnwindSafe(|| job(self)));
        }
        if taken.is_stopped && self.life.get() == Life::Open {
            self.stop_tasks();
        }
    }
}

/// The future of the root, if it is the task of this slot.
pub(super) fn body_of<'a, 'b>(root: &'a mut Driven<'_, 'b>, index: u32) -> Option<&'a mut (dyn Body + 'b)> {
    match root {
        Some((at, body)) if *at == index => Some(&mut **body),
        _ => None,
    }
}

/// The loop is on the stack.
struct Running<'a>(&'a Shared);

impl<'a> Running<'a> {
    fn new(shared: &'a Shared) -> Self {
        shared.is_running.set(true);
        shared.room.set(DEPTH);
        Running(shared)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.is_running.set(false);
        self.0.room.set(0);
        self.0.current.set(NIL);
    }
}
