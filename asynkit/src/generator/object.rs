//! [`GeneratorObject`]: the handle form of generators.

use super::{
    TryStream,
    raw::{Answer, RawGenerator},
};
use crate::{
    error::Interrupt,
    monitor::{Driver, Monitor, Oob},
    step::Step,
};
use alloc::sync::Arc;
use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};
use futures_core::{FusedStream, Stream};
use pin_project_lite::pin_project;

/// The handle of a generator: whoever holds a clone of it yields.
///
/// A body that is iterated by [`iterate`](Self::iterate) may lend and give it away: to helper functions, to branches
/// that it joins, to tasks that it spawns, on whatever thread. Items go out in the order in which their `ayield`s were
/// polled first, and each answer comes back to the `ayield` that it is for. The price against [`Co`](super::Co) is an
/// allocation, twice the instructions an item, and that the compiler does not see where it is used: an `ayield` while
/// nobody iterates is an error at run time.
///
/// `R` is what an `ayield` is answered by; `()` for those that are streams only.
///
/// # Several bodies
/// A handle may be used for any number of bodies, one after another or by turns. What a helper in another task yields
/// then goes to the one that was polled last, or is refused when that one ends. Iterating one inside the body of another
/// panics, and so does iterating two on two threads at once: take a handle for each.
///
/// # Examples
/// ```
/// use asynkit::{GeneratorObject, Interrupt};
/// use futures::{StreamExt as _, TryStreamExt as _};
///
/// async fn twice(g: GeneratorObject<u32>, n: u32) -> Result<(), Interrupt> {
///     g.ayield(n).await?;
///     g.ayield(n).await
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let g = GeneratorObject::new();
/// let items = g.iterate({
///     let g = g.clone();
///     async move {
///         g.ayield(1).await?;
///         tokio::spawn(twice(g.clone(), 2)).await.unwrap()?;
///         twice(g, 3).await
///     }
/// });
/// let items: Vec<u32> = items.try_stream().try_collect().await.unwrap();
/// assert_eq!(items, [1, 2, 2, 3, 3]);
/// # });
/// ```
pub struct GeneratorObject<Y, R = ()> {
    monitor: Arc<Monitor<Y, R>>,
}

impl<Y> GeneratorObject<Y, ()> {
    /// A handle whose `ayield` is answered by `()`.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{GeneratorObject, aiter_sync};
    /// use std::pin::pin;
    ///
    /// let g = GeneratorObject::new();
    /// let mut items = pin!(g.iterate(async { g.ayield("a").await.unwrap() }));
    /// assert_eq!(aiter_sync(items.as_mut()).collect::<Result<Vec<_>, _>>().unwrap(), ["a"]);
    /// ```
    pub fn new() -> Self {
        Self::resumable()
    }
}

impl<Y, R> GeneratorObject<Y, R> {
    /// A handle whose `ayield` is answered by an `R`.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{AsyncGenerator as _, GeneratorObject, await_sync};
    /// use std::pin::pin;
    ///
    /// let g = GeneratorObject::<u32, String>::resumable();
    /// let mut words = pin!(g.iterate(async {
    ///     let mut len = 0;
    ///     while let Ok(word) = g.ayield(len).await {
    ///         len += word.len() as u32;
    ///     }
    /// }));
    /// await_sync(async {
    ///     assert_eq!(words.as_mut().anext().await, Some(0));
    ///     assert_eq!(words.as_mut().asend("to".into()).await, Ok(Some(2)));
    ///     assert_eq!(words.as_mut().asend("be".into()).await, Ok(Some(4)));
    ///     assert_eq!(words.as_mut().aclose().await, Ok(()));
    /// })
    /// # .unwrap();
    /// ```
    pub fn resumable() -> Self {
        GeneratorObject { monitor: Arc::new(Monitor::new()) }
    }

