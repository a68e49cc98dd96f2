//! [`Co`]: the body's end of a branded generator.

use super::{Forward, Resume, airlock::Handle, call::call, share::SharedCo};
use core::{
    cell::Cell,
    fmt,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};
use futures_core::Stream;
use pin_project_lite::pin_project;

/// The body's end of a branded generator: items of `Y` go out, answers of `R` come back.
///
/// The lifetime is the brand: a body is written for every `'a`, so a handle can be lent to helper functions, kept in
/// locals and moved into generators inside, but it cannot leave the body. One `ayield` at a time; for joined branches
/// there is [`share`](Co::share).
///
/// # Examples
/// ```
/// use asynkit::{Co, aiter_sync, generator};
/// use std::pin::pin;
///
/// async fn twice(co: &mut Co<'_, u64>, n: u64) {
///     co.ayield(n).await;
///     co.ayield(n).await;
/// }
/// let mut g = pin!(generator(async |mut co: Co<'_, u64>| {
///     twice(&mut co, 1).await;
///     co.ayield(2).await;
/// }));
/// assert_eq!(aiter_sync(g.as_mut()).collect::<Result<Vec<_>, _>>().unwrap(), [1, 1, 2]);
/// ```
pub struct Co<'a, Y, R = ()> {
    pub(super) handle: Handle<'a, Y, R>,
    /// A handle of one body does not pass for that of another.
    brand: PhantomData<Cell<&'a ()>>,
}

impl<'a, Y, R> Co<'a, Y, R> {
    #[inline(always)]
    pub(super) fn new(handle: Handle<'a, Y, R>) -> Self {
        Co { handle, brand: PhantomData }
    }
}

impl<Y, R: Resume> Co<'_, Y, R> {
    /// Yields an item and waits to be resumed.
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. Dropped before its owner took the item, it has
    /// never sent it. Dropped later, the answer is lost.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Co, aiter_sync, generator};
    ///
    /// let g = generator(async |mut co: Co<'_, &str>| {
    ///     co.ayield("a").await;
    ///     co.ayield("b").await;
    /// });
    /// let items: Result<Vec<_>, _> = aiter_sync(g.boxed()).collect();
    /// assert_eq!(items.unwrap(), ["a", "b"]);
    /// ```
    #[inline(always)]
    pub fn ayield(&mut self, item: Y) -> Yield<'_, Y, R> {
        self.handle.hold(item);
        Yield { handle: self.handle }
    }

    /// Yields every item of a stream.
    ///
    /// The answers are dropped. With `R = Result<V, Interrupt>`, an error that is thrown ends it at once: the stream
    /// is dropped, and the error is what it resolves to.
    ///
    /// # Cancel safety
    /// Not cancel safe: what it has taken and not passed on is lost with it. As [`ayield`](Co::ayield); the item on
    /// offer is lost, and with it the stream.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Co, aiter_sync, generator};
    ///
    /// let g = generator(async |mut co: Co<'_, u64>| {
    ///     co.yield_from(generator(async |mut co: Co<'_, u64>| co.ayield(1).await)).await;
    ///     co.ayield(2).await;
    /// });
    /// assert_eq!(aiter_sync(g.boxed()).collect::<Result<Vec<_>, _>>().unwrap(), [1, 2]);
    /// ```
    #[doc(alias = "yield from")]
    pub fn yield_from<S: Stream<Item = Y>>(&mut self, stream: S) -> YieldFrom<'_, S, Y, R>
    where
        R: Forward,
    {
        YieldFrom { stream, item: None, handle: self.handle }
    }

    /// Runs another body in this one's place: its items go out as this one's do, and what it returns comes back.
    ///
    /// However deep such calls are nested, an item costs the same, and nothing recurses: the called body is moved to the
    /// generator's root (one allocation a call), and resumed from there. Therefore it may not borrow, and what is
    /// around the call is not around it: a context that the caller has entered, or a timeout (which still ends it, by
    /// dropping it). What else its caller waits for is looked after whenever the called body waits for something other
    /// than its owner. A recursive call is boxed, as all recursive futures are. Without `std`, the called body is polled
    /// through its callers.
    ///
    /// # Cancel safety
    /// As cancel safe as what it runs, which is dropped with it; nothing else is lost.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Co, aiter_sync, generator};
    /// use std::{future::Future, pin::Pin};
    ///
    /// fn count_down<'c>(co: &'c mut Co<'_, u64>, n: u64) -> Pin<Box<dyn Future<Output = u64> + Send + 'c>> {
    ///     Box::pin(co.call(async move |mut co: Co<'_, u64>| {
    ///         co.ayield(n).await;
    ///         if n > 0 { n + count_down(&mut co, n - 1).await } else { 0 }
    ///     }))
    /// }
    /// let g = generator(async |mut co: Co<'_, u64>| {
    ///     let sum = count_down(&mut co, 2).await;
    ///     co.ayield(sum).await;
    /// });
    /// assert_eq!(aiter_sync(g.boxed()).collect::<Result<Vec<_>, _>>().unwrap(), [2, 1, 0, 3]);
    /// ```
    pub fn call<T, F>(&mut self, body: F) -> impl Future<Output = T>
    where
        F: for<'x> AsyncFnOnce(Co<'x, Y, R>) -> T + 'static,
        T: 'static,
        Y: 'static,
        R: 'static,
    {
        call(self.handle, body)
    }

    /// A handle that can be copied, for branches that are joined. They take turns.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Co, aiter_sync, generator};
    ///
    /// let g = generator(async |mut co: Co<'_, u64>| {
    ///     let co = co.share();
    ///     futures::join!(co.ayield(1), co.ayield(2));
    /// });
    /// assert_eq!(aiter_sync(g.boxed()).collect::<Result<Vec<_>, _>>().unwrap(), [1, 2]);
    /// ```
    pub fn share(&mut self) -> SharedCo<'_, Y, R> {
        self.handle.share();
        SharedCo::new(self.handle)
    }
}

