//! Groups: tasks that end together, and whose errors are heard.
//!
//! | | |
//! |---|---|
//! | [`task_group`], [`task_group_on`] | run a body that starts children, and wait for them all |
//! | [`TaskGroup`] | starts them: at once, later, or until they say that they are ready; stops them all |
//! | [`Child`] | one of them: awaits to its value, cancels it |
//! | [`GroupError`] | the errors and panics of all of them |
//!
//! # What stops what
//! | | the children | the body |
//! |---|---|---|
//! | a child or the body fails, or panics | are asked to stop, the group waits for them | the same |
//! | [`TaskGroup::cancel`] | the same | the same |
//! | [`Child::cancel`] | one is asked to stop | goes on |
//! | the group is told of an error: its task is cancelled or interrupted, or it times out | are asked to stop, where the body has not handled it by itself | the same |
//! | [`TaskGroup::abort`] | are dropped at their next turns | the same |
//! | the group is dropped | are dropped at their next turns | is dropped |
//!
//! A child whose task is dropped from outside of the group, by its [`TaskRef`](crate::TaskRef) or with its executor, is one
//! that was cancelled, also where an error was thrown to it that nobody took: the thrower knows.

mod child;
mod error;
mod handle;
mod member;
mod members;
mod part;
mod run;
mod start;

pub use child::{Child, ChildFailed};
pub use error::GroupError;
pub use handle::TaskGroup;
pub use member::{ChildOutput, Member};
pub use run::{task_group, task_group_on};
pub use start::{StartError, Started, TaskStatus};
