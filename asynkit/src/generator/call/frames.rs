//! [`Co::call`](crate::Co::call): another body runs in this one's place, at a cost that does not grow with the depth.
//!
//! The called body is moved to a stack beside the airlock, and a resume polls the innermost one directly. What calls it
//! sees a future that is pending until it has returned. When the innermost one waits for something else than its owner,
//! those that have called it are polled as well: they may have other branches (a timeout, a `select!`).

use super::{
    Whose,
    callee::{Erased, Top},
};
use crate::generator::airlock::{Airlock, flag};
use alloc::vec::Vec;
use core::{
    cell::Cell,
    mem,
    sync::atomic::{AtomicU64, Ordering},
    task::{Context, Poll, Waker},
};

/// The bodies that were called and have not returned to their callers, outermost first.
#[derive(Default)]
pub(in crate::generator) struct Frames {
    stack: Vec<Frame>,
    last_serial: u64,
    /// How many of them may be polled on the thread `checked`.
    usable: usize,
    checked: u64,
    /// Which is being polled: 0 is the generator's body, `n` the frame `n - 1`.
    level: usize,
    /// Which was the innermost that could be polled when this poll looked last.
    innermost: usize,
    /// The called body on top; as long as the flag `TOP` is there.
    top: Option<Top>,
    /// Frames from here on are being dropped by `drop_frames`.
    closing: Option<usize>,
}

struct Frame {
    serial: u64,
    /// `None`: it is being polled, or it has panicked, or was dropped.
    code: Option<Erased>,
    is_done: bool,
    /// The waker of the call, if a sub-executor polls it.
    waker: Option<Waker>,
    /// The thread on which it was called; 0 once it is known to be `Send`.
    home: u64,
}

impl Frame {
    fn is_usable(&self, thread: u64) -> bool {
        self.home == 0 || self.home == thread
    }

    /// The future that stands for it is polled or dropped on this thread (see `callee.rs`).
    fn shown_to_be_send(&mut self) {
        if self.home != thread() {
            self.home = 0;
        }
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        if !self.is_usable(thread()) {
            mem::forget(self.code.take());
        }
    }
}

std::thread_local! {
    static THREAD: Cell<u64> = const { Cell::new(0) };
}

static THREADS: AtomicU64 = AtomicU64::new(0);

/// A number for this thread that no other one ever has.
#[inline]
fn thread() -> u64 {
    let thread = THREAD.get();
    if thread == 0 { name_thread() } else { thread }
}

#[cold]
fn name_thread() -> u64 {
    let thread = THREADS.fetch_add(1, Ordering::Relaxed) + 1;
    THREAD.set(thread);
    thread
}

/// A called body that was taken off the stack to be polled.
struct Taken {
    code: Erased,
    serial: u64,
    level: usize,
}

impl Frames {
    /// How many may be polled here: those up to the first that is not known to be `Send`.
    fn usable(&mut self) -> usize {
        let thread = thread();
        if self.checked != thread {
            self.checked = thread;
            self.usable = 0;
        }
        self.usable = self.usable.min(self.stack.len());
        while self.stack.get(self.usable).is_some_and(|frame| frame.is_usable(thread)) {
            self.usable += 1;
        }
        self.usable
    }

    /// The level to be polled first.
    fn innermost(&mut self) -> usize {
        let mut level = self.usable();
        while level > 0 && self.stack[level - 1].is_done {
            level -= 1;
        }
        level
    }

    /// Looks again which is the innermost; whether it is another one.
    fn has_moved(&mut self) -> bool {
        let innermost = self.innermost();
        mem::replace(&mut self.innermost, innermost) != innermost
    }

    /// The body on top has been polled and has offered an item: the next poll may find it faster.
    fn note_top(&mut self) -> bool {
        let is_on_top = self.level == self.stack.len() && self.usable == self.level;
        let top = self.stack.last_mut().filter(|top| is_on_top && !top.is_done);
        self.top = top.and_then(|top| top.code.as_mut()).map(Top::of);
        self.top.is_some()
    }

