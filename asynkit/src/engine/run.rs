//! The loop.

use super::{
    cell::{TaskCell, Told},
    current::Entered,
    error::TaskError,
    id::Parts,
    shared::{Life, Shared},
    slots::{State, flag},
    waker::waker,
};
use crate::{
    context,
    queue::NIL,
    scope::{self, Scope},
};
use alloc::rc::Rc;
use core::{mem, panic::AssertUnwindSafe, task::Context};
use std::panic::catch_unwind;

/// The future of a task, in a cell or with the call that drives it.
pub(super) trait Body {
    fn poll(&mut self, cx: &mut Context<'_>) -> bool;
    fn poll_thrown(&mut self, scope: &mut Scope, cx: &mut Context<'_>) -> Told;
    fn drop_future(&mut self);
    fn fail(&mut self, error: TaskError);
}

impl Body for &TaskCell {
    fn poll(&mut self, cx: &mut Context<'_>) -> bool {
        (*self).poll(cx)
    }

    fn poll_thrown(&mut self, scope: &mut Scope, cx: &mut Context<'_>) -> Told {
        (*self).poll_thrown(scope, cx)
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
    Idle,
    /// So many polls are done as were asked for, or something has come in.
    Pause,
}

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
                self.receive();
                self.fire_timers();
                self.batch(&mut left, &mut root)
            });
            match catch_unwind(work) {
                Ok(Batch::Finished) => return Turn::Finished,
                Ok(Batch::Idle) => {
                    self.current.set(NIL);
                    if self.arm_timers(cx) && self.inbox.wait(cx.waker()) {
                        return Turn::Idle;
                    }
                }
                Ok(Batch::Pause) if left > 0 => {}
                Ok(Batch::Pause) => {
                    self.current.set(NIL);
                    cx.waker().wake_by_ref();
                    return Turn::Busy;
                }
                Err(payload) => {
                    if self.failed(payload, &mut root) {
                        return Turn::Finished;
                    }
                }
            }
        }
    }

    /// Polls tasks one after the other. A panic leaves the task in `current`.
    #[inline(never)]
    fn batch(&self, left: &mut u32, root: &mut Driven<'_, '_>) -> Batch {
        while *left > 0 && !self.inbox.is_due() {
            *left -= 1;
            let mut core = self.core.borrow_mut();
            let core_ = &mut *core;
            let Some(index) = core_.queue.pop(&mut core_.slots) else { return Batch::Idle };
            let slot = core_.slots.at(index);
            slot.state = State::Running;
            let (context, flags) = (slot.context, slot.flags);
            let parts = Parts { executor: self.number, generation: slot.generation, slot: index };
            let cell = slot.cell.clone();
            drop(core);
            self.current.set(index);
            context.resume();
            let waker = waker(parts);
            let cx = &mut Context::from_waker(&waker);
            let polled = match &cell {
                Some(cell) if flags == 0 => {
                    let (done, left) = scope::poll_task(cx, |cx| cell.poll(cx));
                    if left {
                        self.take_in(index);
                    }
                    if done { Polled::Done } else { Polled::Pending }
                }
                _ => self.poll_unusual(index, flags, cell.as_ref(), root, cx),
            };
            drop(cell);
            match polled {
                Polled::Pending => {
                    let mut core = self.core.borrow_mut();
                    core.slots.at(index).context = context.suspend();
                    core.settle(index);
                }
                Polled::Done => {
                    self.core.borrow_mut().slots.at(index).context = context.suspend();
                    self.finish(index);
                    if flags & flag::ROOT != 0 {
                        return Batch::Finished;
                    }
                }
                Polled::Dead(error) => {
                    self.core.borrow_mut().slots.at(index).context = context.suspend();
                    let root = body_of(root, index);
                    let is_root = root.is_some();
                    self.fail(index, error, root);
                    if is_root {
                        return Batch::Finished;
                    }
                }
            }
        }
        Batch::Pause
    }

    /// Takes in the leaves that have registered in a poll.
    #[cold]
    #[inline(never)]
    pub(super) fn take_in(&self, index: u32) {
        let mut scope = mem::take(&mut self.core.borrow_mut().slots.at(index).extra().scope);
        scope.take_in_left();
        self.core.borrow_mut().slots.at(index).extra().scope = scope;
    }

    /// A poll of a new task, of a root, or of one that was thrown to.
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
        if flags & flag::NEW != 0 {
            self.core.borrow_mut().slots.at(index).flags &= !flag::NEW;
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
            for parts in wakes.drain(..) {
                core.wake(parts);
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
        Running(shared)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.is_running.set(false);
        self.0.current.set(NIL);
    }
}
