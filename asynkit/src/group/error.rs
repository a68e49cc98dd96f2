//! [`GroupError`]: all that has gone wrong in a group.

use crate::error::BoxError;
use alloc::vec::{self, Vec};
use core::{
    error::Error,
    fmt::{self, Write as _},
    slice,
};

/// What has gone wrong in a [task group](super::task_group): the errors of its body and of all its children, in the order
/// in which they came.
///
/// A panic is a [`PanicPayload`](crate::PanicPayload), the error of a group in the group a `GroupError`. What was merely
/// cancelled is no error; only where there are no others, an [`Interrupt`](crate::Interrupt) says that the group was
/// stopped, and by what. That of a timeout which a child has set for itself is the child's error. There is at least one.
///
/// # Examples
/// ```
/// use asynkit::{Executor, InterruptExt as _, PanicPayload, task_group};
/// use std::{future::pending, io};
///
/// fn say_goodbye() {
///     panic!("at the disco")
/// }
///
/// # std::panic::set_hook(Box::new(|_| ()));
/// Executor::run(async {
///     let failed = task_group(async |g| {
///         g.spawn(async { Err::<(), _>(io::Error::other("disk is full")) });
///         g.start_soon(async {
///             let _stop = pending::<()>().interruptible().await;
///             say_goodbye();
///         });
///         Ok(())
///     });
///     let error = failed.await.unwrap_err();
///     assert!(error.errors().any(|error| error.is::<io::Error>()));
///     assert!(error.errors().any(|error| error.is::<PanicPayload>()));
///     assert_eq!(
///         error.to_string(),
///         "a task group failed with 2 errors:\n├─ disk is full\n└─ panicked: at the disco"
///     );
/// });
/// ```
pub struct GroupError(
    /// Not empty.
    Vec<BoxError>,
);

impl GroupError {
    pub(super) fn new(errors: Vec<BoxError>) -> Self {
        debug_assert!(!errors.is_empty());
        GroupError(errors)
    }

    /// The errors, the first one first; those of a group in the group are one.
    pub fn errors(&self) -> slice::Iter<'_, BoxError> {
        self.0.iter()
    }

    /// The errors by value.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, task_group};
    ///
    /// let failed = Executor::run(task_group(async |_| Err::<(), _>("why".into())));
    /// let errors = failed.unwrap_err().into_errors();
    /// assert_eq!(errors[0].to_string(), "why");
    /// ```
    #[must_use]
    pub fn into_errors(self) -> Vec<BoxError> {
        self.0
    }

    /// How many there are.
    #[expect(clippy::len_without_is_empty, reason = "there is at least one")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The errors, with those of groups in the group in the place of their `GroupError`.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Executor, task_group};
    ///
    /// let nested = Executor::run(task_group(async |_| {
    ///     task_group(async |_| Err::<(), _>("why".into())).await?;
    ///     Ok(())
    /// }));
    /// let leaves = nested.as_ref().unwrap_err().leaves();
    /// assert_eq!(leaves[0].to_string(), "why");
    /// ```
    pub fn leaves(&self) -> Vec<&BoxError> {
        let mut leaves = Vec::new();
        let mut stack: Vec<_> = self.0.iter().rev().collect();
        while let Some(error) = stack.pop() {
            match error.downcast_ref::<GroupError>() {
                Some(group) => stack.extend(group.0.iter().rev()),
                None => leaves.push(error),
            }
        }
        leaves
    }
}

impl IntoIterator for GroupError {
    type Item = BoxError;
    type IntoIter = vec::IntoIter<BoxError>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[expect(clippy::into_iter_without_iter, reason = "it is `errors`")]
impl<'a> IntoIterator for &'a GroupError {
    type Item = &'a BoxError;
    type IntoIter = slice::Iter<'a, BoxError>;

    fn into_iter(self) -> Self::IntoIter {
        self.errors()
    }
}

/// One error in its line, several as a tree.
impl fmt::Display for GroupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [error] = &*self.0 {
            return write!(f, "a task group failed: {error}");
        }
        write!(f, "a task group failed with {} errors:", self.0.len())?;
        for (n, error) in self.0.iter().enumerate() {
            let (first, next) =
                if n + 1 == self.0.len() { ("\n└─ ", "\n   ") } else { ("\n├─ ", "\n│  ") };
            f.write_str(first)?;
            write!(Indented { f, next }, "{error}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for GroupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GroupError").field(&self.0).finish()
    }
}

impl Error for GroupError {
    /// The first one.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.first().map(|error| &**error as _)
    }
}

/// Begins each line but the first one with `next`, which has the line break.
struct Indented<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    next: &'static str,
}

impl fmt::Write for Indented<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for (n, line) in text.split('\n').enumerate() {
            if n > 0 {
                self.f.write_str(self.next)?;
            }
            self.f.write_str(line)?;
        }
        Ok(())
    }
}
