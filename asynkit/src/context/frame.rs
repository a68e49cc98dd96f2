//! [`Frame`]: where the variables of a context lie that was entered, and which one this thread is in.
//!
//! Entering has to be two stores, so the thread-local is one word without a destructor: a reference to the innermost
//! frame. Frames are never freed but used again, so that the reference needs no unsafe code, and code that leaves
//! contexts in the wrong order (by switching stacks inside a poll) meets another context at worst, never freed memory.

use super::{
    bindings::{Bindings, Ended},
    list::List,
    locked::Locked,
    spare,
    value::{Value, Var},
};
use alloc::boxed::Box;
use core::cell::Cell;

/// The variables of a context that was entered.
pub(super) struct Frame(Locked<Inner>);

struct Inner {
    bindings: Bindings,
    /// While a [`Scope`](super::Scope) is dropped: the frame that this thread was in.
    outer: Option<&'static Frame>,
    /// How often it was given back: tells its users apart.
    uses: u64,
}

crate::util::sync::thread_local! {
    /// The innermost frame that this thread is in; `None` until something was set or entered.
    static CURRENT: Cell<Option<&'static Frame>> = const { Cell::new(None) };
    /// The frame that the running task has got since it was resumed.
    static GROWN: Cell<Option<&'static Frame>> = const { Cell::new(None) };
    /// Gives the thread's own frame back when the thread ends.
    static AMBIENT: Ambient = const { Ambient(Cell::new(None)) };
}

/// The frame of every task in which nothing was set so far: it stays empty, and is left with the first `set`.
static EMPTY: Frame = Frame::new();

/// Leaves the frame that was entered.
pub(super) struct Entered(Option<&'static Frame>);

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        CURRENT.set(self.0);
    }
}

impl Frame {
    const fn new() -> Self {
        Frame(Locked::new(Inner { bindings: Bindings::new(), outer: None, uses: 0 }))
    }

