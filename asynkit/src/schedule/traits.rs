//! [`SchedulingLoop`]: the ready queue as an object; the one that is in effect here; callbacks.

use crate::{
    engine::{self, Shared, TaskId},
    task::TaskRef,
};
use alloc::{boxed::Box, rc::Rc, vec::Vec};
use core::{
    cell::{Cell, RefCell},
    error::Error,
    fmt,
    panic::Location,
};

/// The handle names no entry that could be moved so.
///
/// To be taken out, an entry has to be in the queue; to be put back, it must not be. What runs or has ended is neither.
///
/// # Examples
/// ```
/// use asynkit::schedule::NotScheduled;
///
/// println!("{}", NotScheduled::new());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotScheduled(());

impl NotScheduled {
    /// The error, for loops of your own.
    ///
    /// # Examples
    /// ```
    /// let taken: Result<u32, _> = None.ok_or(asynkit::schedule::NotScheduled::new());
    /// assert!(taken.is_err());
    /// ```
    pub const fn new() -> Self {
        NotScheduled(())
    }
}

impl Default for NotScheduled {
    fn default() -> Self {
        NotScheduled::new()
    }
}

impl fmt::Display for NotScheduled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the handle names no entry of the queue that could be moved so")
    }
}

impl Error for NotScheduled {}

/// An entry of a ready queue, a task or a callback, until it has ended.
///
/// The number is the loop's own affair. One that is made up names no entry, or somebody else's.
///
/// # Examples
/// ```
/// use asynkit::schedule::Handle;
///
/// assert_ne!(Handle(1), Handle(2));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Handle(pub u64);

/// A loop whose ready queue can be looked at and changed.
///
/// [`Executor`](crate::Executor) is one; [`get_scheduling_loop`] gives it to its tasks. Positions are those of
/// [`schedule`](crate::schedule#positions): the number of entries that run before. The task that runs is not in the queue.
///
/// # Examples
/// ```
/// use asynkit::{Executor, call_soon, get_scheduling_loop, spawn};
///
/// Executor::run(async {
///     let queue = get_scheduling_loop().unwrap();
///     let task = spawn(async {});
///     let callback = call_soon(|| ());
///     let [first, second] = queue.queue_items()[..] else { unreachable!() };
///     assert_eq!((queue.task_from_handle(first), second), (Some(*task), callback));
///
///     queue.queue_remove(callback).unwrap();
///     queue.queue_insert_pos(callback, 0).unwrap();
///     assert_eq!(queue.queue_items(), [callback, first]);
///     assert!(queue.queue_insert(first).is_err()); // it is there
/// });
/// ```
#[doc(alias = "AbstractSchedulingLoop")]
#[doc(alias = "SchedulingMixin")]
#[doc(alias = "SchedulingLoopHelper")]
pub trait SchedulingLoop {
    /// How many entries are queued.
    #[doc(alias = "ready_len")]
    fn queue_len(&self) -> usize;

    /// The entries, in the order in which they would run.
    #[doc(alias = "get_ready_queue")]
    fn queue_items(&self) -> Vec<Handle>;

    /// The last entry that `key` accepts: what was queued last is found first.
    #[doc(alias = "ready_find")]
    fn queue_find(&self, key: &mut dyn FnMut(Handle) -> bool) -> Option<Handle> {
        self.queue_items().into_iter().rev().find(|&handle| key(handle))
    }

    /// Takes an entry out of the queue, to be put back.
    ///
    /// A task is [blocked](super::task_is_blocked) meanwhile, and what wakes or cancels it queues it. A callback waits to
    /// be put back as long as the loop lives.
    #[doc(alias = "ready_remove")]
    fn queue_remove(&self, handle: Handle) -> Result<(), NotScheduled>;

    /// Puts an entry that is not queued at the end of its priority.
    #[doc(alias = "ready_insert")]
    fn queue_insert(&self, handle: Handle) -> Result<(), NotScheduled>;

    /// Puts an entry that is not queued at `pos`.
    fn queue_insert_pos(&self, handle: Handle, pos: usize) -> Result<(), NotScheduled>;

    /// Queues a callback at the end of the normal priority.
    #[track_caller]
    fn call_soon(&self, callback: Box<dyn FnOnce()>) -> Handle;

    /// Queues a callback at `pos`.
    #[track_caller]
    fn call_pos(&self, pos: usize, callback: Box<dyn FnOnce()>) -> Handle;

    /// The task of an entry; `None` for a callback.
    fn task_from_handle(&self, handle: Handle) -> Option<TaskRef>;

    /// The tasks in the queue, in the order in which they would run.
    #[doc(alias = "ready_tasks")]
    fn queue_tasks(&self) -> Vec<TaskRef> {
        self.queue_items().into_iter().filter_map(|handle| self.task_from_handle(handle)).collect()
    }
}

