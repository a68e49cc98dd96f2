//! A crate that gives asynkit another name.
#![forbid(unsafe_code)]

use other_name::{awaitmethod, eager, syncfunction};

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

/// Starts one.
#[eager(crate = ::other_name)]
pub async fn start(job: Job) -> u8 {
    job.await
}

/// Starts one, by another path.
#[eager(spawn = vendored::spawner::Local, crate = crate::vendored)]
pub async fn start_on(job: Job) -> u8 {
    job.await
}

/// Starts one that is borrowed.
#[eager(scoped, crate = crate::vendored)]
pub async fn look(job: &Job) -> &u8 {
    std::future::ready(&job.0).await
}

#[test]
fn a_renamed_library_is_named_by_an_option() -> Result<(), other_name::SynchronousError> {
    assert_eq!(run(Job(1))?, 1);
    assert_eq!(run_or_panic(Job(2)), 2);
    other_name::Executor::run(async {
        let started: other_name::Eager<u8> = start(Job(3));
        assert_eq!(started.await + start_on(Job(4)).await, 7);
    });
    assert_eq!(other_name::await_sync(look(&Job(5)))?, &5);
    Ok(())
}
