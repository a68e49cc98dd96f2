//! The memory of a task: its future, later its result, behind a thin counted pointer.
//!
//! Invariants:
//! - a pointer to a [`Head`] is to the first field of a `Full<F>`, made by [`Fresh::new`], with the vtable of that `F`;
//!   it stays valid while `references` is not zero, and each [`TaskCell`] (and `Fresh`) owns one of them;
//! - cells are neither `Send` nor `Sync`: one thread touches a cell, so that its `Cell`s and the rules below suffice;
//! - the stage says what the body holds: `New` a future that was never polled, `Future` one that was, `Busy` one that is being polled, `Broken` one whose poll has
//!   panicked, `Result` a result, `Empty` nothing. It says so before code of the user's runs, so that what that code does
//!   to the cell meets the truth;
//! - the future is pinned in the cell: it is made there, and dropped in place;
//! - a [`Join<T>`] is made for a cell whose future's output is `T`.

#![allow(
    unsafe_code,
    reason = "futures of unknown type, with their results in their place, behind one thin pointer"
)]

use super::{
    current,
    error::TaskError,
    memory::{self, Pool},
};
use crate::scope::Outside;
use core::{
    alloc::Layout,
    cell::{Cell, UnsafeCell},
    future::Future,
    marker::PhantomData,
    mem::{self, ManuallyDrop, offset_of},
    panic::Location,
    pin::Pin,
    ptr::NonNull,
    task::{Context, Poll, Waker},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    New,
    Future,
    Busy,
    Broken,
    Result,
    Empty,
}

/// A poll that unwinds leaves a future that is only to be dropped.
struct Polling<'a>(&'a Cell<Stage>);

impl<'a> Polling<'a> {
    #[inline(always)]
    fn begin(stage: &'a Cell<Stage>) -> Self {
        stage.set(Stage::Busy);
        Polling(stage)
    }

    #[inline(always)]
    fn end(self) {
        self.0.set(Stage::Future);
        mem::forget(self);
    }
}

impl Drop for Polling<'_> {
    fn drop(&mut self) {
        self.0.set(Stage::Broken);
    }
}

#[repr(C)]
struct Head {
    vtable: &'static VTable,
    references: Cell<u32>,
    stage: Cell<Stage>,
    /// Who awaits the task.
    joiner: Cell<Option<Waker>>,
}

#[repr(C)]
struct Full<F: Future> {
    head: Head,
    body: UnsafeCell<Body<F>>,
}

union Body<F: Future> {
    future: ManuallyDrop<F>,
    result: ManuallyDrop<Result<F::Output, TaskError>>,
}

