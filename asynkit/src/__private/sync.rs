//! What `#[syncfunction]` expands to beside a drive.

use crate::drive::SynchronousError;

/// The value of a drive, for `#[syncfunction(panic)]`.
#[track_caller]
#[inline]
pub fn or_panic<T>(driven: Result<T, SynchronousError>) -> T {
    match driven {
        Ok(value) => value,
        Err(error) => blocked(&error),
    }
}

#[cold]
#[track_caller]
fn blocked(error: &SynchronousError) -> ! {
    panic!("{error}")
}

/// What `#[syncfunction(flatten)]` asks of a return type.
#[diagnostic::on_unimplemented(
    message = "`#[syncfunction(flatten)]` requires a return type that can hold a `SynchronousError`",
    label = "not a `Result<_, E>` with `E: From<SynchronousError>`",
    note = "without `flatten` the function returns `Result<{Self}, SynchronousError>`"
)]
pub trait Flatten {
    /// The value of that type for a drive that had to wait.
    fn blocked(error: SynchronousError) -> Self;
}

impl<T, E: From<SynchronousError>> Flatten for Result<T, E> {
    #[cold]
    fn blocked(error: SynchronousError) -> Self {
        Err(E::from(error))
    }
}

/// The value of a drive with its error inside, for `#[syncfunction(flatten)]`.
#[inline]
pub fn flatten<T: Flatten>(driven: Result<T, SynchronousError>) -> T {
    match driven {
        Ok(value) => value,
        Err(error) => T::blocked(error),
    }
}