    /// Yields an item and waits to be resumed.
    ///
    /// # Errors
    /// The [`Interrupt`] that the owner has thrown. One whose source is [`NotActive`](crate::NotActive), when nobody
    /// iterates, and when the body has ended or the iterator was dropped meanwhile.
    ///
    /// While a close goes on, every `ayield` resolves to `Err` and its item is never sent, unless a
    /// [`shield`](crate::interrupt::shield) in the body waits.
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. Dropped before its owner took the item, it has
    /// never sent it. Dropped later, the answer is lost.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{GeneratorObject, NotActive, await_sync};
    ///
    /// let alone = await_sync(GeneratorObject::new().ayield(1)).unwrap();
    /// assert!(alone.unwrap_err().is::<NotActive>());
    /// ```
    #[inline(always)]
    pub fn ayield(&self, item: Y) -> ObjectYield<'_, Y, R> {
        ObjectYield { oob: self.monitor.oob(item) }
    }

    /// The generator that runs `body`.
    ///
    /// Nothing runs before the first item is asked for. The body has a clone of this handle, or borrows it.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{GeneratorObject, aiter_sync};
    ///
    /// fn count(n: u32) -> impl futures::Stream<Item = u32> + Send {
    ///     let g = GeneratorObject::new();
    ///     g.clone().iterate(async move {
    ///         for i in 0..n {
    ///             if g.ayield(i).await.is_err() {
    ///                 return;
    ///             }
    ///         }
    ///     })
    /// }
    /// assert_eq!(aiter_sync(Box::pin(count(3))).collect::<Result<Vec<_>, _>>().unwrap(), [0, 1, 2]);
    /// ```
    #[doc(alias = "__call__")]
    pub fn iterate<F: Future>(&self, body: F) -> GeneratorObjectIterator<F, Y, R> {
        GeneratorObjectIterator {
            body: Some(body),
            driver: Driver::new(),
            monitor: Arc::clone(&self.monitor),
        }
    }
}

impl<Y, R> Clone for GeneratorObject<Y, R> {
    fn clone(&self) -> Self {
        GeneratorObject { monitor: Arc::clone(&self.monitor) }
    }
}

impl<Y, R> Default for GeneratorObject<Y, R> {
    fn default() -> Self {
        Self::resumable()
    }
}

impl<Y, R> fmt::Debug for GeneratorObject<Y, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeneratorObject").finish_non_exhaustive()
    }
}

/// The future of [`GeneratorObject::ayield`].
///
/// # Examples
/// ```
/// use asynkit::GeneratorObject;
/// use std::pin::pin;
///
/// let object: GeneratorObject<u32> = GeneratorObject::new();
/// let handle = object.clone();
/// let items = object.iterate(async move {
///     let item = handle.ayield(1);
///     item.await.unwrap(); // not sent before
/// });
/// let items: Result<Vec<u32>, _> = asynkit::aiter_sync(pin!(items)).collect();
/// assert_eq!(items.unwrap(), [1]);
/// ```
#[must_use = "an item is yielded when its `ayield` is awaited"]
pub struct ObjectYield<'a, Y, R = ()> {
    oob: Oob<'a, Monitor<Y, R>>,
}

impl<Y, R> Future for ObjectYield<'_, Y, R> {
    type Output = Result<R, Interrupt>;

    #[inline(always)]
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.oob).poll(cx)
    }
}

impl<Y, R> fmt::Debug for ObjectYield<'_, Y, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectYield").finish_non_exhaustive()
    }
}

