//! The cold thread-local: the errors on offer in the polls on this stack, outermost first.

use super::{registration::Registration, word};
use crate::{error::Interrupt, util::cold::cold_path, waker::is_asked};
use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{
    cell::{Cell, RefCell},
    mem::{self, ManuallyDrop},
    ptr,
    sync::atomic::{AtomicU64, Ordering},
};

/// How often one stop is told in one poll, before a loop that swallows it is cut off at the scope's root.
pub(super) const MOST_TOLD: u32 = 1000;

/// An error that was thrown; while its scope is polled, it is on offer to the leaves.
///
/// It stays in its box, which the scope and the stack of those on offer hand to each other: what is polled often while it
/// cleans up copies and counts nothing.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "five independent facts of one poll")]
pub(super) struct Offer {
    /// `None`: one leaf has taken it, or the throw is over.
    pub(super) error: Option<Interrupt>,
    pub(super) is_stop: bool,
    /// Which throw this is; later throws have higher numbers.
    pub(super) serial: u64,
    /// How often it was taken since it was thrown, and in this poll.
    pub(super) taken: u32,
    pub(super) told: u32,
    /// How many polls of the scope's own making there were.
    pub(super) extra: u32,
    /// The leaves under sub-executors have been woken for it.
    pub(super) is_announced: bool,
    /// A shield waits, or waited in the last poll: the scope is not dropped.
    pub(super) held: bool,
    /// A leaf let those go first that it encloses and that were not polled yet.
    pub(super) deferred: bool,
    /// Nobody is waited for any more.
    pub(super) is_last: bool,
    /// The facts of one poll are as they are before it: nobody was told, nobody holds it back, it is not the last.
    pub(super) is_clear: bool,
    /// The same of a stop that somebody was told of before.
    pub(super) is_quiet: bool,
    /// The leaves under sub-executors, lent by the scope for the poll.
    pub(super) woken: Vec<Arc<Registration>>,
    /// The one that was on offer before it.
    below: Option<Box<Offer>>,
}

impl Offer {
    /// Another throw; gives what was there.
    #[inline(always)]
    pub(super) fn begin(&mut self, error: Interrupt) -> Option<Interrupt> {
        self.is_stop = error.kind().is_stop();
        self.serial = next_serial();
        (self.taken, self.extra, self.is_announced) = (0, 0, false);
        self.held = false;
        self.clear();
        self.error.replace(error)
    }

    /// Before a poll: nobody was told in it.
    #[inline(always)]
    pub(super) fn clear(&mut self) {
        (self.told, self.deferred, self.is_last) = (0, false, false);
        self.is_clear = !self.held && self.extra == 0;
        self.is_quiet = self.is_clear && self.taken > 0;
    }

    /// The facts of this poll are no longer as they were before it.
    #[inline(always)]
    pub(super) fn touch(&mut self) {
        (self.is_clear, self.is_quiet) = (false, false);
    }

    /// One leaf more is told.
    #[inline(always)]
    pub(super) fn take(&mut self) -> Option<Interrupt> {
        self.taken += 1;
        self.told += 1;
        self.touch();
        if self.is_stop { self.error.as_ref().map(Interrupt::share) } else { self.error.take() }
    }

    /// Tells it from all others that are there.
    #[inline(always)]
    fn id(&self) -> usize {
        ptr::from_ref(self).addr()
    }

    pub(super) fn has_unpolled(&self) -> bool {
        self.woken.iter().any(|registration| registration.is_unpolled())
    }
}

/// What is looked at together, at one address.
struct Stack {
    /// The innermost offer. It has no destructor, so that access is a load: polls take away what they put there.
    top: Cell<Option<ManuallyDrop<Box<Offer>>>>,
    /// The newest of the offers that a shield hides; 0: none.
    floor: Cell<usize>,
    /// How many errors were taken on this thread.
    takes: Cell<u64>,
}

crate::util::sync::thread_local! {
    static STACK: Stack = const { Stack { top: Cell::new(None), floor: Cell::new(0), takes: Cell::new(0) } };
    /// The registrations that were made in the polls on this stack.
    static OUTBOX: RefCell<Vec<Arc<Registration>>> = const { RefCell::new(Vec::new()) };
    /// The floors and registrations that tasks have put out of sight.
    #[cfg(feature = "executor")]
    static HIDDEN: RefCell<Vec<(usize, Vec<Arc<Registration>>)>> = const { RefCell::new(Vec::new()) };
}

static SERIALS: AtomicU64 = AtomicU64::new(1);

/// A number that no throw and no scope had before.
pub(super) fn next_serial() -> u64 {
    SERIALS.fetch_add(1, Ordering::Relaxed)
}

/// Lends the outbox. No user code runs inside: nothing is dropped, woken or cloned in `f` that is not ours.
#[inline(always)]
pub(super) fn with_outbox<R>(f: impl FnOnce(&mut Vec<Arc<Registration>>) -> R) -> R {
    OUTBOX.with_borrow_mut(f)
}

/// Lends what tasks have put out of sight, as [`with_outbox`] does.
#[cfg(feature = "executor")]
pub(super) fn with_hidden<R>(f: impl FnOnce(&mut Vec<(usize, Vec<Arc<Registration>>)>) -> R) -> R {
    HIDDEN.with_borrow_mut(f)
}

/// How many errors were taken on this thread: a leaf sees by it that something inside it took one.
#[inline(always)]
pub(super) fn takes() -> u64 {
    STACK.with(|stack| stack.takes.get())
}

