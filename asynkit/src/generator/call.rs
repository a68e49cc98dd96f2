//! [`Co::call`]: another body runs in this one's place, at a cost that does not grow with the depth.
//!
//! The called body is moved to a stack beside the airlock, and a resume polls the innermost one directly. What calls it
//! sees a future that is pending until it has returned. When the innermost one waits for something else than its owner,
//! those that have called it are polled as well: they may have other branches (a timeout, a `select!`).
//!
//! # Invariants
//! 1. A called body holds the address of the airlock. It is dropped before the airlock is, or never.
//! 2. **Threads.** The stack has erased whether a called body is `Send`. It is polled and dropped on the thread on which
//!    it was called; on another one only after its [`Call`] was polled or dropped there. That future has the called
//!    body's type in its own, so code that took it to another thread has shown that the type is `Send`. (A generator
//!    does not show it by itself: a call that was polled by hand and forgotten leaves no trace in the type of its body.)
//!    A called body of which it is never shown is leaked, as was the future that stood for it.
#![allow(unsafe_code, reason = "called bodies borrow from the airlock and move with the generator")]

use super::{
    Co,
    airlock::{Address, Airlock, CLOSED, FRAMES, Handle, OFFERED, SLOT},
};
use alloc::{boxed::Box, vec::Vec};
use core::{
    any::Any,
    cell::Cell,
    future::Future,
    mem,
    pin::Pin,
    sync::atomic::{AtomicU64, Ordering},
    task::{Context, Poll, Waker},
};
use pin_project_lite::pin_project;

/// The bodies that were called and have not returned to their callers, outermost first.
#[derive(Default)]
pub(super) struct Frames {
    stack: Vec<Frame>,
    last_serial: u64,
    /// How many of them may be polled on the thread `checked`.
    usable: usize,
    checked: u64,
    /// Which is being polled: 0 is the generator's body, `n` the frame `n - 1`.
    level: usize,
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

    /// The future that stands for it is polled or dropped on this thread (invariant 2).
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

/// A called body on the stack.
struct Erased(Pin<Box<dyn Callee>>);

// SAFETY: it is polled and dropped on its own thread, or was shown to be `Send` (invariant 2).
unsafe impl Send for Erased {}

trait Callee {
    /// Polls it; its value is kept.
    fn run(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()>;
    /// The value: an `Option<T>`.
    fn result(self: Pin<&mut Self>) -> &mut dyn Any;
}

pin_project! {
    struct Callable<Fut, T> {
        #[pin]
        future: Option<Fut>,
        result: Option<T>,
    }
}

impl<Fut: Future<Output = T>, T: 'static> Callee for Callable<Fut, T> {
    #[inline]
    fn run(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else { return Poll::Pending };
        let Poll::Ready(value) = future.poll(cx) else { return Poll::Pending };
        *this.result = Some(value);
        this.future.set(None);
        Poll::Ready(())
    }

    fn result(self: Pin<&mut Self>) -> &mut dyn Any {
        self.project().result
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

    /// The same as a poll begins; and the waker of the call which has to be polled before its body may be.
    fn begin(&mut self) -> (usize, Option<Waker>) {
        let level = self.innermost();
        (level, self.stack.get_mut(self.usable).and_then(|frame| frame.waker.take()))
    }

    /// Where the frame is, if it is still there.
    fn find(&mut self, at: usize, serial: u64) -> Option<&mut Frame> {
        self.stack.get_mut(at).filter(|frame| frame.serial == serial)
    }

    /// The called body of this level, to be polled; and its name.
    fn take_code(&mut self, level: usize) -> Option<(Erased, u64)> {
        self.level = level;
        let frame = self.stack.get_mut(level.checked_sub(1)?)?;
        Some((frame.code.take()?, frame.serial))
    }

    /// Gives the code back after its poll; the waker of its call, if it is done. `Err`: the frame is gone.
    fn put_code(
        &mut self,
        level: usize,
        code: Erased,
        serial: u64,
        is_done: bool,
    ) -> Result<Option<Waker>, Erased> {
        match self.stack.get_mut(level - 1) {
            Some(frame) if frame.serial == serial => {
                frame.code = Some(code);
                frame.is_done = is_done;
                Ok(if is_done { frame.waker.take() } else { None })
            }
            _ => Err(code),
        }
    }
}

impl<Y, R> Airlock<Y, R> {
    fn frames<T>(&self, f: impl FnOnce(&mut Frames) -> T) -> T {
        self.with_cold(|cold| f(&mut cold.frames))
    }