pin_project! {
    /// The generator of [`GeneratorObject::iterate`]: a stream where its body returns `()` (see
    /// [`try_stream`](GeneratorObjectIterator::try_stream) for `Result`s), and an
    /// [`AsyncGenerator`](super::AsyncGenerator) always.
    ///
    /// Dropping it drops the body where it waits; an `ayield` of a helper that waits for its owner resolves to `Err`.
    /// After a panic of the body it has finished.
    ///
    /// # Panics
    /// Polling it panics, and harms nothing, while another generator of the same [`GeneratorObject`] is being polled.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{AsyncGenerator, GeneratorObject};
    /// use std::pin::pin;
    ///
    /// # asynkit::await_sync(async {
    /// let object: GeneratorObject<u32> = GeneratorObject::new();
    /// let handle = object.clone();
    /// let mut items = pin!(object.iterate(async move { handle.ayield(1).await.is_ok() }));
    /// assert_eq!(items.as_mut().anext().await, Some(1));
    /// assert_eq!(items.as_mut().anext().await, None);
    /// # }).unwrap();
    /// ```
    #[must_use = "a generator does nothing unless its items are asked for"]
    pub struct GeneratorObjectIterator<F, Y, R = ()> {
        // `None`: returned or dropped
        #[pin]
        body: Option<F>,
        driver: Driver<R>,
        monitor: Arc<Monitor<Y, R>>,
    }

    impl<F, Y, R> PinnedDrop for GeneratorObjectIterator<F, Y, R> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            this.driver.end(this.monitor);
        }
    }
}

impl<F: Future<Output = Result<(), E>>, E, Y, R> GeneratorObjectIterator<F, Y, R> {
    /// A stream of `Result`s: the error that the body returns is the last item.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{BoxError, GeneratorObject, aiter_sync};
    /// use std::pin::pin;
    ///
    /// let g = GeneratorObject::new();
    /// let body = async {
    ///     g.ayield("5".parse::<u32>()?).await?;
    ///     g.ayield("five".parse::<u32>()?).await?;
    ///     Ok::<_, BoxError>(())
    /// };
    /// let mut numbers = pin!(g.iterate(body).try_stream());
    /// let items: Result<Vec<_>, _> = aiter_sync(numbers.as_mut()).collect();
    /// assert!(matches!(items.unwrap()[..], [Ok(5), Err(_)]));
    /// ```
    pub fn try_stream(self) -> TryStream<Self> {
        TryStream::new(self)
    }
}

impl<F: Future, Y, R> RawGenerator for GeneratorObjectIterator<F, Y, R> {
    type Item = Y;
    type Resume = Result<R, Interrupt>;
    type Return = F::Output;

    #[inline(always)]
    fn poll_resume(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        answer: &mut Answer<Self::Resume>,
    ) -> Poll<Option<Step<Y, F::Output>>> {
        let mut this = self.project();
        let Some(body) = this.body.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let polled = this.driver.poll(this.monitor, body, answer, cx);
        if !matches!(polled, Poll::Pending | Poll::Ready(Some(Step::Oob(_)))) {
            this.body.set(None);
        }
        polled
    }

    fn is_running(&self) -> bool {
        self.driver.is_running(&self.monitor)
    }

    fn is_waiting(&self) -> bool {
        self.driver.is_waiting(&self.monitor)
    }

    fn is_finished(&self) -> bool {
        self.driver.is_over()
    }
}

impl<F: Future<Output = ()>, Y, R: Default> Stream for GeneratorObjectIterator<F, Y, R> {
    type Item = Y;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Y>> {
        match self.poll_resume(cx, &mut Some(Ok(R::default()))) {
            Poll::Ready(Some(Step::Oob(item))) => Poll::Ready(Some(item)),
            Poll::Ready(_) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, if self.driver.is_over() { Some(0) } else { None })
    }
}

impl<F: Future<Output = ()>, Y, R: Default> FusedStream for GeneratorObjectIterator<F, Y, R> {
    fn is_terminated(&self) -> bool {
        self.driver.is_over()
    }
}

impl<F, Y, R> fmt::Debug for GeneratorObjectIterator<F, Y, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeneratorObjectIterator")
            .field("is_running", &self.driver.is_running(&self.monitor))
            .field("is_finished", &self.driver.is_over())
            .finish_non_exhaustive()
    }
}