struct VTable {
    layout: Layout,
    /// Where the body begins.
    body: usize,
    poll: unsafe fn(NonNull<Head>, &mut Context<'_>) -> Poll<()>,
    poll_told: unsafe fn(NonNull<Head>, &mut Context<'_>) -> Poll<()>,
    drop_future: unsafe fn(NonNull<Head>),
    drop_result: unsafe fn(NonNull<Head>),
    fail: unsafe fn(NonNull<Head>, TaskError),
}

impl<F: Future> Full<F> {
    const VTABLE: &'static VTable = &VTable {
        layout: Layout::new::<Full<F>>(),
        body: offset_of!(Full<F>, body),
        poll: Self::poll,
        poll_told: Self::poll_told,
        drop_future: Self::drop_future,
        drop_result: Self::drop_result,
        fail: Self::fail,
    };

    /// # Safety
    /// `head` is of a living `Full<F>`, whose body holds a future, which nothing else touches while it is borrowed.
    #[inline(always)]
    unsafe fn future<'a>(head: NonNull<Head>) -> Pin<&'a mut F> {
        // SAFETY: by the caller the cell lives.
        let body = unsafe { (*head.cast::<Self>().as_ptr()).body.get() };
        // SAFETY: `ManuallyDrop` and a union lie at the same address as the future, and by the caller nobody borrows it.
        let future = unsafe { &mut *body.cast::<F>() };
        // SAFETY: it is pinned by the invariant.
        unsafe { Pin::new_unchecked(future) }
    }

    /// Drops the future and leaves the body empty.
    ///
    /// # Safety
    /// As [`future`](Self::future).
    #[inline(always)]
    unsafe fn drop_future(head: NonNull<Head>) {
        // SAFETY: by the caller the cell lives.
        unsafe { head.as_ref() }.stage.set(Stage::Empty);
        // SAFETY: by the caller the cell lives.
        let body = unsafe { (*head.cast::<Self>().as_ptr()).body.get() };
        // SAFETY: by the caller the future is there, at the body's start, and nobody borrows it; it is dropped once, since
        // the stage says that the body is empty.
        unsafe { core::ptr::drop_in_place(body.cast::<F>()) };
    }

    /// # Safety
    /// `head` is of a living `Full<F>` with an empty body.
    #[inline(always)]
    unsafe fn store(head: NonNull<Head>, result: Result<F::Output, TaskError>) {
        // SAFETY: by the caller the cell lives.
        let full = unsafe { head.cast::<Self>().as_ref() };
        // SAFETY: by the caller the body is empty, and on one thread nobody borrows it.
        unsafe { full.body.get().write(Body { result: ManuallyDrop::new(result) }) };
        full.head.stage.set(Stage::Result);
    }

    /// # Safety
    /// `head` is of a living `Full<F>` at the stage `New` or `Future`.
    #[inline(always)]
    unsafe fn poll_future(head: NonNull<Head>, cx: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: by the caller; the stage `Busy` keeps everybody else away from the future.
        let future = unsafe { Self::future(head) };
        // SAFETY: by the caller the cell lives, also after the poll: who polls owns a reference.
        let stage = unsafe { &head.as_ref().stage };
        let polling = Polling::begin(stage);
        let polled = future.poll(cx);
        polling.end();
        polled
    }

    /// # Safety
    /// As [`poll_future`](Self::poll_future).
    unsafe fn poll(head: NonNull<Head>, cx: &mut Context<'_>) -> Poll<()> {
        // SAFETY: by the caller.
        unsafe { Self::poll_future(head, cx) }.map(|value| {
            // SAFETY: the poll is over, and the future still there.
            unsafe { Self::finish(head, value) };
        })
    }

    /// The same with an error on offer, of which no destructor is told.
    ///
    /// # Safety
    /// As [`poll_future`](Self::poll_future).
    unsafe fn poll_told(head: NonNull<Head>, cx: &mut Context<'_>) -> Poll<()> {
        // SAFETY: by the caller.
        unsafe { Self::poll_future(head, cx) }.map(|value| {
            let _outside = Outside::leave_all();
            // SAFETY: the poll is over, and the future still there.
            unsafe { Self::finish(head, value) };
        })
    }

    /// Puts the result where the future was; kept out of the way of the polls that find nothing ready.
    ///
    /// # Safety
    /// `head` is of a living `Full<F>` whose body holds a future, which nothing else touches.
    #[inline(never)]
    unsafe fn finish(head: NonNull<Head>, value: F::Output) {
        // SAFETY: by the caller.
        unsafe { Self::drop_future(head) };
        // SAFETY: the body is empty now.
        unsafe { Self::store(head, Ok(value)) };
    }

    /// # Safety
    /// `head` is of a living `Full<F>` at the stage `Empty`.
    unsafe fn fail(head: NonNull<Head>, error: TaskError) {
        // SAFETY: passed on.
        unsafe { Self::store(head, Err(error)) };
    }

    /// # Safety
    /// `head` is of a living `Full<F>` at the stage `Result`.
    unsafe fn drop_result(head: NonNull<Head>) {
        // SAFETY: by the caller the body holds a result.
        drop(unsafe { take_result::<F::Output>(head) });
    }
}

/// # Safety
/// `head` is of a living cell at the stage `Result`, whose output is `T`.
#[inline(always)]
unsafe fn take_result<T>(head: NonNull<Head>) -> Result<T, TaskError> {
    // SAFETY: by the caller the cell lives.
    let Head { stage, vtable, .. } = unsafe { head.as_ref() };
    stage.set(Stage::Empty);
    // SAFETY: the body lies there in the same allocation.
    let body = unsafe { head.byte_add(vtable.body) };
    // SAFETY: a union's fields begin at its start, and by the caller it holds this one; it is taken once, since the stage
    // says that the body is empty.
    unsafe { body.cast::<Result<T, TaskError>>().read() }
}

/// A cell that nobody else has.
pub(super) struct Fresh<F: Future>(NonNull<Full<F>>);

impl<F: Future> Fresh<F> {
    #[inline(always)]
    pub(super) fn new(pool: &Pool, future: F) -> Self {
        let memory = pool.take(Layout::new::<Full<F>>()).cast::<Full<F>>();
        let head = Head {
            vtable: Full::<F>::VTABLE,
            references: Cell::new(1),
            stage: Cell::new(Stage::New),
            joiner: Cell::new(None),
        };
        let body = UnsafeCell::new(Body { future: ManuallyDrop::new(future) });
        // SAFETY: the memory is for a value of this layout, which is not of size zero.
        unsafe { memory.write(Full { head, body }) };
        Fresh(memory)
    }

