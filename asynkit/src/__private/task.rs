//! What `#[eager]` calls.

use crate::{
    spawner::{Rest, Spawn, Spawner},
    task::{self, Eager},
};
use core::future::Future;

/// An eager task on a spawner, where its type cannot be written twice.
pub type EagerOn<T, S> = Eager<T, <S as Spawner>::Handle<T>>;

/// `#[eager]`.
#[inline]
#[track_caller]
pub fn eager<F>(future: F) -> Eager<F::Output>
where
    F: Future<Output: 'static> + 'static,
{
    task::eager(future)
}

/// `#[eager(spawn = S)]`.
#[inline]
#[track_caller]
pub fn eager_with<F, S>(future: F, spawner: S) -> EagerOn<F::Output, S>
where
    F: Future<Output: 'static>,
    S: Spawn<F> + Spawn<Rest<F>>,
{
    task::eager_with(future, spawner)
}
