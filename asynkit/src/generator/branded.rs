//! [`generator()`]: a generator of an async closure.
#![allow(unsafe_code, reason = "the one place where a body gets its handle")]

use super::{
    Co, Resume,
    airlock::Address,
    body::Body,
    raw::{Answer, RawGenerator},
};
use crate::step::Step;
use alloc::boxed::Box;
use core::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};
use futures_core::{FusedStream, Stream};
use pin_project_lite::pin_project;

/// A generator of an async closure, which yields through the [`Co`] that it is given.
///
/// Nothing is allocated, nothing runs before the first item is asked for, and the generator is `Send` if what the body
/// holds is. The closure may borrow; what would let its handle out of the body (a spawned task, a thread, a variable
/// outside) does not compile. The type parameter of `Co` says what is yielded; a second one, what comes back (see
/// [`Resume`]).
///
/// # Examples
/// ```
/// use asynkit::{Co, aiter_sync, generator};
/// use std::pin::pin;
///
/// let words = ["to", "be"].map(String::from);
/// let mut lengths = pin!(generator(async |mut co: Co<'_, usize>| {
///     for word in &words {
///         co.ayield(word.len()).await;
///     }
/// }));
/// let lengths: Result<Vec<_>, _> = aiter_sync(lengths.as_mut()).collect();
/// assert_eq!(lengths.unwrap(), [2, 2]);
/// ```
///
/// The handle cannot leave the body:
/// ```compile_fail,E0521
/// use asynkit::{Co, generator};
///
/// let mut stash = None;
/// let g = generator(async |co: Co<'_, u64>| stash = Some(co));
/// ```
///
/// What an `ayield` is answered with is never inferred; left out, it is `()`:
/// ```compile_fail,E0283
/// use asynkit::{Co, generator};
///
/// let g = generator(async |mut co: Co<'_, _, _>| { co.ayield(1u8).await; });
/// ```
#[inline]
pub fn generator<'y, Y, R, T, F>(body: F) -> Generator<impl RawGenerator<Item = Y, Resume = R, Return = T>>
where
    F: for<'a> AsyncFnOnce(Co<'a, Y, R>) -> T,
    Y: 'y,
    R: Resume + 'y,
{
    // No async block around the body: that would be one more state to dispatch on. So its future has to be of one type,
    // that for `'y`.
    Generator {
        raw: Body::new(move |airlock: Address<Y, R>| {
            // SAFETY: `Body` pins the airlock beside the future, and drops it after that. The closure was written for
            // every `'a`, so the handle is nowhere but in the future.
            let handle = unsafe { airlock.handle::<'y>() };
            body(Co::new(handle))
        }),
    }
}

pin_project! {
    /// A generator: a stream where its body returns `()` (see [`try_stream`](Generator::try_stream) for `Result`s), and
    /// an [`AsyncGenerator`](super::AsyncGenerator) always.
    ///
    /// Dropping it drops the body where it waits. After a panic of the body it has finished.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Generator, ayield, generator};
    /// use std::pin::pin;
    ///
    /// let numbers: Generator<_> = generator!({ for i in 0..3u32 { ayield!(i); } });
    /// let numbers: Result<Vec<u32>, _> = asynkit::aiter_sync(pin!(numbers)).collect();
    /// assert_eq!(numbers.unwrap(), [0, 1, 2]);
    /// ```
    #[must_use = "a generator does nothing unless its items are asked for"]
    pub struct Generator<G> {
        #[pin]
        raw: G,
    }
}

/// A boxed generator, for struct fields and collections; made by [`Generator::boxed`].
///
/// # Examples
/// ```
/// use asynkit::{generator, generator::BoxGenerator};
///
/// struct Feed {
///     lines: BoxGenerator<'static, u32>,
/// }
///
/// let feed = Feed { lines: generator!({ ayield!(1u32); }).boxed() };
/// let items: Result<Vec<u32>, _> = asynkit::aiter_sync(feed.lines).collect();
/// assert_eq!(items.unwrap(), [1]);
/// ```
pub type BoxGenerator<'a, Y, R = (), T = ()> =
    Generator<Pin<Box<dyn RawGenerator<Item = Y, Resume = R, Return = T> + Send + 'a>>>;

/// A boxed generator of one thread; made by [`Generator::boxed_local`].
///
/// # Examples
/// ```
/// use asynkit::{generator, generator::LocalBoxGenerator};
/// use std::rc::Rc;
///
/// let shared = Rc::new(1u32);
/// let lines: LocalBoxGenerator<'_, u32> = generator!(move { ayield!(*shared); }).boxed_local();
/// let items: Result<Vec<u32>, _> = asynkit::aiter_sync(lines).collect();
/// assert_eq!(items.unwrap(), [1]);
/// ```
pub type LocalBoxGenerator<'a, Y, R = (), T = ()> =
    Generator<Pin<Box<dyn RawGenerator<Item = Y, Resume = R, Return = T> + 'a>>>;

impl<G: RawGenerator> Generator<G> {
    /// Boxes it: its type has a name then, and it may be moved.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{aiter_sync, generator, generator::BoxGenerator};
    ///
    /// struct Source {
    ///     items: BoxGenerator<'static, u8>,
    /// }
    /// let source = Source { items: generator!({ ayield!(1) }).boxed() };
    /// assert_eq!(aiter_sync(source.items).collect::<Result<Vec<_>, _>>().unwrap(), [1]);
    /// ```
    pub fn boxed<'a>(self) -> BoxGenerator<'a, G::Item, G::Resume, G::Return>
    where
        G: Send + 'a,
    {
        Generator { raw: Box::pin(self.raw) }
    }

    /// Boxes one that cannot be sent to other threads.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{aiter_sync, generator};
    /// use std::rc::Rc;
    ///
    /// let name = Rc::new("x");
    /// let g = generator!(move { ayield!(*name); }).boxed_local();
    /// assert_eq!(aiter_sync(g).collect::<Result<Vec<_>, _>>().unwrap(), ["x"]);
    /// ```
    pub fn boxed_local<'a>(self) -> LocalBoxGenerator<'a, G::Item, G::Resume, G::Return>
    where
        G: 'a,
    {
        Generator { raw: Box::pin(self.raw) }
    }
}

impl<G: RawGenerator<Return = Result<(), E>>, E> Generator<G> {
    /// A stream of `Result`s: the error that the body returns is the last item.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{aiter_sync, generator};
    /// use std::{num::ParseIntError, pin::pin};
    ///
    /// let mut numbers = pin!(
    ///     generator!(-> Result<(), ParseIntError> {
    ///         ayield!("5".parse::<u32>()?);
    ///         ayield!("five".parse::<u32>()?);
    ///         Ok(())
    ///     })
    ///     .try_stream()
    /// );
    /// let items: Result<Vec<_>, _> = aiter_sync(numbers.as_mut()).collect();
    /// assert!(matches!(items.unwrap()[..], [Ok(5), Err(_)]));
    /// ```
    pub fn try_stream(self) -> TryStream<Self> {
        TryStream { generator: self }
    }
}

impl<G: RawGenerator> RawGenerator for Generator<G> {
    type Item = G::Item;
    type Resume = G::Resume;
    type Return = G::Return;

    #[inline(always)]
    fn poll_resume(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        answer: &mut Answer<G::Resume>,
    ) -> Poll<Option<Step<G::Item, G::Return>>> {
        self.project().raw.poll_resume(cx, answer)
    }

    #[inline(always)]
    fn poll_item(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        answer: fn() -> <G::Resume as Resume>::Value,
    ) -> Poll<Option<G::Item>> {
        self.project().raw.poll_item(cx, answer)
    }

    fn is_running(&self) -> bool {
        self.raw.is_running()
    }

    fn is_waiting(&self) -> bool {
        self.raw.is_waiting()
    }

    fn is_finished(&self) -> bool {
        self.raw.is_finished()
    }
}

impl<G> Stream for Generator<G>
where
    G: RawGenerator<Return = (), Resume: Resume<Value: Default>>,
{
    type Item = G::Item;

    #[inline(always)]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<G::Item>> {
        self.project().raw.poll_item(cx, Default::default)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, if self.raw.is_finished() { Some(0) } else { None })
    }
}