    /// Polls for the first time, and drops a future that is ready.
    #[inline(always)]
    pub(super) fn poll_first(&mut self, cx: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: the cell is this one's alone, so that it is at the stage `New`, and nobody else touches it.
        let polled = unsafe { Full::<F>::future(self.0.cast()) }.poll(cx);
        if polled.is_ready() {
            // SAFETY: the poll is over, and the future still there.
            unsafe { Full::<F>::drop_future(self.0.cast()) };
        }
        polled
    }

    fn is_empty(&self) -> bool {
        // SAFETY: the cell is this one's alone, and lives as long as this.
        unsafe { self.0.cast::<Head>().as_ref() }.stage.get() == Stage::Empty
    }

    /// Gives the memory back after a first poll that was ready.
    #[inline(always)]
    pub(super) fn give(self, pool: &Pool) {
        debug_assert!(self.is_empty(), "its future was dropped");
        let memory = self.0;
        mem::forget(self);
        // SAFETY: it was taken from a pool for this layout, and this one owned it alone; the joiner needs no drop, since
        // nobody has awaited.
        unsafe { pool.give(memory.cast(), Layout::new::<Full<F>>()) };
    }

    #[inline(always)]
    pub(super) fn into_cell(self) -> TaskCell {
        let cell = TaskCell(self.0.cast());
        mem::forget(self);
        cell
    }
}

impl<F: Future<Output: 'static> + 'static> Fresh<F> {
    /// The cell, and the right to its result.
    #[inline(always)]
    pub(super) fn into_parts(self) -> (TaskCell, Join<F::Output>) {
        let cell = self.into_cell();
        (cell.clone(), Join { cell, output: PhantomData })
    }

    /// The same of one that [`poll_first`](Self::poll_first) has polled.
    #[inline(always)]
    pub(super) fn into_begun_parts(self) -> (TaskCell, Join<F::Output>) {
        let parts = self.into_parts();
        parts.0.head().stage.set(Stage::Future);
        parts
    }
}

impl<F: Future> Drop for Fresh<F> {
    #[inline(always)]
    fn drop(&mut self) {
        let _free = Free(self.0.cast(), Layout::new::<Full<F>>());
        if !self.is_empty() {
            // SAFETY: as in `poll_first`, and the future is there; the joiner needs no drop, since nobody has awaited.
            unsafe { Full::<F>::drop_future(self.0.cast()) };
        }
    }
}

/// Gives the memory of a cell that nobody has to a pool, also where a destructor panics.
struct Free(NonNull<Head>, Layout);

impl Drop for Free {
    #[inline(always)]
    fn drop(&mut self) {
        let (memory, layout) = (self.0.cast::<u8>(), self.1);
        current::with(|shared| match shared {
            // SAFETY: it was taken from a pool for this layout, and whoever makes this owned it alone.
            Some(shared) => unsafe { shared.pool.give(memory, layout) },
            // SAFETY: the same.
            None => unsafe { memory::free(memory, layout) },
        });
    }
}

/// A task's memory, counted.
pub(crate) struct TaskCell(NonNull<Head>);

impl TaskCell {
    #[inline(always)]
    fn head(&self) -> &Head {
        // SAFETY: by the invariant it is valid while this reference is there.
        unsafe { self.0.as_ref() }
    }

    #[inline(always)]
    fn expect_future(&self) {
        if !matches!(self.head().stage.get(), Stage::New | Stage::Future) {
            refuse(self.head());
        }
    }

    /// Whether it was never polled.
    pub(super) fn is_new(&self) -> bool {
        self.head().stage.get() == Stage::New
    }

    /// Polls the future; whether it has finished.
    #[inline(always)]
    pub(super) fn poll(&self, cx: &mut Context<'_>) -> bool {
        self.expect_future();
        // SAFETY: by the invariant the vtable is the cell's; the stage was checked.
        unsafe { (self.head().vtable.poll)(self.0, cx) }.is_ready()
    }

    /// Polls the future with an error on offer.
    #[inline(always)]
    pub(super) fn poll_told(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.expect_future();
        // SAFETY: by the invariant the vtable is the cell's; the stage was checked.
        unsafe { (self.head().vtable.poll_told)(self.0, cx) }
    }

    /// Drops the future, where there is one that is not being polled.
    pub(super) fn drop_future(&self) {
        if matches!(self.head().stage.get(), Stage::New | Stage::Future | Stage::Broken) {
            // SAFETY: by the invariant the vtable is the cell's, and at these stages there is a future that nobody
            // borrows.
            unsafe { (self.head().vtable.drop_future)(self.0) }
        }
    }

