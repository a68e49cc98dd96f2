//! The end of an executor: every task is dropped at home, whatever other threads do.

use super::{
    error::TaskError,
    registry,
    shared::{Life, Shared},
    slots::{State, flag},
};
use crate::{context, scope};
use alloc::rc::Rc;
use core::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

impl Shared {
    /// Another thread has asked for the end: the tasks are dropped, the roots are asked to stop.
    pub(super) fn stop_tasks(&self) {
        self.life.set(Life::Stopped);
        self.is_plain.set(false);
        self.drop_tasks();
        let len = self.core.borrow().slots.len();
        for index in 0..len {
            let id = self.core.borrow().id(self.number, index);
            if let Some(id) = id {
                self.cancel(id);
                self.call_driver(index);
            }
        }
    }

    /// Drops the tasks whose futures it has; what their destructors spawn has ended before it began.
    fn drop_tasks(&self) {
        let len = self.core.borrow().slots.len();
        for index in 0..len {
            let is_ours = {
                let mut core = self.core.borrow_mut();
                let slot = core.slots.at(index);
                slot.state != State::Free && !slot.state.is_running() && slot.flags & flag::ROOT == 0
            };
            if is_ours {
                self.fail_quietly(index);
            }
        }
    }

    /// A destructor's panic goes to whoever awaits the task, or to the hook; that of a waker goes nowhere.
    fn fail_quietly(&self, index: u32) {
        let _ = catch_unwind(AssertUnwindSafe(|| self.fail(index, TaskError::Cancelled, None)));
    }

    /// The executor is gone: nobody drives it, and nothing reaches it.
    pub(crate) fn close(self: &Rc<Self>) {
        let generation = self.core.borrow().slots.next_generation();
        registry::leave(self.number, generation);
        let left = self.inbox.close();
        self.life.set(Life::Closed);
        self.is_plain.set(false);
        let _outside = (context::Outside::remember(), scope::Outside::enter());
        let _entered = self.enter();
        self.drop_tasks();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(left)));
        let timers = self.take_timers();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(timers)));
    }
}