impl Shared {
    fn entry(&self, handle: Handle) -> Result<TaskId, NotScheduled> {
        let id = TaskId::of_bits(handle.0);
        if id.parts().executor == self.number { Ok(id) } else { Err(NotScheduled(())) }
    }
}

fn scheduled(is_scheduled: bool) -> Result<(), NotScheduled> {
    if is_scheduled { Ok(()) } else { Err(NotScheduled(())) }
}

impl SchedulingLoop for Shared {
    fn queue_len(&self) -> usize {
        Shared::queue_len(self)
    }

    fn queue_items(&self) -> Vec<Handle> {
        self.queued().into_iter().map(|id| Handle(id.bits())).collect()
    }

    fn queue_remove(&self, handle: Handle) -> Result<(), NotScheduled> {
        scheduled(self.unqueue(self.entry(handle)?))
    }

    fn queue_insert(&self, handle: Handle) -> Result<(), NotScheduled> {
        scheduled(self.enqueue(self.entry(handle)?, None))
    }

    fn queue_insert_pos(&self, handle: Handle, pos: usize) -> Result<(), NotScheduled> {
        scheduled(self.enqueue(self.entry(handle)?, Some(pos)))
    }

    #[track_caller]
    fn call_soon(&self, callback: Box<dyn FnOnce()>) -> Handle {
        Handle(self.queue_callback(callback, None, Location::caller()).bits())
    }

    #[track_caller]
    fn call_pos(&self, pos: usize, callback: Box<dyn FnOnce()>) -> Handle {
        Handle(self.queue_callback(callback, Some(pos), Location::caller()).bits())
    }

    fn task_from_handle(&self, handle: Handle) -> Option<TaskRef> {
        let id = TaskId::of_bits(handle.0);
        Some(TaskRef::new(id, self.task_site(id)?))
    }
}

/// A loop that has announced itself.
struct Announced {
    scheduling_loop: Rc<dyn SchedulingLoop>,
    /// The executor that ran then.
    inside: Option<u32>,
    serial: u64,
}

crate::util::sync::thread_local! {
    static ANNOUNCED: RefCell<Vec<Announced>> = const { RefCell::new(Vec::new()) };
    static SERIAL: Cell<u64> = const { Cell::new(0) };
}

/// The number of the executor that runs here.
fn running() -> Option<u32> {
    engine::with_current(|shared| shared.map(|shared| shared.number))
}

/// The loop in whose queue the caller is: the executor that runs here, or what was announced last inside of it.
///
/// It may be kept. Once its executor is gone, its queue is empty, and callbacks that it is given are dropped.
///
/// # Examples
/// ```
/// use asynkit::{Executor, get_scheduling_loop, spawn};
///
/// assert!(get_scheduling_loop().is_none());
/// Executor::run(async {
///     let task = spawn(async {});
///     let queue = get_scheduling_loop().unwrap();
///     assert_eq!(queue.queue_tasks(), [*task]);
/// });
/// ```
pub fn get_scheduling_loop() -> Option<Rc<dyn SchedulingLoop>> {
    announced().or_else(|| engine::current().map(|shared| shared as Rc<dyn SchedulingLoop>))
}

fn announced() -> Option<Rc<dyn SchedulingLoop>> {
    let find = |announced: &RefCell<Vec<Announced>>| {
        let announced = announced.borrow();
        // Looking it up costs those nothing who announce nothing.
        if announced.is_empty() {
            return None;
        }
        let inside = running();
        let last = announced.iter().rev().find(|announced| announced.inside == inside)?;
        Some(Rc::clone(&last.scheduling_loop))
    };
    ANNOUNCED.try_with(find).ok().flatten()
}