    /// A frame of its own for the values of `list`.
    pub(super) fn take(list: List) -> &'static Frame {
        let frame = spare::pop().unwrap_or_else(Frame::leaked);
        match frame.0.with(|inner| inner.bindings.begin(list)) {
            Ok(()) => frame,
            Err(list) => frame.cleared(list),
        }
    }

    #[cold]
    #[inline(never)]
    fn leaked() -> &'static Frame {
        Box::leak(Box::new(Frame::new()))
    }

    #[cold]
    #[inline(never)]
    fn cleared(&'static self, list: List) -> &'static Frame {
        drop(self.0.with(|inner| inner.bindings.end()));
        drop(self.0.with(|inner| inner.bindings.begin(list)));
        self
    }

    /// Gives the frame back; its values are the caller's to drop.
    #[inline(always)]
    pub(super) fn give_back(&'static self) -> Ended {
        let ended = self.0.with(|inner| {
            inner.uses += 1;
            inner.bindings.end()
        });
        spare::push(self);
        ended
    }

    /// How often it was given back before.
    pub(super) fn uses(&self) -> u64 {
        self.0.with(|inner| inner.uses)
    }

    /// The frame that this thread is in.
    #[inline]
    pub(super) fn current() -> Option<&'static Frame> {
        CURRENT.get()
    }

    /// The frame that this thread is in, to set a variable there: one that is made for the running task if it has none,
    /// or else one of the thread's own; `None` while the thread's locals are destroyed.
    #[inline]
    pub(super) fn current_or_ambient() -> Option<&'static Frame> {
        match Frame::current() {
            Some(frame) if !frame.is_empty_one() => Some(frame),
            Some(_) => Some(Frame::grow()),
            None => Frame::ambient(),
        }
    }

    /// The frame of tasks in which nothing was set.
    #[cfg(feature = "executor")]
    #[inline]
    pub(super) fn empty_one() -> &'static Frame {
        &EMPTY
    }

    #[inline]
    pub(super) fn is_empty_one(&self) -> bool {
        core::ptr::eq(self, &raw const EMPTY)
    }

    #[cold]
    #[inline(never)]
    fn grow() -> &'static Frame {
        let frame = Frame::take(List::new());
        GROWN.set(Some(frame));
        CURRENT.set(Some(frame));
        frame
    }

    /// The frame that the running task has got, if it had none.
    #[cfg(feature = "executor")]
    #[inline]
    pub(super) fn take_grown() -> Option<&'static Frame> {
        let grown = GROWN.get();
        if grown.is_some() {
            GROWN.set(None);
        }
        grown
    }

    /// Gives back what was taken.
    #[cfg(feature = "executor")]
    #[inline]
    pub(super) fn give_grown(grown: Option<&'static Frame>) {
        GROWN.set(grown);
    }

    /// The same, and it stays to be taken.
    #[cfg(feature = "executor")]
    pub(super) fn grown() -> Option<&'static Frame> {
        GROWN.get()
    }

    /// Enters a frame, or none, until another one is entered.
    #[cfg(feature = "executor")]
    #[inline(always)]
    pub(super) fn switch(to: Option<&'static Frame>) {
        CURRENT.set(to);
    }

    #[cold]
    #[inline(never)]
    fn ambient() -> Option<&'static Frame> {
        AMBIENT
            .try_with(|ambient| {
                let frame = Frame::take(List::new());
                ambient.0.set(Some(frame));
                CURRENT.set(Some(frame));
                frame
            })
            .ok()
    }

    /// Enters it, until the guard is dropped.
    #[inline]
    pub(super) fn enter(&'static self) -> Entered {
        Entered(CURRENT.replace(Some(self)))
    }

    /// Enters it for the drop of a scope's future; [`leave_drop`](Self::leave_drop) ends that.
    pub(super) fn enter_drop(&'static self) {
        let outer = CURRENT.replace(Some(self));
        self.0.with(|inner| inner.outer = outer);
    }

    /// The future is dropped.
    pub(super) fn leave_drop(&'static self) {
        CURRENT.set(self.0.with(|inner| inner.outer.take()));
    }

    /// A copy of the variables.
    #[inline]
    pub(super) fn copy(&self) -> List {
        self.0.with(|inner| inner.bindings.copy()).unwrap_or_else(|| self.share())
    }

    #[cold]
    #[inline(never)]
    fn share(&self) -> List {
        let (list, unneeded) = self.0.with(|inner| inner.bindings.share());
        drop(unneeded);
        list
    }

    /// The value of a variable; shared, so that nothing is locked while its user looks at it.
    #[inline]
    pub(super) fn get(&self, var: Var) -> Option<Value> {
        self.0.with(|inner| inner.bindings.get(var).cloned())
    }

    /// Sets or unsets a variable: takes the value, and puts there what the variable was, if the list that is given does not
    /// tell. Also gives how often the frame was given back before.
    #[inline]
    pub(super) fn exchange(&self, var: Var, value: &mut Option<Value>) -> (List, u64) {
        loop {
            let exchanged =
                self.0.with(|inner| inner.bindings.exchange(var, value).map(|list| (list, inner.uses)));
            if let Some(exchanged) = exchanged {
                return exchanged;
            }
            drop(self.share());
        }
    }
}

struct Ambient(Cell<Option<&'static Frame>>);

impl Drop for Ambient {
    fn drop(&mut self) {
        let Some(frame) = self.0.take() else { return };
        if CURRENT.get().is_some_and(|current| core::ptr::eq(current, frame)) {
            CURRENT.set(None);
        }
        drop(frame.give_back());
    }
}

#[cfg(all(test, not(any(asynkit_loom, asynkit_shuttle))))]
mod tests {
    use super::{Frame, List, Value, Var};

    #[test]
    fn what_was_set_after_the_end_of_a_context_is_not_in_the_next_one() {
        let var = Var::numbered(usize::MAX / 2, true).expect("the greatest number");
        let frame = Frame::take(List::new());
        frame.exchange(var, &mut Some(Value::new(1)));
        drop(frame.give_back());
        // As code does that left contexts in the wrong order.
        frame.exchange(var, &mut Some(Value::new(2)));
        let next = Frame::take(List::new());
        assert!(core::ptr::eq(frame, next), "used again, by the same thread");
        assert_eq!(next.uses(), 1);
        assert!(next.get(var).is_none());
        drop(next.give_back());
    }
}
