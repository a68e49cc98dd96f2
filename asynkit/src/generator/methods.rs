//! [`AsyncGenerator`]: the methods that Python's async generators have.

use super::{RawGenerator, Resume, raw::Answer};
use crate::{
    error::{BoxError, IgnoredClose, Interrupt, NotWaiting},
    step::Step,
};
use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

type Value<G> = <<G as RawGenerator>::Resume as Resume>::Value;

/// The methods of every generator, on whatever pins it.
///
/// Exclusive use is a matter of borrowing: while one call is being awaited, no other can be made. A call that is dropped
/// in an await of the body leaves it suspended there ([`is_running`](RawGenerator::is_running)); the next call goes on.
///
/// | | new | at an `ayield` | in another await | finished |
/// |---|---|---|---|---|
/// | `anext` | starts it | answers with the default | goes on | `None` |
/// | `asend(v)` | `Err(NotWaiting(v))` | answers | `Err(NotWaiting(v))` | `Ok(None)` |
/// | `athrow(e)` | dropped unpolled, `Err(e)` | told, or dropped and `Err(e)` | told at an interrupt point, or dropped and `Err(e)` | `Ok(None)` |
/// | `aclose()` | dropped unpolled, `Ok` | told, or dropped: `Ok` | told at interrupt points, or dropped: `Ok` | `Ok` |
///
/// # Examples
/// ```
/// use asynkit::{AsyncGenerator as _, Co, Interrupt, await_sync, generator};
/// use std::pin::pin;
///
/// let mut sums = pin!(generator(async |mut co: Co<'_, u32, Result<u32, Interrupt>>| {
///     let mut sum = 0;
///     while let Ok(n) = co.ayield(sum).await {
///         sum += n;
///     }
///     println!("the sum is {sum}");
/// }));
/// await_sync(async {
///     assert_eq!(sums.as_mut().anext().await, Some(0));
///     assert_eq!(sums.as_mut().asend(4).await, Ok(Some(4)));
///     assert_eq!(sums.as_mut().asend(5).await, Ok(Some(9)));
///     assert_eq!(sums.as_mut().aclose().await, Ok(()));
///     assert_eq!(sums.as_mut().anext().await, None);
/// })
/// # .unwrap();
/// ```
pub trait AsyncGenerator: RawGenerator {
    /// The next item; `None` at the end.
    ///
    /// # Cancel safety
    /// Cancel safe: dropped at any poll, it loses nothing. Dropped before it is ready, it has taken no item; the body
    /// stays where it waits.
    #[doc(alias = "__anext__")]
    fn anext(self: Pin<&mut Self>) -> Anext<'_, Self>
    where
        Value<Self>: Default,
    {
        Anext { generator: self, answer: Some(Ok(Default::default())) }
    }

    /// Answers the `ayield` that waits, and gives the next item.
    ///
    /// # Errors
    /// [`NotWaiting`] with the value, if no `ayield` waits: the generator was not started (`anext` starts it), or it is
    /// suspended in another await.
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. Dropped before its first poll, it has sent
    /// nothing. Later the value has been sent, and no item was taken.
    fn asend(self: Pin<&mut Self>, value: Value<Self>) -> Asend<'_, Self> {
        Asend { generator: self, answer: Some(Ok(value)), is_begun: false }
    }

    /// Throws `error` into the body, and gives the next item.
    ///
    /// # Errors
    /// The error itself, if nobody took it: the body is dropped. If the body ended without having been told of it,
    /// too.
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. Dropped while the body cleans up, it leaves it
    /// where it waits. A stop (such as a close) is then over.
    fn athrow(self: Pin<&mut Self>, error: impl Into<BoxError>) -> Athrow<'_, Self> {
        Athrow { generator: self, answer: Some(Err(Interrupt::new(error))), is_begun: false }
    }

    /// Throws a `Close` and awaits the body's clean-up.
    ///
    /// As long as it lasts, every `ayield` resolves to `Err` and its item is never sent. Where the answer has no room
    /// for an error (`()`, [`Plain`](super::Plain)), the body is dropped.
    ///
    /// # Errors
    /// [`IgnoredClose`], if it yielded an item all the same, which is dropped; it lives on. Of the generators of this crate
    /// only those by handle can, in a [`shield`](crate::interrupt::shield).
    ///
    /// # Cancel safety
    /// Not undone: what it has done before it is dropped stays done. See [`athrow`](AsyncGenerator::athrow).
    fn aclose(self: Pin<&mut Self>) -> Aclose<'_, Self> {
        Aclose { generator: self, answer: Some(Err(Interrupt::close())) }
    }
}

impl<G: RawGenerator + ?Sized> AsyncGenerator for G {}

/// The future of [`AsyncGenerator::anext`]: an item, or `None` at the end.
///
/// # Examples
/// ```
/// use asynkit::{AsyncGenerator, generator};
/// use std::pin::pin;
///
/// # asynkit::await_sync(async {
/// let mut one = pin!(generator!({ ayield!(1u32); }));
/// assert_eq!(one.as_mut().anext().await, Some(1));
/// assert_eq!(one.as_mut().anext().await, None);
/// # }).unwrap();
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct Anext<'a, G: RawGenerator + ?Sized> {
    generator: Pin<&'a mut G>,
    answer: Answer<G::Resume>,
}