    /// The level that is being polled has returned; the waker of its call.
    fn finish_level(&mut self) -> Option<Waker> {
        let frame = self.stack.get_mut(self.level.checked_sub(1)?)?;
        frame.is_done = true;
        frame.waker.take()
    }

    /// The called body of this level, to be polled.
    fn take_code(&mut self, level: usize) -> Option<Taken> {
        self.level = level;
        let frame = self.stack.get_mut(level.checked_sub(1)?)?;
        Some(Taken { code: frame.code.take()?, serial: frame.serial, level })
    }

    /// Gives the code back after its poll; the waker of its call, if it is done. `Err`: the frame is gone.
    fn put_code(&mut self, taken: Taken, is_done: bool) -> Result<Option<Waker>, Erased> {
        match self.stack.get_mut(taken.level - 1) {
            Some(frame) if frame.serial == taken.serial => {
                frame.code = Some(taken.code);
                frame.is_done = is_done;
                Ok(if is_done { frame.waker.take() } else { None })
            }
            _ => Err(taken.code),
        }
    }

    /// Where the frame is, if it is still there.
    fn find(&mut self, at: usize, serial: u64) -> Option<&mut Frame> {
        self.stack.get_mut(at).filter(|frame| frame.serial == serial)
    }

    /// Where a call that is made now puts its body; `None`: the frames are being dropped.
    pub(super) fn place(&self) -> Option<usize> {
        if self.closing.is_some() { None } else { Some(self.level) }
    }

    /// Puts a called body on top; its serial.
    pub(super) fn push(&mut self, code: Erased, waker: Option<Waker>) -> u64 {
        self.last_serial += 1;
        let serial = self.last_serial;
        self.stack.push(Frame { serial, code: Some(code), is_done: false, waker, home: thread() });
        serial
    }

    /// The call is polled: its body, if that has returned. The waker that is left is to be dropped.
    pub(super) fn finished(&mut self, at: usize, serial: u64, waker: &mut Option<Waker>) -> Option<Erased> {
        let frame = self.find(at, serial)?;
        frame.shown_to_be_send();
        mem::swap(&mut frame.waker, waker);
        if !frame.is_done {
            return None;
        }
        self.stack.pop()?.code.take()
    }

    /// The call is dropped: whether its body has to be dropped with it.
    pub(super) fn is_left(&mut self, at: usize, serial: u64) -> bool {
        let closing = self.closing;
        let Some(frame) = self.find(at, serial) else { return false };
        frame.shown_to_be_send();
        // Who drops the frames comes to this one by itself.
        closing.is_none_or(|from| at < from)
    }
}

impl<Y, R> Airlock<Y, R> {
    pub(super) fn frames<T>(&self, f: impl FnOnce(&mut Frames) -> T) -> T {
        self.remove_flags(flag::TOP);
        self.with_cold(|cold| f(&mut cold.frames))
    }

    /// Whether all frames may be dropped on this thread.
    pub(in crate::generator) fn may_drop_frames(&self) -> bool {
        !self.has(flag::FRAMES) || self.frames(|frames| frames.usable() == frames.stack.len())
    }

    /// Drops the frames from `from` on: inside out, or, on a foreign thread, outside in, because the drop of a caller
    /// shows that its callee may be dropped there.
    pub(in crate::generator) fn drop_frames(&self, from: usize) {
        let len = self.with_old_cold(|cold| {
            let len = cold.frames.stack.len();
            if len > from {
                cold.frames.closing = Some(from);
            }
            len
        });
        let Some(len) = len.filter(|len| *len > from) else { return };
        let is_inside_out = self.may_drop_frames();
        for i in from..len {
            let at = if is_inside_out { len - 1 - (i - from) } else { i };
            let code = self.frames(|frames| {
                let frame = frames.stack.get_mut(at)?;
                if frame.is_usable(thread()) { frame.code.take() } else { None }
            });
            drop(code);
        }
        let dropped = self.frames(|frames| {
            frames.closing = None;
            frames.stack.split_off(from.min(frames.stack.len()))
        });
        if from == 0 && !self.has(flag::CLOSED) {
            self.remove_flags(flag::FRAMES);
        }
        drop(dropped);
    }