    /// Whether all frames may be dropped on this thread.
    pub(super) fn may_drop_frames(&self) -> bool {
        self.state() & FRAMES == 0 || self.frames(|frames| frames.usable() == frames.stack.len())
    }

    /// Drops the frames from `from` on: inside out, or, on a foreign thread, outside in, because the drop of a caller
    /// shows that its callee may be dropped there.
    pub(super) fn drop_frames(&self, from: usize) {
        if !self.has_cold() {
            return;
        }
        let len = self.frames(|frames| {
            let len = frames.stack.len();
            if len > from {
                frames.closing = Some(from);
            }
            len
        });
        if len <= from {
            return;
        }
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
        if from == 0 && self.state() < CLOSED {
            self.remove_flags(FRAMES);
        }
        drop(dropped);
    }

    /// Polls one level.
    fn run(&self, level: usize, cx: &mut Context<'_>) -> Poll<()> {
        let Some((mut code, serial)) = self.frames(|frames| frames.take_code(level)) else {
            return Poll::Pending;
        };
        let polled = code.0.as_mut().run(cx);
        match self.frames(|frames| frames.put_code(level, code, serial, polled.is_ready())) {
            Ok(Some(waker)) if !waker.will_wake(cx.waker()) => waker.wake(),
            Ok(waker) => drop(waker),
            Err(code) => drop(code),
        }
        polled
    }
}

/// A generator's body with what it has called: polls the innermost one.
pub(super) struct Innermost<'a, Fut, Y, R> {
    body: Pin<&'a mut Fut>,
    airlock: &'a Airlock<Y, R>,
}

impl<'a, Fut, Y, R> Innermost<'a, Fut, Y, R> {
    pub(super) fn new(body: Pin<&'a mut Fut>, airlock: &'a Airlock<Y, R>) -> Self {
        Innermost { body, airlock }
    }
}

impl<Fut: Future, Y, R> Future for Innermost<'_, Fut, Y, R> {
    type Output = Fut::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Fut::Output> {
        let airlock = self.airlock;
        airlock.polled_by(cx.waker());
        if airlock.state() & FRAMES == 0 {
            let polled = self.body.as_mut().poll(cx);
            if polled.is_ready() || airlock.state() & FRAMES == 0 {
                return polled;
            }
            if airlock.state() & SLOT == OFFERED {
                airlock.drop_frames(0);
                return polled;
            }
        }
        let (mut innermost, waker) = airlock.frames(Frames::begin);
        if let Some(waker) = waker {
            waker.wake();
        }
        let mut level = innermost;
        loop {
            if level == 0 {
                airlock.frames(|frames| frames.level = 0);
                if let Poll::Ready(value) = self.body.as_mut().poll(cx) {
                    return Poll::Ready(value);
                }
            } else if airlock.run(level, cx).is_ready() {
                // Its caller goes on.
                level -= 1;
                innermost = level;
                continue;
            }
            if airlock.state() & SLOT == OFFERED {
                // Whoever offers an item has no call in progress: what is above was forgotten.
                airlock.drop_frames(level);
                airlock.frames(|frames| frames.level = 0);
                return Poll::Pending;
            }
            let now = airlock.frames(Frames::innermost);
            if now != innermost {
                // It has called another body, or has given one up.
                innermost = now;
                level = now;
            } else if level == 0 {
                return Poll::Pending;
            } else {
                // It waits; those that have called it may have something else to do.
                level -= 1;
            }
        }
    }
}