/// The future of [`AsyncGenerator::asend`]: an item, `None` at the end, or the value back.
///
/// # Examples
/// ```
/// use asynkit::{AsyncGenerator, Co, generator, generator::Plain};
/// use std::pin::pin;
///
/// # asynkit::await_sync(async {
/// let mut doubled = pin!(generator(async |mut co: Co<'_, u32, Plain<u32>>| {
///     let Plain(mut n) = co.ayield(0).await;
///     loop { n = co.ayield(n * 2).await.0; }
/// }));
/// doubled.as_mut().anext().await;
/// assert_eq!(doubled.as_mut().asend(21).await.unwrap(), Some(42));
/// # }).unwrap();
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct Asend<'a, G: RawGenerator + ?Sized> {
    generator: Pin<&'a mut G>,
    answer: Answer<G::Resume>,
    is_begun: bool,
}

/// The future of [`AsyncGenerator::athrow`]: an item, `None` at the end, or the error back.
///
/// # Examples
/// ```
/// use asynkit::{AsyncGenerator, Co, Interrupt, generator};
/// use std::pin::pin;
///
/// # asynkit::await_sync(async {
/// let mut told = pin!(generator(async |mut co: Co<'_, bool, Result<(), Interrupt>>| {
///     let was_told = co.ayield(false).await.is_err();
///     let _ = co.ayield(was_told).await;
/// }));
/// told.as_mut().anext().await;
/// assert_eq!(told.as_mut().athrow("stop").await.unwrap(), Some(true));
/// # }).unwrap();
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct Athrow<'a, G: RawGenerator + ?Sized> {
    generator: Pin<&'a mut G>,
    answer: Answer<G::Resume>,
    is_begun: bool,
}

/// The future of [`AsyncGenerator::aclose`].
///
/// # Examples
/// ```
/// use asynkit::{AsyncGenerator, generator};
/// use std::pin::pin;
///
/// # asynkit::await_sync(async {
/// let mut endless = pin!(generator!({ loop { ayield!(1u32); } }));
/// endless.as_mut().anext().await;
/// endless.as_mut().aclose().await.unwrap();
/// assert_eq!(endless.as_mut().anext().await, None);
/// # }).unwrap();
/// ```
#[must_use = "futures do nothing unless awaited"]
pub struct Aclose<'a, G: RawGenerator + ?Sized> {
    generator: Pin<&'a mut G>,
    answer: Answer<G::Resume>,
}

// The answer is never pinned.
impl<G: RawGenerator + ?Sized> Unpin for Anext<'_, G> {}
impl<G: RawGenerator + ?Sized> Unpin for Asend<'_, G> {}
impl<G: RawGenerator + ?Sized> Unpin for Athrow<'_, G> {}
impl<G: RawGenerator + ?Sized> Unpin for Aclose<'_, G> {}

impl<G: RawGenerator + ?Sized> Future for Anext<'_, G> {
    type Output = Option<G::Item>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let step = ready!(this.generator.as_mut().poll_resume(cx, &mut this.answer));
        Poll::Ready(item(step))
    }
}

impl<G: RawGenerator + ?Sized> Future for Asend<'_, G> {
    type Output = Result<Option<G::Item>, NotWaiting<Value<G>>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        if !this.is_begun {
            this.is_begun = true;
            if !this.generator.is_waiting() && !this.generator.is_finished() {
                if let Some(Ok(value)) = this.answer.take() {
                    return Poll::Ready(Err(NotWaiting(value)));
                }
            }
        }
        let step = ready!(this.generator.as_mut().poll_resume(cx, &mut this.answer));
        Poll::Ready(Ok(item(step)))
    }
}

impl<G: RawGenerator + ?Sized> Future for Athrow<'_, G> {
    type Output = Result<Option<G::Item>, Interrupt>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        if !this.is_begun {
            this.is_begun = true;
            if this.generator.is_finished() {
                return Poll::Ready(Ok(None));
            }
        }
        let step = ready!(this.generator.as_mut().poll_resume(cx, &mut this.answer));
        Poll::Ready(match this.answer.take() {
            Some(Err(error)) => Err(error),
            _ => Ok(item(step)),
        })
    }
}

impl<G: RawGenerator + ?Sized> Future for Aclose<'_, G> {
    type Output = Result<(), IgnoredClose>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let step = ready!(this.generator.as_mut().poll_resume(cx, &mut this.answer));
        Poll::Ready(if item(step).is_some() { Err(IgnoredClose) } else { Ok(()) })
    }
}

#[inline(always)]
fn item<Y, T>(step: Option<Step<Y, T>>) -> Option<Y> {
    step.and_then(Step::oob)
}

macro_rules! debug {
    ($($name:ident)*) => {$(
        impl<G: RawGenerator + ?Sized> fmt::Debug for $name<'_, G> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

debug! { Anext Asend Athrow Aclose }
