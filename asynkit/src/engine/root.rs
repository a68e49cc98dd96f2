//! [`Root`]: the future of a `run`, which may borrow: it stays with the call that drives it.
//!
//! It is a task like any other, with a slot and an identity; only its future is not in a cell but pinned in the call, so
//! that nobody can poll it after the call has ended. A loop that finds the root of another call at the head of the queue
//! has that call's driver woken.

use super::{
    deliver::Told,
    error::TaskError,
    id::{Parts, TaskId},
    run::Body,
    shared::Shared,
    slots::{State, flag},
};
use crate::{
    context::{self, TaskContext},
    priority::Priority,
    scope::{Delivery, Scope},
};
use alloc::rc::Rc;
use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};
use pin_project_lite::pin_project;

use super::cell::Site;

pin_project! {
    /// A future that a call drives, and what became of it.
    pub(crate) struct Root<F: Future> {
        #[pin]
        future: Option<F>,
        result: Option<Result<F::Output, TaskError>>,
    }
}

impl<F: Future> Root<F> {
    pub(crate) fn new(future: F) -> Self {
        Root { future: Some(future), result: None }
    }
}

impl<F: Future> Body for Pin<&mut Root<F>> {
    /// A root that is stopped before its first poll is told in it: a call that drives it waits for what it makes of that.
    fn is_new(&self) -> bool {
        false
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> bool {
        let mut this = self.as_mut().project();
        let future = this.future.as_mut().as_pin_mut().expect("a root is polled until it has ended");
        let Poll::Ready(value) = future.poll(cx) else { return false };
        this.future.set(None);
        *this.result = Some(Ok(value));
        true
    }

    fn poll_thrown(&mut self, scope: &mut Scope, cx: &mut Context<'_>) -> Told {
        let mut this = self.as_mut().project();
        let future = this.future.as_mut().as_pin_mut().expect("a root is polled until it has ended");
        let (value, told) = match scope.poll_thrown(future, cx) {
            Delivery::Ready(value) => (value, Told::Finished),
            Delivery::Unseen(value, error) => (value, Told::Unseen(error)),
            Delivery::Pending => return Told::Suspended,
            Delivery::Root(error) => return Told::Root(error),
        };
        this.future.set(None);
        *this.result = Some(Ok(value));
        told
    }

    fn drop_future(&mut self) {
        self.as_mut().project().future.set(None);
    }

    fn fail(&mut self, error: TaskError) {
        *self.as_mut().project().result = Some(Err(error));
    }
}

/// A root's place in its executor, as long as its call lasts.
pub(crate) struct Rooted {
    shared: Rc<Shared>,
    id: TaskId,
}

impl Rooted {
    /// Queues it.
    pub(crate) fn new(shared: &Rc<Shared>, site: Site) -> Self {
        let context = TaskContext::inherited();
        let mut core = shared.core.borrow_mut();
        let core_ = &mut *core;
        let (index, slot) = core_.slots.occupy(State::Queued, flag::ROOT);
        slot.priority = Priority::NORMAL;
        slot.context = context;
        slot.site = site;
        let id = TaskId::new(Parts { executor: shared.number, generation: slot.generation, slot: index });
        core_.queue.push(&mut core_.slots, index);
        drop(core);
        let others = shared.roots.get();
        shared.roots.set(others + 1);
        if others > 0 {
            // So that they leave their drivers, from now on.
            shared.called();
        }
        Rooted { shared: Rc::clone(shared), id }
    }

    /// Drives the executor until the root has ended.
    pub(crate) fn poll<F: Future>(
        &self,
        mut root: Pin<&mut Root<F>>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<F::Output, TaskError>> {
        let Rooted { shared, id } = self;
        if let Some(result) = root.as_mut().project().result.take() {
            return Poll::Ready(result);
        }
        if shared.roots.get() > 1 {
            self.leave(cx.waker());
        }
        self.recall();
        shared.turn(Some((id.parts().slot, &mut root)), cx);
        root.project().result.take().map_or(Poll::Pending, Poll::Ready)
    }

    /// Leaves the driver's waker for the calls that may find this root due.
    fn leave(&self, driver: &Waker) {
        let driver = driver.clone();
        let mut core = self.shared.core.borrow_mut();
        let old = core.find(self.id).and_then(|(_, slot)| slot.extra().driver.replace(driver));
        drop(core);
        drop(old);
    }

    /// Queues it, if another call has found it due.
    fn recall(&self) {
        let mut core = self.shared.core.borrow_mut();
        let Some((index, slot)) = core.find(self.id) else { return };
        if slot.flags & flag::CALLED != 0 {
            slot.flags &= !flag::CALLED;
            core.call(index);
        }
    }

    /// Drops what is left of the future as the task that it was.
    ///
    /// # Panics
    /// If its destructor does; while the thread unwinds, that panic goes to the hook.
    pub(crate) fn end<F: Future>(&self, mut root: Pin<&mut Root<F>>) {
        let shared = &self.shared;
        let mut core = shared.core.borrow_mut();
        let Some((index, slot)) = core.find(self.id) else { return };
        let site = slot.site;
        drop(core);
        {
            let _context = context::Outside::remember();
            let _entered = shared.enter();
            shared.fail(index, TaskError::Cancelled, Some(&mut root));
        }
        if let Some(Err(TaskError::Panicked(payload))) = root.project().result.take() {
            if std::thread::panicking() {
                shared.report(self.id, site, &payload);
            } else {
                payload.resume();
            }
        }
    }
}

impl Drop for Rooted {
    fn drop(&mut self) {
        let roots = self.shared.roots.get() - 1;
        self.shared.roots.set(roots);
        if roots > 0 {
            self.shared.call_drivers();
        }
        // Whoever drives the executor as a whole takes over.
        self.shared.called();
    }
}

impl Shared {
    /// A call has ended: the others drive what it drove.
    fn call_drivers(&self) {
        let len = self.core.borrow().slots.len();
        for index in 0..len {
            self.call_driver(index);
        }
    }

    /// Wakes who drives this root.
    pub(super) fn call_driver(&self, index: u32) {
        let mut core = self.core.borrow_mut();
        let slot = core.slots.at(index);
        if slot.flags & flag::ROOT == 0 || slot.state == State::Free {
            return;
        }
        let driver = slot.extra.as_mut().and_then(|extra| extra.driver.take());
        drop(core);
        if let Some(driver) = driver {
            driver.wake();
        }
    }
}