impl<Y, R> fmt::Debug for Co<'_, Y, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Co").finish_non_exhaustive()
    }
}

/// The future of [`Co::ayield`].
///
/// # Examples
/// ```
/// use asynkit::{Co, generator};
/// use std::pin::pin;
///
/// let one = generator(async |mut co: Co<'_, u32>| {
///     let item = co.ayield(1);
///     item.await; // not sent before
/// });
/// let items: Result<Vec<u32>, _> = asynkit::aiter_sync(pin!(one)).collect();
/// assert_eq!(items.unwrap(), [1]);
/// ```
#[must_use = "an item is yielded when its `ayield` is awaited"]
pub struct Yield<'a, Y, R: Resume> {
    handle: Handle<'a, Y, R>,
}

impl<Y, R: Resume> Future for Yield<'_, Y, R> {
    type Output = R;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        self.handle.poll(cx)
    }
}

impl<Y, R: Resume> Drop for Yield<'_, Y, R> {
    #[inline(always)]
    fn drop(&mut self) {
        self.handle.abandon();
    }
}

impl<Y, R: Resume> fmt::Debug for Yield<'_, Y, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Yield").finish_non_exhaustive()
    }
}

pin_project! {
    /// The future of [`Co::yield_from`].
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Co, generator};
    /// use std::pin::pin;
    ///
    /// let outer = generator(async |mut co: Co<'_, u32>| {
    ///     co.yield_from(pin!(generator!({ ayield!(1u32); }))).await;
    ///     co.ayield(2).await;
    /// });
    /// let items: Result<Vec<u32>, _> = asynkit::aiter_sync(pin!(outer)).collect();
    /// assert_eq!(items.unwrap(), [1, 2]);
    /// ```
    #[must_use = "futures do nothing unless awaited"]
    pub struct YieldFrom<'a, S, Y, R>
    where
        R: Resume,
    {
        // The item on offer; dropped before the stream that it may have come from.
        item: Option<Yield<'a, Y, R>>,
        #[pin]
        stream: S,
        handle: Handle<'a, Y, R>,
    }
}

impl<S: Stream<Item = Y>, Y, R: Forward> Future for YieldFrom<'_, S, Y, R> {
    type Output = R::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R::Output> {
        let mut this = self.project();
        loop {
            if let Some(item) = this.item {
                let answer = ready!(Pin::new(item).poll(cx));
                *this.item = None;
                if let Some(stopped) = answer.stop() {
                    return Poll::Ready(stopped);
                }
            }
            match ready!(this.stream.as_mut().poll_next(cx)) {
                Some(item) => {
                    this.handle.hold(item);
                    *this.item = Some(Yield { handle: *this.handle });
                }
                None => return Poll::Ready(R::end()),
            }
        }
    }
}

impl<S, Y, R: Resume> fmt::Debug for YieldFrom<'_, S, Y, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("YieldFrom").finish_non_exhaustive()
    }
}