#[inline(always)]
pub(crate) fn count_take() {
    STACK.with(|stack| stack.takes.set(stack.takes.get() + 1));
}

// The closures are small, so that the compiler inlines what calls them.

#[inline(always)]
fn take_top() -> Option<ManuallyDrop<Box<Offer>>> {
    STACK.with(|stack| stack.top.take())
}

#[inline(always)]
fn set_top(top: Option<ManuallyDrop<Box<Offer>>>) {
    STACK.with(|stack| stack.top.set(top));
}

#[inline(always)]
fn floor() -> usize {
    STACK.with(|stack| stack.floor.get())
}

#[cold]
#[inline(never)]
pub(super) fn outbox_len() -> usize {
    with_outbox(|outbox| outbox.len())
}

/// Hides the offers that there are; gives the newest of them, and which was hidden before.
pub(super) fn hide() -> (usize, usize) {
    let top = take_top();
    let id = top.as_ref().map_or(0, |offer| offer.id());
    set_top(top);
    (id, STACK.with(|stack| stack.floor.replace(id)))
}

/// Hides those that were hidden before.
pub(super) fn show(floor: usize) {
    STACK.with(|stack| stack.floor.set(floor));
}

/// Shows the offers that are not hidden to `f`, the innermost first, until it gives something. Nothing else that is here may be called in `f`, and no code of the user's.
#[inline(always)]
pub(super) fn find<R>(f: impl FnMut(&mut Offer) -> Option<R>) -> Option<R> {
    find_above(floor(), f)
}

#[inline(always)]
fn find_above<R>(floor: usize, mut f: impl FnMut(&mut Offer) -> Option<R>) -> Option<R> {
    let mut top = take_top();
    let mut found = None;
    let mut at = top.as_mut().map(|top| &mut ***top);
    while let Some(offer) = at.filter(|offer| offer.id() != floor) {
        found = f(offer);
        if found.is_some() {
            break;
        }
        at = offer.below.as_deref_mut();
    }
    set_top(top);
    found
}

/// Takes the error for a leaf that nothing special is known of, if it is the only one on offer, and none was taken since
/// there were `since`.
#[inline(always)]
pub(super) fn take_only(since: Option<u64>) -> Option<Interrupt> {
    if since.is_some_and(|since| since != takes()) {
        cold_path();
        return None;
    }
    let Some(mut offer) = take_top() else {
        cold_path();
        return None;
    };
    let is_only = offer.below.is_none() && offer.id() != floor() && offer.woken.is_empty();
    let is_free = offer.taken == 0 || offer.is_stop && offer.told <= MOST_TOLD;
    let is_stop = offer.is_stop;
    let told = if is_only && is_free { offer.take() } else { None };
    set_top(Some(offer));
    if told.is_none() {
        cold_path();
        return None;
    }
    count_take();
    if !is_stop && !is_asked() {
        // What waits later in this poll need not look.
        word::set(word::get() & !word::OPEN);
    }
    told
}

/// Puts an error on offer to what is polled from now on; gives what tells it from others.
#[inline(always)]
pub(super) fn open(mut offer: Box<Offer>) -> usize {
    let id = offer.id();
    let none = mem::replace(&mut offer.below, take_top().map(ManuallyDrop::into_inner));
    debug_assert!(none.is_none(), "it is on offer once");
    mem::forget(none);
    set_top(Some(ManuallyDrop::new(offer)));
    id
}

/// Takes an offer off the stack; `None` where a poll on another stack has broken the order.
#[inline(always)]
pub(super) fn close(id: usize) -> Option<Box<Offer>> {
    let top = take_top();
    if top.as_ref().map_or(0, |offer| offer.id()) != id {
        cold_path();
        return close_above(top, id);
    }
    let mut offer = ManuallyDrop::into_inner(top?);
    set_top(offer.below.take().map(ManuallyDrop::new));
    Some(offer)
}

/// Takes off those above the offer, and it too, if it is there.
#[cold]
#[inline(never)]
fn close_above(top: Option<ManuallyDrop<Box<Offer>>>, id: usize) -> Option<Box<Offer>> {
    let mut is_there = false;
    set_top(top);
    find_above(0, |offer| {
        is_there |= offer.id() == id;
        None::<()>
    });
    while is_there {
        let mut top = ManuallyDrop::into_inner(take_top()?);
        set_top(top.below.take().map(ManuallyDrop::new));
        is_there = top.id() != id;
    }
    None
}

/// Runs `poll` with the errors of all scopes around it hidden (a shield).
#[inline]
pub(crate) fn hold_back<R>(poll: impl FnOnce() -> R) -> (R, Held) {
    if word::get() & word::OPEN == 0 {
        return (poll(), Held { top: 0, floor: 0 });
    }
    let (top, floor) = hide();
    let _floor = Floor(floor);
    (poll(), Held { top, floor })
}

struct Floor(usize);

impl Drop for Floor {
    fn drop(&mut self) {
        show(self.0);
    }
}

/// The offers that a shield has hidden.
pub(crate) struct Held {
    top: usize,
    floor: usize,
}

impl Held {
    pub(crate) fn is_empty(&self) -> bool {
        self.top == self.floor
    }

    /// The shield waits: none of the scopes may be dropped at its root.
    #[cold]
    pub(crate) fn keep(&self) {
        let mut is_hidden = false;
        find_above(self.floor, |offer| {
            is_hidden |= offer.id() == self.top;
            if is_hidden {
                offer.held = true;
                offer.touch();
            }
            None::<()>
        });
    }
}