impl<G> FusedStream for Generator<G>
where
    G: RawGenerator<Return = (), Resume: Resume<Value: Default>>,
{
    fn is_terminated(&self) -> bool {
        self.raw.is_finished()
    }
}

impl<G: RawGenerator> fmt::Debug for Generator<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generator")
            .field("is_running", &self.is_running())
            .field("is_finished", &self.is_finished())
            .finish_non_exhaustive()
    }
}

pin_project! {
    /// The stream of a generator whose body returns a `Result`; made by [`Generator::try_stream`].
    ///
    /// # Examples
    /// ```
    /// use asynkit::{generator, generator::TryStream};
    /// use std::pin::pin;
    ///
    /// let fails: TryStream<_> = generator!(-> Result<(), &'static str> { ayield!(1u32); Err("the end") }).try_stream();
    /// let items: Result<Vec<_>, _> = asynkit::aiter_sync(pin!(fails)).collect();
    /// assert_eq!(items.unwrap(), [Ok(1), Err("the end")]);
    /// ```
    #[must_use = "streams do nothing unless polled"]
    pub struct TryStream<G> {
        #[pin]
        generator: G,
    }
}

impl<G> TryStream<G> {
    /// For the other form of generators.
    pub(super) fn new(generator: G) -> Self {
        TryStream { generator }
    }
}

impl<G, E> Stream for TryStream<G>
where
    G: RawGenerator<Return = Result<(), E>, Resume: Resume<Value: Default>>,
{
    type Item = Result<G::Item, E>;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.project().generator.poll_resume(cx, &mut Some(Ok(Default::default()))) {
            Poll::Ready(Some(Step::Oob(item))) => Poll::Ready(Some(Ok(item))),
            Poll::Ready(Some(Step::Done(Err(error)))) => Poll::Ready(Some(Err(error))),
            Poll::Ready(_) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, if self.generator.is_finished() { Some(0) } else { None })
    }
}

impl<G, E> FusedStream for TryStream<G>
where
    G: RawGenerator<Return = Result<(), E>, Resume: Resume<Value: Default>>,
{
    fn is_terminated(&self) -> bool {
        self.generator.is_finished()
    }
}

impl<G> fmt::Debug for TryStream<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryStream").finish_non_exhaustive()
    }
}
