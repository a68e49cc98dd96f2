//! [`Shared`]: an executor, as its handles and its tasks see it.

use super::current;
use super::{
    cell::Site,
    core::Core,
    error::PanicPayload,
    id::{self, Parts, TaskId},
    inbox::Inbox,
    lend::Watch,
    memory::Pool,
    receipt::Receipt,
    registry,
    spawn::TaskSpec,
    timers::Timers,
};
use crate::{priority::Boost, queue::NIL};
use alloc::{rc::Rc, sync::Arc, vec::Vec};
use core::{
    cell::{Cell, OnceCell, RefCell},
    panic::Location,
};

/// What a panic that nobody awaits is told to.
pub(crate) type Hook = Rc<dyn Fn(TaskId, Site, &PanicPayload)>;

/// What a builder sets.
pub(crate) struct Options {
    pub(crate) name: Option<Rc<str>>,
    pub(crate) eager_tasks: bool,
    pub(crate) factory: Option<Rc<dyn Fn(TaskSpec) -> TaskSpec>>,
    pub(crate) hook: Option<Hook>,
    pub(crate) boost: Boost,
    pub(crate) budget: u32,
}

impl Options {
    pub(crate) const fn new() -> Self {
        Options { name: None, eager_tasks: false, factory: None, hook: None, boost: Boost::OFF, budget: 61 }
    }
}

/// Whether new tasks are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    Open,
    Stopped,
    Closed,
}

/// An executor.
pub(crate) struct Shared {
    pub(crate) number: u32,
    /// What its wakers have in common.
    pub(super) tag: usize,
    pub(super) core: RefCell<Core>,
    /// The slot of the task that runs, or [`NIL`].
    pub(super) current: Cell<u32>,
    /// How many more eager starts may be on the stack; 0 while it does not run.
    pub(super) room: Cell<u32>,
    /// Its loop is on the stack.
    pub(super) is_running: Cell<bool>,
    /// Spawning is as plain as it can be: open, no factory, not eager.
    pub(super) is_plain: Cell<bool>,
    pub(super) life: Cell<Life>,
    /// Who lends priority to tasks, once somebody does.
    pub(super) watch: Cell<Option<&'static Watch>>,
    /// The task that ended last: what panics without running is of its destructors.
    pub(super) last: Cell<(TaskId, Site)>,
    pub(super) pool: Pool,
    pub(crate) inbox: Arc<Inbox>,
    pub(super) timers: RefCell<Timers>,
    pub(crate) options: Options,
    /// Memory for the inbox.
    pub(super) spare: RefCell<Vec<Parts>>,
    /// Used by one throw at a time; others have receipts of their own.
    pub(super) receipt: OnceCell<Rc<Receipt>>,
    /// The roots that calls drive, with what wakes those calls.
    pub(super) roots: Cell<u32>,
}

impl Shared {
    #[track_caller]
    pub(crate) fn new(options: Options) -> Rc<Self> {
        let inbox = Arc::new(Inbox::new());
        let (number, generation) = registry::enter(Arc::clone(&inbox));
        let nobody = TaskId::new(Parts { executor: number, generation, slot: NIL });
        let shared = Rc::new(Shared {
            number,
            tag: id::waker_tag(number),
            core: RefCell::new(Core::new(generation, options.boost)),
            current: Cell::new(NIL),
            room: Cell::new(0),
            is_running: Cell::new(false),
            is_plain: Cell::new(!options.eager_tasks && options.factory.is_none()),
            life: Cell::new(Life::Open),
            watch: Cell::new(None),
            last: Cell::new((nobody, Location::caller())),
            pool: Pool::new(),
            inbox,
            timers: RefCell::new(Timers::new()),
            options,
            spare: RefCell::default(),
            receipt: OnceCell::new(),
            roots: Cell::new(0),
        });
        current::list(&shared);
        shared
    }

    /// After something was queued: whoever drives the executor has to know, unless it runs.
    #[inline(always)]
    pub(super) fn called(&self) {
        if !self.is_running.get() {
            self.inbox.call();
        }
    }

    /// Tells the hook of a panic that nobody awaits.
    #[cold]
    pub(crate) fn report(&self, id: TaskId, site: Site, payload: &PanicPayload) {
        let Some(hook) = self.options.hook.clone() else { return print(id, site, payload) };
        let told = std::panic::catch_unwind(core::panic::AssertUnwindSafe(|| hook(id, site, payload)));
        if told.is_err() {
            print(id, site, payload);
        }
    }
}

/// What is told of a panic without a hook.
#[cold]
pub(crate) fn print(id: TaskId, site: Site, payload: &PanicPayload) {
    std::eprintln!("{id}, spawned at {site}, {payload}");
}
