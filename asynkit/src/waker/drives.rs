//! The sync drives on this thread's stack: how many there are, and what is found out for the one that asks.
//!
//! The depth is counted up and down, not saved and restored: where the compiler sees all of what runs between the two,
//! both fold away, and otherwise they are two instructions that need no register.

use core::{
    cell::{Cell, RefCell},
    marker::PhantomData,
    mem,
    panic::Location,
};
use std::backtrace::Backtrace;

/// How many awaits and backtraces are kept of one drive.
const MOST: usize = 16;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    /// The depth of the drive that asks where it waits; 0: none does.
    static ASKING: Cell<u32> = const { Cell::new(0) };
    static ASKED: RefCell<Asked> = const { RefCell::new(Asked { waits: Vec::new(), traces: Vec::new() }) };
}

/// Marks a sync drive, as long as it lives.
#[derive(Debug)]
pub(crate) struct Drive(
    /// It belongs to the thread's stack.
    PhantomData<*const ()>,
);

impl Drive {
    #[inline(always)]
    pub(crate) fn enter() -> Self {
        DEPTH.set(DEPTH.get().wrapping_add(1));
        Drive(PhantomData)
    }
}

impl Drop for Drive {
    #[inline(always)]
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().wrapping_sub(1));
    }
}

/// Whether a sync drive is on this thread's stack.
#[inline]
pub(crate) fn in_drive() -> bool {
    DEPTH.get() != 0
}

/// What a poll has told the drive that asked.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// The awaits of our own leaves, innermost first.
    pub(crate) waits: Vec<&'static Location<'static>>,
    /// Where a leaf has stored the waker.
    pub(crate) traces: Vec<Backtrace>,
}

/// Runs `poll`, and finds out where it waits.
pub(crate) fn ask<R>(poll: impl FnOnce() -> R) -> (R, Asked) {
    let mut outer = Outer { asked: swap_asked(Asked::default()), asking: ASKING.replace(DEPTH.get()) };
    let polled = poll();
    let asked = swap_asked(mem::take(&mut outer.asked));
    (polled, asked)
}

/// What the drive further up was told so far; given back on every exit.
struct Outer {
    asked: Asked,
    asking: u32,
}

impl Drop for Outer {
    fn drop(&mut self) {
        ASKING.set(self.asking);
        if std::thread::panicking() {
            drop(swap_asked(mem::take(&mut self.asked)));
        }
    }
}

/// A thread whose locals are being dropped is told nothing.
fn swap_asked(asked: Asked) -> Asked {
    ASKED.try_with(|slot| slot.replace(asked)).unwrap_or_default()
}

/// Whether a drive on this stack asks its leaves where they wait.
#[inline(always)]
pub(crate) fn is_asked() -> bool {
    ASKING.get() != 0
}

/// What a leaf of ours calls when it is about to wait; its await is where its own caller is.
#[inline]
#[track_caller]
pub(crate) fn note_wait() {
    if is_asked() {
        let at = Location::caller();
        note(|asked| {
            if asked.waits.len() < MOST && !is_ours(at) && !asked.waits.contains(&at) {
                asked.waits.push(at);
            }
        });
    }
}

/// Whether it is one of our futures that awaits: then that one tells where *it* is awaited.
fn is_ours(at: &Location<'_>) -> bool {
    let here = file!().strip_suffix("drives.rs").and_then(|path| path.get(..path.len() - "waker/".len()));
    here.is_some_and(|sources| at.file().starts_with(sources))
}

/// What a waker of ours calls when it is cloned, which is how a leaf stores it.
pub(super) fn note_stored() {
    note(|asked| {
        if asked.traces.len() < MOST {
            asked.traces.push(Backtrace::force_capture());
        }
    });
}

/// What lies under another drive further up the stack is not told to the one that asks.
#[cold]
#[inline(never)]
fn note(write: impl FnOnce(&mut Asked)) {
    if ASKING.get() != 0 && ASKING.get() == DEPTH.get() {
        // A leaf that is polled while the thread's locals are being dropped has nobody to tell.
        let _ = ASKED.try_with(|asked| write(&mut asked.borrow_mut()));
    }
}
