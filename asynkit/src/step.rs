//! [`Step`]: what one turn of a coroutine ended with.

/// What a monitor's owner gets: a message, or the end of the coroutine.
///
/// # Examples
/// ```
/// use asynkit::Step;
///
/// let step: Step<&str, u32> = Step::Oob("size?");
/// assert_eq!(step.oob(), Some("size?"));
/// assert_eq!(Step::<&str, u32>::Done(42).done(), Some(42));
/// ```
#[doc(alias = "OOBData")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use = "a `Step` may hold the coroutine's value"]
pub enum Step<Out, T> {
    /// The coroutine sent a message (or yielded an item) and waits for the answer.
    Oob(Out),
    /// The coroutine returned.
    Done(T),
}

impl<Out, T> Step<Out, T> {
    /// The message, if it is one.
    ///
    /// # Examples
    /// ```
    /// use asynkit::Step;
    ///
    /// assert_eq!(Step::<u8, ()>::Oob(1).oob(), Some(1));
    /// assert_eq!(Step::<u8, ()>::Done(()).oob(), None);
    /// ```
    pub fn oob(self) -> Option<Out> {
        match self {
            Step::Oob(out) => Some(out),
            Step::Done(_) => None,
        }
    }

    /// The value, if the coroutine returned.
    ///
    /// # Examples
    /// ```
    /// use asynkit::Step;
    ///
    /// assert_eq!(Step::<(), u8>::Done(1).done(), Some(1));
    /// assert_eq!(Step::<(), u8>::Oob(()).done(), None);
    /// ```
    pub fn done(self) -> Option<T> {
        match self {
            Step::Oob(_) => None,
            Step::Done(value) => Some(value),
        }
    }
}