/// Announces a loop of another kind on this thread, until the guard is dropped.
///
/// [`get_scheduling_loop`], [`call_soon`] and [`call_pos`] find it, inside of the executor that runs now, or outside of
/// any where none runs: an executor that is entered meanwhile is found instead. Functions that take or give tasks are
/// about the executor that runs them, always.
///
/// # Examples
/// ```
/// use asynkit::schedule::{Handle, NotScheduled, SchedulingLoop, call_soon, enter_scheduling_loop};
/// use asynkit::{TaskRef, get_scheduling_loop};
/// use std::{cell::{Cell, RefCell}, collections::VecDeque, rc::Rc};
///
/// /// A queue of callbacks, in which nothing can be moved.
/// #[derive(Default)]
/// struct Callbacks {
///     queue: RefCell<VecDeque<(Handle, Box<dyn FnOnce()>)>>,
///     last: Cell<u64>,
/// }
///
/// impl SchedulingLoop for Callbacks {
///     fn queue_len(&self) -> usize {
///         self.queue.borrow().len()
///     }
///     fn queue_items(&self) -> Vec<Handle> {
///         self.queue.borrow().iter().map(|&(handle, _)| handle).collect()
///     }
///     fn queue_remove(&self, _: Handle) -> Result<(), NotScheduled> {
///         Err(NotScheduled::new())
///     }
///     fn queue_insert(&self, _: Handle) -> Result<(), NotScheduled> {
///         Err(NotScheduled::new())
///     }
///     fn queue_insert_pos(&self, _: Handle, _: usize) -> Result<(), NotScheduled> {
///         Err(NotScheduled::new())
///     }
///     fn call_soon(&self, callback: Box<dyn FnOnce()>) -> Handle {
///         self.call_pos(usize::MAX, callback)
///     }
///     fn call_pos(&self, pos: usize, callback: Box<dyn FnOnce()>) -> Handle {
///         let handle = Handle(self.last.replace(self.last.get() + 1));
///         let pos = pos.min(self.queue_len());
///         self.queue.borrow_mut().insert(pos, (handle, callback));
///         handle
///     }
///     fn task_from_handle(&self, _: Handle) -> Option<TaskRef> {
///         None
///     }
/// }
///
/// let callbacks = Rc::new(Callbacks::default());
/// let guard = enter_scheduling_loop(callbacks.clone());
/// call_soon(|| println!("called"));
/// drop(guard);
/// assert!(get_scheduling_loop().is_none());
/// let (_, callback) = callbacks.queue.borrow_mut().pop_front().unwrap();
/// callback();
/// ```
pub fn enter_scheduling_loop(scheduling_loop: Rc<dyn SchedulingLoop>) -> EnterGuard {
    let serial = SERIAL.get();
    SERIAL.set(serial + 1);
    let announced = Announced { scheduling_loop, inside: running(), serial };
    ANNOUNCED.with_borrow_mut(|all| all.push(announced));
    EnterGuard { serial, home: core::marker::PhantomData }
}

/// A loop is announced as long as this lives; in whatever order guards are dropped, each takes back its own.
///
/// # Examples
/// ```
/// use asynkit::{Executor, get_scheduling_loop, schedule::{EnterGuard, enter_scheduling_loop}};
///
/// Executor::run(async {
///     let same = get_scheduling_loop().unwrap();
///     let guard: EnterGuard = enter_scheduling_loop(same);
///     drop(guard); // the executor's own is found again
///     assert!(get_scheduling_loop().is_some());
/// });
/// ```
#[derive(Debug)]
#[must_use = "the loop is announced as long as the guard lives"]
pub struct EnterGuard {
    serial: u64,
    /// It is the thread's.
    home: core::marker::PhantomData<*const ()>,
}

impl Drop for EnterGuard {
    fn drop(&mut self) {
        let take = |announced: &RefCell<Vec<Announced>>| {
            let mut announced = announced.borrow_mut();
            let at = announced.iter().position(|announced| announced.serial == self.serial)?;
            Some(announced.remove(at))
        };
        // The loop's destructor runs here, with no borrow held. While the thread's locals are destroyed, there is none.
        drop(ANNOUNCED.try_with(take));
    }
}

/// Queues a callback of the [loop](get_scheduling_loop) that runs the caller, at the end of the normal priority.
///
/// It runs once, in a copy of the context of the caller; no task is current meanwhile. Its panic goes to the executor's
/// [panic hook](crate::executor::ExecutorBuilder::panic_hook). On an executor that has been stopped it is dropped.
///
/// # Panics
/// Where no loop runs.
///
/// # Examples
/// ```
/// use asynkit::{Executor, call_soon, yield_now};
/// use std::{cell::Cell, rc::Rc};
///
/// Executor::run(async {
///     let called = Rc::new(Cell::new(false));
///     call_soon({
///         let called = called.clone();
///         move || called.set(true)
///     });
///     assert!(!called.get());
///     yield_now().await;
///     assert!(called.get());
/// });
/// ```
#[track_caller]
pub fn call_soon(callback: impl FnOnce() + 'static) -> Handle {
    scheduling_loop().call_soon(Box::new(callback))
}

/// The same at a position.
///
/// # Panics
/// Where no loop runs.
///
/// # Examples
/// ```
/// use asynkit::{Executor, schedule::call_pos, sleep_insert, spawn};
///
/// Executor::run(async {
///     let task = spawn(async {});
///     call_pos(0, || println!("before the task"));
///     sleep_insert(1).await;
///     assert!(!task.is_finished());
/// });
/// ```
#[track_caller]
pub fn call_pos(pos: usize, callback: impl FnOnce() + 'static) -> Handle {
    scheduling_loop().call_pos(pos, Box::new(callback))
}

#[track_caller]
fn scheduling_loop() -> Rc<dyn SchedulingLoop> {
    match get_scheduling_loop() {
        Some(scheduling_loop) => scheduling_loop,
        None => no_loop(),
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn no_loop() -> ! {
    panic!("no executor runs here: callbacks are queued inside of `Executor::run`")
}
