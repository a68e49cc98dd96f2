//! [`TaskContext`]: the context of a task, as its executor keeps it.
//!
//! Switching it is a store. A task in which nothing was set has the frame that is always empty; it gets one of its own
//! with its first `set`, and the executor learns of it when it suspends the task.

use super::{Context, bindings, frame::Frame};
use core::{mem, ptr};

/// The context of a task; whoever keeps it gives it back with [`end`](Self::end).
#[derive(Clone, Copy)]
pub(crate) struct TaskContext(&'static Frame);

impl TaskContext {
    /// A context in which nothing is set.
    #[inline(always)]
    pub(crate) fn empty() -> Self {
        TaskContext(Frame::empty_one())
    }

    /// What a task gets that is spawned here.
    #[inline(always)]
    pub(crate) fn inherited() -> Self {
        match Frame::current() {
            Some(frame) if !frame.is_empty_one() => TaskContext::copied(frame),
            _ => TaskContext::empty(),
        }
    }

    /// The same with a frame of its own, whether anything is set or not: for what runs once, and is no task.
    pub(crate) fn inherited_frame() -> Self {
        Frame::current().map_or_else(|| TaskContext::of(Context::default()), TaskContext::copied)
    }

    #[cold]
    #[inline(never)]
    fn copied(frame: &Frame) -> Self {
        TaskContext(Frame::take(frame.copy().inherited()))
    }

    /// A context that was prepared.
    pub(crate) fn of(context: Context) -> Self {
        TaskContext(context.into_frame())
    }

    /// Runs in it from here on.
    #[inline(always)]
    pub(crate) fn resume(self) {
        Frame::switch(Some(self.0));
    }

    /// Whether the task that ran in it has got one of its own.
    #[inline(always)]
    pub(crate) fn has_changed(self) -> bool {
        !Frame::current().is_some_and(|frame| ptr::eq(frame, self.0))
    }

    /// What it is after the task ran in it.
    #[inline(always)]
    pub(crate) fn suspend(self) -> Self {
        if self.has_changed() { self.grown() } else { self }
    }

    #[cold]
    fn grown(self) -> Self {
        match Frame::take_grown() {
            Some(frame) => TaskContext(frame),
            None => self,
        }
    }

    /// Whether nothing was set in it, also not by the task that has just run in it.
    #[inline(always)]
    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty_one() && !self.has_changed()
    }

    /// A copy of it; `is_current`: of the task that runs.
    pub(crate) fn copy(self, is_current: bool) -> Context {
        let grown = if is_current && self.0.is_empty_one() { Frame::grown() } else { None };
        Context::of(grown.unwrap_or(self.0).copy())
    }

    /// The task has ended: what is given runs destructors of the user's when it is dropped.
    #[inline(always)]
    pub(crate) fn end(self) -> Option<Ended> {
        if self.0.is_empty_one() { None } else { Some(self.end_own()) }
    }

    #[inline(never)]
    fn end_own(self) -> Ended {
        Ended(self.0.give_back())
    }
}

/// The context that the running task has got, if it had none before it was resumed.
#[inline(always)]
pub(crate) fn take_grown() -> Option<TaskContext> {
    Frame::take_grown().map(TaskContext)
}

/// The values of a context that has ended.
pub(crate) struct Ended(#[expect(dead_code, reason = "only held to be dropped")] bindings::Ended);

/// Whether the task that runs has no context of its own, so that a new task inherits nothing.
#[inline(always)]
pub(crate) fn is_empty() -> bool {
    Frame::current().is_some_and(Frame::is_empty_one)
}

/// Leaves the contexts of tasks, for that which the thread was in before; what the task around has got since it was
/// resumed stays its own.
pub(crate) struct Outside {
    frame: Option<&'static Frame>,
    grown: Option<&'static Frame>,
}

impl Outside {
    #[inline(always)]
    pub(crate) fn remember() -> Self {
        Outside { frame: Frame::current(), grown: Frame::take_grown() }
    }

    /// The same where `take_grown` was asked before.
    pub(crate) fn remember_taken() -> Self {
        Outside { frame: Frame::current(), grown: None }
    }

    /// The same where [`is_empty`] has said yes.
    #[inline(always)]
    pub(crate) fn empty() -> Self {
        Outside { frame: Some(Frame::empty_one()), grown: None }
    }

    /// Resumes a context in its place; nothing, where both are the one in which nothing is set.
    #[inline(always)]
    pub(crate) fn go_to(&self, context: TaskContext) {
        if !self.is_same(context) {
            context.resume();
        }
    }

    /// Comes back from a context in which nothing was set meanwhile.
    #[inline(always)]
    pub(crate) fn come_back(self, context: TaskContext) {
        if self.is_same(context) {
            mem::forget(self);
        }
    }

    #[inline(always)]
    fn is_same(&self, context: TaskContext) -> bool {
        self.grown.is_none() && self.frame.is_some_and(|frame| ptr::eq(frame, context.0))
    }
}

impl Drop for Outside {
    #[inline(always)]
    fn drop(&mut self) {
        Frame::switch(self.frame);
        if self.grown.is_some() {
            Frame::give_grown(self.grown);
        }
    }
}

/// The thread is in a context until this is dropped, a panic included; for who keeps the context.
pub(crate) struct Inside<'a> {
    context: &'a mut TaskContext,
    _outside: Outside,
}

impl<'a> Inside<'a> {
    #[inline]
    pub(crate) fn enter(context: &'a mut TaskContext) -> Self {
        let outside = Outside::remember();
        context.resume();
        Inside { context, _outside: outside }
    }
}

impl Drop for Inside<'_> {
    #[inline]
    fn drop(&mut self) {
        *self.context = self.context.suspend();
    }
}
