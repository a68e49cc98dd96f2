//! What runs tasks: their slots and cells, the wakers, the inbox, the loop. `task` and `executor` are its front.
//!
//! A task is three things: a *cell* on the heap with its future, later its result ([`cell`]); a *slot* with all that the
//! executor knows of it ([`slots`]); and an *identity*, executor, slot and generation ([`id`]), which is all that a waker
//! holds. Nothing that travels to other threads owns anything of a task: a wake is a number in an inbox, and a stale one
//! means nobody.
//!
//! Code of the user's (polls, destructors, wakers, hooks) never runs while the [`core`] is borrowed.

mod callback;
mod cell;
mod core;
mod current;
mod deliver;
mod end;
mod error;
mod id;
mod inbox;
mod lend;
mod memory;
mod order;
mod query;
mod receipt;
mod registry;
mod root;
mod run;
mod shared;
mod shutdown;
mod slots;
mod spawn;
mod throw;
mod timers;
mod waker;

#[cfg(any(feature = "tokio", feature = "smol"))]
pub(crate) use self::current::Entered;
#[cfg(all(test, asynkit_loom))]
pub(crate) use self::waker::wake_elsewhere;
pub(crate) use self::{
    cell::{Join, Site},
    current::{find, get as current, with as with_current},
    inbox::Inbox,
    lend::{NO_TASK, Portrait, TaskKey, Watch},
    order::{Place, Standing},
    receipt::{Receipt, Throw},
    root::{Root, Rooted},
    shared::{Options, Shared, print},
    spawn::Started,
    timers::TimerKey,
    waker::{clone_to_stop, is_probe},
};
pub use self::{
    error::{PanicPayload, TaskError},
    id::TaskId,
    spawn::TaskSpec,
    throw::Refused,
};
