//! [`Resume`]: what an `ayield` resolves to.

use crate::error::Interrupt;

/// What an `ayield` resolves to: `()`, `Result<V, Interrupt>`, [`Plain<V>`](Plain), or a type of yours.
///
/// It decides two things: what [`asend`](super::AsyncGenerator::asend) takes, and whether an `ayield` can be told of an
/// error. With `Result<V, Interrupt>` the body sees what [`athrow`](super::AsyncGenerator::athrow) and
/// [`aclose`](super::AsyncGenerator::aclose) throw, and may clean up; with `()` and `Plain` it is dropped.
///
/// # Examples
/// ```
/// use asynkit::{generator::Resume, Interrupt};
///
/// /// What a user types at a prompt; a thrown error is the end of the input.
/// enum Line {
///     Text(String),
///     End,
/// }
///
/// impl Resume for Line {
///     type Value = String;
///
///     fn from_value(text: String) -> Self {
///         Line::Text(text)
///     }
///
///     fn from_interrupt(_: Interrupt) -> Result<Self, Interrupt> {
///         Ok(Line::End)
///     }
/// }
/// ```
pub trait Resume: Sized {
    /// What `asend` takes.
    type Value;

    /// There is one answer only, so that none has to be stored: the owner's next poll gives it.
    #[doc(hidden)]
    const UNIT: Option<Self> = None;

    /// What the `ayield` resolves to when `value` was sent.
    fn from_value(value: Self::Value) -> Self;

    /// What the `ayield` resolves to when `interrupt` was thrown.
    ///
    /// # Errors
    /// The interrupt, if there is no room for it: the body is dropped, and its owner gets the error back. This is what
    /// happens unless it is overridden.
    fn from_interrupt(interrupt: Interrupt) -> Result<Self, Interrupt> {
        Err(interrupt)
    }
}

impl Resume for () {
    type Value = ();
    const UNIT: Option<Self> = Some(());

    #[inline(always)]
    fn from_value((): ()) {}
}

impl<V> Resume for Result<V, Interrupt> {
    type Value = V;

    #[inline(always)]
    fn from_value(value: V) -> Self {
        Ok(value)
    }

    fn from_interrupt(interrupt: Interrupt) -> Result<Self, Interrupt> {
        Ok(Err(interrupt))
    }
}

/// An answer without room for errors: a body that waits for one is dropped when something is thrown.
///
/// # Examples
/// ```
/// use asynkit::{AsyncGenerator as _, Co, await_sync, generator, generator::Plain};
/// use std::pin::pin;
///
/// let mut g = pin!(generator(async |mut co: Co<'_, u32, Plain<u32>>| {
///     let Plain(n) = co.ayield(1).await;
///     co.ayield(n + 1).await;
/// }));
/// await_sync(async {
///     assert_eq!(g.as_mut().anext().await, Some(1));
///     assert_eq!(g.as_mut().asend(41).await, Ok(Some(42)));
/// })
/// # .unwrap();
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Plain<V>(pub V);

impl<V> Resume for Plain<V> {
    type Value = V;

    #[inline(always)]
    fn from_value(value: V) -> Self {
        Plain(value)
    }
}

/// A [`Resume`] type with which [`yield_from`](super::Co::yield_from) can be used.
///
/// `yield_from` gives `()` where nothing can be thrown, and `Result<(), Interrupt>` where something can.
///
/// # Examples
/// ```
/// use asynkit::{Co, generator::Forward};
/// use futures::stream;
///
/// /// Works in generators with any answer that can be forwarded.
/// async fn count<R: Forward>(co: &mut Co<'_, u32, R>) -> R::Output {
///     co.yield_from(stream::iter([1, 2, 3])).await
/// }
/// ```
pub trait Forward: Resume {
    /// What `yield_from` resolves to.
    type Output;

    /// What it resolves to at the end of the stream.
    fn end() -> Self::Output;

    /// What it resolves to at once, if this answer to one of its items is an error.
    fn stop(self) -> Option<Self::Output>;
}

impl Forward for () {
    type Output = ();

    fn end() {}

    #[inline(always)]
    fn stop(self) -> Option<()> {
        None
    }
}

impl<V> Forward for Plain<V> {
    type Output = ();

    fn end() {}

    fn stop(self) -> Option<()> {
        None
    }
}

impl<V> Forward for Result<V, Interrupt> {
    type Output = Result<(), Interrupt>;

    fn end() -> Self::Output {
        Ok(())
    }

    fn stop(self) -> Option<Self::Output> {
        self.err().map(Err)
    }
}
