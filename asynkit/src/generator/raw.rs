//! [`RawGenerator`]: what every generator is underneath.

use super::Resume;
use crate::{error::Interrupt, step::Step};
use core::{
    ops::DerefMut,
    pin::Pin,
    task::{Context, Poll},
};

/// What the owner gives: a value for the `ayield` that waits, or an error.
pub(super) type Answer<R> = Option<Result<<R as Resume>::Value, Interrupt>>;

/// The core of every generator: what [`generator`](super::generator()) returns behind `impl`, and what a boxed one is
/// behind `dyn`.
///
/// The methods for users are those of [`AsyncGenerator`](super::AsyncGenerator); this trait is for those who write
/// adapters around generators.
///
/// # Examples
/// ```
/// use asynkit::{AsyncGenerator, Generator, generator, generator::RawGenerator};
/// use std::pin::Pin;
///
/// /// The sum of what any generator of numbers yields.
/// async fn sum<G: RawGenerator<Item = u32, Resume = ()>>(mut numbers: Pin<&mut Generator<G>>) -> u32 {
///     let mut sum = 0;
///     while let Some(n) = numbers.as_mut().anext().await { sum += n; }
///     sum
/// }
///
/// let numbers = std::pin::pin!(generator!({ ayield!(1u32); ayield!(2); }));
/// assert_eq!(asynkit::await_sync(sum(numbers)).unwrap(), 3);
/// ```
pub trait RawGenerator {
    /// What it yields.
    type Item;
    /// What its `ayield` resolves to.
    type Resume: Resume;
    /// What its body returns.
    type Return;

    /// Runs to the next item, or to the end.
    ///
    /// Every call of an owner (`anext`, `asend`, `athrow`) begins with a poll whose `answer` is `Some` and goes on, after
    /// `Pending`, with polls whose `answer` is as the last one left it. A call that begins ends the one before, also if
    /// that was dropped or forgotten half-way: what it threw is thrown no more.
    ///
    /// * A value is taken where an `ayield` waits for it. Elsewhere it is left alone and the body just goes on.
    /// * An error is taken. If nobody was told of it, it is put back, and the body is gone.
    /// * `Ready(None)`: the generator has finished before; `answer` is left alone.
    fn poll_resume(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        answer: &mut Option<Result<<Self::Resume as Resume>::Value, Interrupt>>,
    ) -> Poll<Option<Step<Self::Item, Self::Return>>>;

    /// Runs to the next item, or to the end, with `answer()` as the answer where one is needed: the poll of a stream.
    #[doc(hidden)]
    fn poll_item(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        answer: fn() -> <Self::Resume as Resume>::Value,
    ) -> Poll<Option<Self::Item>> {
        self.poll_resume(cx, &mut Some(Ok(answer()))).map(|step| step.and_then(Step::oob))
    }

    /// Whether it is suspended in an await other than an `ayield`: a call of its owner was dropped there, and the next
    /// one goes on from there.
    #[doc(alias = "ag_running")]
    fn is_running(&self) -> bool;

    /// Whether an `ayield` waits to be answered.
    fn is_waiting(&self) -> bool;

    /// Whether it has ended.
    fn is_finished(&self) -> bool;
}

impl<G, P> RawGenerator for Pin<P>
where
    G: RawGenerator + ?Sized,
    P: DerefMut<Target = G> + Unpin,
{
    type Item = G::Item;
    type Resume = G::Resume;
    type Return = G::Return;

    #[inline(always)]
    fn poll_resume(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        answer: &mut Answer<G::Resume>,
    ) -> Poll<Option<Step<G::Item, G::Return>>> {
        self.get_mut().as_mut().poll_resume(cx, answer)
    }

    #[inline(always)]
    fn poll_item(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        answer: fn() -> <G::Resume as Resume>::Value,
    ) -> Poll<Option<G::Item>> {
        self.get_mut().as_mut().poll_item(cx, answer)
    }

    fn is_running(&self) -> bool {
        (**self).is_running()
    }

    fn is_waiting(&self) -> bool {
        (**self).is_waiting()
    }

    fn is_finished(&self) -> bool {
        (**self).is_finished()
    }
}
