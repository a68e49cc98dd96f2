//! A crate that gives asynkit another name.
#![forbid(unsafe_code)]

use other_name::{awaitmethod, syncfunction};

/// A value that can be awaited.
#[derive(Debug)]
pub struct Job(pub u8);

#[awaitmethod(crate = ::other_name)]
impl IntoFuture for Job {
    async fn into_future(self) -> u8 {
        self.0
    }
}

/// Drives one.
///
/// # Errors
///
/// [`SynchronousError`](other_name::SynchronousError), by the option.
#[syncfunction(crate = ::other_name)]
pub async fn run(job: Job) -> u8 {
    job.await
}

/// From the root of this crate.
pub mod vendored {
    pub use other_name::*;
}

/// Drives one.
#[syncfunction(panic, crate = crate::vendored)]
pub async fn run_or_panic(job: Job) -> u8 {
    job.await
}

#[test]
fn a_renamed_library_is_named_by_an_option() -> Result<(), other_name::SynchronousError> {
    assert_eq!(run(Job(1))?, 1);
    assert_eq!(run_or_panic(Job(2)), 2);
    Ok(())
}
