//! [`SharedCo`]: a handle for joined branches.

use super::{
    Resume,
    airlock::{Handle, Turn},
};
use core::{
    cell::Cell,
    fmt,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

/// A [`Co`](super::Co) that can be copied, made by [`Co::share`](super::Co::share): several branches of the body yield,
/// and take turns.
///
/// Branches may be joined, selected, or collected in a `FuturesUnordered`. Items go out in the order in which their
/// `ayield`s were polled first, unless a branch is polled just when the airlock is free.
///
/// # Examples
/// ```
/// use asynkit::{Co, aiter_sync, generator};
/// use futures::{StreamExt as _, stream::FuturesUnordered};
///
/// let g = generator(async |mut co: Co<'_, u64>| {
///     let co = co.share();
///     let mut branches: FuturesUnordered<_> = (0..3).map(|i| co.ayield(i)).collect();
///     while branches.next().await.is_some() {}
/// });
/// assert_eq!(aiter_sync(g.boxed()).collect::<Result<Vec<_>, _>>().unwrap(), [0, 1, 2]);
/// ```
pub struct SharedCo<'a, Y, R = ()> {
    handle: Handle<'a, Y, R>,
    brand: PhantomData<Cell<&'a ()>>,
}

impl<Y, R> Clone for SharedCo<'_, Y, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Y, R> Copy for SharedCo<'_, Y, R> {}

impl<'a, Y, R: Resume> SharedCo<'a, Y, R> {
    pub(super) fn new(handle: Handle<'a, Y, R>) -> Self {
        SharedCo { handle, brand: PhantomData }
    }

    /// Yields an item when it is its turn, and waits to be resumed.
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. As [`Co::ayield`](super::Co::ayield); the turn
    /// passes on.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Co, generator};
    /// use std::pin::pin;
    ///
    /// let branches = generator(async |mut co: Co<'_, u32>| {
    ///     let co = co.share();
    ///     futures::future::join(co.ayield(1), co.ayield(2)).await;
    /// });
    /// let items: Result<Vec<u32>, _> = asynkit::aiter_sync(pin!(branches)).collect();
    /// assert_eq!(items.unwrap(), [1, 2]);
    /// ```
    pub fn ayield(self, item: Y) -> SharedYield<'a, Y, R> {
        SharedYield { turn: Turn::new(item), handle: self.handle }
    }
}

impl<Y, R> fmt::Debug for SharedCo<'_, Y, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedCo").finish_non_exhaustive()
    }
}

/// The future of [`SharedCo::ayield`].
///
/// # Examples
/// ```
/// use asynkit::{Co, generator};
/// use std::pin::pin;
///
/// let one = generator(async |mut co: Co<'_, u32>| {
///     let item = co.share().ayield(1);
///     item.await; // not sent before
/// });
/// let items: Result<Vec<u32>, _> = asynkit::aiter_sync(pin!(one)).collect();
/// assert_eq!(items.unwrap(), [1]);
/// ```
#[must_use = "an item is yielded when its `ayield` is awaited"]
pub struct SharedYield<'a, Y, R: Resume> {
    turn: Turn<Y>,
    handle: Handle<'a, Y, R>,
}

// The item is never pinned.
impl<Y, R: Resume> Unpin for SharedYield<'_, Y, R> {}

impl<Y, R: Resume> Future for SharedYield<'_, Y, R> {
    type Output = R;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        let this = self.get_mut();
        this.handle.poll_turn(&mut this.turn, cx)
    }
}

impl<Y, R: Resume> Drop for SharedYield<'_, Y, R> {
    fn drop(&mut self) {
        self.handle.drop_turn(&mut self.turn);
    }
}

impl<Y, R: Resume> fmt::Debug for SharedYield<'_, Y, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedYield").finish_non_exhaustive()
    }
}