/// See [`Co::call`].
pub(super) fn call<'a, T, F, Y, R>(
    handle: Handle<'a, Y, R>,
    body: F,
) -> Call<'a, impl Future<Output = T> + use<T, F, Y, R>, Y, R>
where
    F: for<'x> AsyncFnOnce(Co<'x, Y, R>) -> T + 'static,
    T: 'static,
    Y: 'static,
    R: 'static,
{
    // SAFETY: the airlock is pinned. The called body is in this future, which the handle's lifetime keeps inside the
    // caller's body, or on the stack; both are dropped before the airlock, or leaked (invariant 1).
    let erased = unsafe { Address::of(&*handle).handle::<'static>() };
    Call { callee: Some(body(Co::new(erased))), at: 0, serial: 0, handle }
}

/// The future of a call.
pub(super) struct Call<'a, Fut, Y, R> {
    /// The called body before the first poll; and the type that shows whether it is `Send`.
    callee: Option<Fut>,
    at: usize,
    /// 0: not called yet, or returned.
    serial: u64,
    handle: Handle<'a, Y, R>,
}

// The called body is not pinned before it is on the stack.
impl<Fut, Y, R> Unpin for Call<'_, Fut, Y, R> {}

impl<Fut, Y, R> Call<'_, Fut, Y, R>
where
    Fut: Future<Output: 'static> + 'static,
{
    /// Puts the called body on top of what runs now.
    fn push(&mut self, cx: &Context<'_>) {
        let (is_closing, at) = self.handle.frames(|frames| (frames.closing.is_some(), frames.level));
        if is_closing {
            return;
        }
        // What its caller has called before and forgotten.
        self.handle.drop_frames(at);
        let Some(callee) = self.callee.take() else { return };
        let code = Erased(Box::pin(Callable { future: Some(callee), result: None }));
        let waker = foreign(&self.handle, cx);
        self.at = at;
        self.serial = self.handle.frames(|frames| {
            frames.last_serial += 1;
            let serial = frames.last_serial;
            frames.stack.push(Frame { serial, code: Some(code), is_done: false, waker, home: thread() });
            serial
        });
        self.handle.add_flags(FRAMES);
    }
}

impl<Fut, Y, R> Future for Call<'_, Fut, Y, R>
where
    Fut: Future<Output: 'static> + 'static,
{
    type Output = Fut::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Fut::Output> {
        let this = self.get_mut();
        if this.serial == 0 {
            this.push(cx);
            return Poll::Pending;
        }
        let mut waker = foreign(&this.handle, cx);
        let frame = this.handle.frames(|frames| {
            let frame = frames.find(this.at, this.serial)?;
            frame.shown_to_be_send();
            mem::swap(&mut frame.waker, &mut waker);
            if frame.is_done { frames.stack.pop() } else { None }
        });
        drop(waker);
        let Some(mut frame) = frame else { return Poll::Pending };
        this.serial = 0;
        if this.at == 0 {
            this.handle.remove_flags(FRAMES);
        }
        let Some(mut code) = frame.code.take() else { return Poll::Pending };
        let value = code.0.as_mut().result().downcast_mut::<Option<Fut::Output>>().and_then(Option::take);
        value.map_or(Poll::Pending, Poll::Ready)
    }
}

impl<Fut, Y, R> Drop for Call<'_, Fut, Y, R> {
    fn drop(&mut self) {
        if self.serial == 0 {
            return;
        }
        let is_left = self.handle.frames(|frames| {
            let closing = frames.closing;
            let Some(frame) = frames.find(self.at, self.serial) else { return false };
            frame.shown_to_be_send();
            // Who drops the frames comes to this one by itself.
            closing.is_none_or(|from| self.at < from)
        });
        if is_left {
            self.handle.drop_frames(self.at);
        }
    }
}

/// The waker, if it is that of a sub-executor.
fn foreign<Y, R>(airlock: &Airlock<Y, R>, cx: &Context<'_>) -> Option<Waker> {
    if airlock.is_polled_by(cx.waker()) { None } else { Some(cx.waker().clone()) }
}