    /// The same cell without a reference of its own; it is not to be cloned.
    ///
    /// # Safety
    /// A reference is there for as long as it is used.
    #[inline(always)]
    pub(super) unsafe fn alias(&self) -> ManuallyDrop<TaskCell> {
        ManuallyDrop::new(TaskCell(self.0))
    }

    /// Makes an error of a task whose future was dropped its result.
    pub(super) fn fail(&self, error: TaskError) {
        assert!(self.head().stage.get() == Stage::Empty, "a task fails when its future was dropped");
        // SAFETY: by the invariant the vtable is the cell's; the stage was checked.
        unsafe { (self.head().vtable.fail)(self.0, error) }
    }

    /// Who awaits the task, to be woken.
    #[inline(always)]
    pub(super) fn take_joiner(&self) -> Option<Waker> {
        self.head().joiner.take()
    }

    /// Whether nobody else has it: no handle is left.
    #[inline(always)]
    pub(super) fn is_alone(&self) -> bool {
        self.head().references.get() == 1
    }

    #[cold]
    #[inline(never)]
    fn free(&mut self) {
        let _free = Free(self.0, self.head().vtable.layout);
        drop(self.take_joiner());
        match self.head().stage.get() {
            // SAFETY: nobody else has the cell, the vtable is its own, and the stage says that there is a future.
            Stage::New | Stage::Future | Stage::Broken => unsafe { (self.head().vtable.drop_future)(self.0) },
            // SAFETY: the same for a result.
            Stage::Result => unsafe { (self.head().vtable.drop_result)(self.0) },
            // Who polls has the cell, too.
            Stage::Busy => unreachable!("a task that is being polled has an owner"),
            Stage::Empty => {}
        }
    }
}

impl Clone for TaskCell {
    #[inline(always)]
    fn clone(&self) -> Self {
        let references = &self.head().references;
        // Clones are a slot's, a loop's and a handle's: they are few.
        references.set(references.get() + 1);
        TaskCell(self.0)
    }
}

impl Drop for TaskCell {
    #[inline(always)]
    fn drop(&mut self) {
        let references = &self.head().references;
        let left = references.get() - 1;
        references.set(left);
        if left == 0 {
            self.free();
        }
    }
}

#[cold]
#[inline(never)]
fn refuse(head: &Head) -> ! {
    panic!("a task that is {:?} cannot be polled", head.stage.get())
}

/// The right to a task's result.
pub(crate) struct Join<T> {
    cell: TaskCell,
    output: PhantomData<fn() -> T>,
}

impl<T> Join<T> {
    /// The result, or who waits for it.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn poll(&self, cx: &Context<'_>) -> Poll<Result<T, TaskError>> {
        match self.cell.head().stage.get() {
            // SAFETY: the stage says that there is a result; it is of this type by the invariant.
            Stage::Result => Poll::Ready(unsafe { take_result(self.cell.0) }),
            Stage::New | Stage::Future | Stage::Busy | Stage::Broken => {
                self.wait(cx.waker());
                Poll::Pending
            }
            Stage::Empty => taken(self.cell.is_alone()),
        }
    }

    #[inline(always)]
    fn wait(&self, waker: &Waker) {
        let joiner = &self.cell.head().joiner;
        let old = joiner.take();
        if old.as_ref().is_some_and(|old| old.will_wake(waker)) {
            joiner.set(old);
        } else {
            joiner.set(Some(waker.clone()));
            // Its destructor is the user's.
            drop(old);
        }
    }

    /// The result, if it is there.
    #[inline(always)]
    pub(crate) fn take(&self) -> Option<Result<T, TaskError>> {
        // SAFETY: the stage says that there is a result; it is of this type by the invariant.
        (self.cell.head().stage.get() == Stage::Result).then(|| unsafe { take_result(self.cell.0) })
    }

    /// Nobody waits for it any more: the result, if it is there.
    #[inline(always)]
    pub(crate) fn leave(&self) -> Option<Result<T, TaskError>> {
        drop(self.cell.take_joiner());
        self.take()
    }

    /// Whether the result is there, or was taken.
    #[inline(always)]
    pub(crate) fn is_finished(&self) -> bool {
        matches!(self.cell.head().stage.get(), Stage::Result | Stage::Empty)
    }
}

#[cold]
#[track_caller]
fn taken(_: bool) -> ! {
    panic!("a task was awaited again after it had given its result")
}

/// Where a task was spawned.
pub(crate) type Site = &'static Location<'static>;