    /// The called body on top, where nothing has changed since it was polled last on this thread. The flag `TOP` is there.
    #[inline(always)]
    pub(in crate::generator) fn top(&self) -> Option<Top> {
        // A thread without a number has polled none.
        self.with_old_cold(|cold| cold.frames.top.filter(|_| cold.frames.checked == THREAD.get())).flatten()
    }

    /// Polls what the body has called, innermost first. Frames are there.
    pub(in crate::generator) fn poll_frames(&self, cx: &mut Context<'_>) -> Whose {
        let (innermost, waker) = self.frames(|frames| {
            frames.innermost = frames.innermost();
            (frames.innermost, frames.stack.get_mut(frames.usable).and_then(|frame| frame.waker.take()))
        });
        // The call whose body must not be polled here before the call itself was.
        if let Some(waker) = waker {
            waker.wake();
        }
        self.poll_from(innermost, cx)
    }

    /// The same after the body was polled as well, and waits.
    pub(in crate::generator) fn poll_frames_after_body(&self, cx: &mut Context<'_>) -> Whose {
        if self.is_offered() {
            // Whoever offers an item has no call in progress: what is above was forgotten.
            self.drop_frames(0);
            return Whose::Owner;
        }
        if self.frames(Frames::has_moved) {
            return self.poll_from(self.frames(|frames| frames.innermost), cx);
        }
        Whose::Owner
    }

    /// The top was polled. It has called another body, or has given one up; or it waits, and those that have called it
    /// may have something else to do.
    #[cold]
    pub(in crate::generator) fn go_on(&self, polled: Poll<()>, cx: &mut Context<'_>) -> Whose {
        if polled.is_ready() {
            let waker = self.frames(Frames::finish_level);
            wake(waker, cx);
        }
        match self.next_level(polled) {
            Some(level) => self.poll_from(level, cx),
            None => Whose::Owner,
        }
    }

    fn next_level(&self, polled: Poll<()>) -> Option<usize> {
        let level = self.frames(|frames| frames.level);
        if polled.is_ready() {
            // Its caller goes on.
            self.frames(|frames| frames.innermost = level - 1);
            return Some(level - 1);
        }
        if self.is_offered() {
            self.drop_frames(level);
            if self.frames(Frames::note_top) {
                self.add_flags(flag::TOP);
            }
            return None;
        }
        if self.frames(Frames::has_moved) {
            return Some(self.frames(|frames| frames.innermost));
        }
        Some(level - 1)
    }

    /// Polls from this level outward.
    #[cold]
    fn poll_from(&self, mut level: usize, cx: &mut Context<'_>) -> Whose {
        while level > 0 {
            let polled = self.run(level, cx);
            match self.next_level(polled) {
                Some(next) => level = next,
                None => return Whose::Owner,
            }
        }
        self.frames(|frames| frames.level = 0);
        Whose::Body
    }

    /// Polls one level.
    fn run(&self, level: usize, cx: &mut Context<'_>) -> Poll<()> {
        let Some(mut taken) = self.frames(|frames| frames.take_code(level)) else {
            return Poll::Pending;
        };
        let polled = taken.code.poll(cx);
        match self.frames(|frames| frames.put_code(taken, polled.is_ready())) {
            Ok(waker) => wake(waker, cx),
            Err(code) => drop(code),
        }
        polled
    }
}

/// The call of a body that has returned is polled next, by the sub-executor that it is under.
fn wake(waker: Option<Waker>, cx: &Context<'_>) {
    match waker {
        Some(waker) if !waker.will_wake(cx.waker()) => waker.wake(),
        waker => drop(waker),
    }
}
