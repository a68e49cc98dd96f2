//! [`Jobs`]: what `Remote` is for our executor, for runtimes that have nothing like it.

use super::Runtime;
use smol::channel::{self, Sender};

/// Where a thread takes work from others.
pub(super) type Jobs = Sender<Box<dyn FnOnce() + Send>>;

/// Does what comes in, on this thread.
pub(super) fn take<R: Runtime>() -> Jobs {
    let (jobs, incoming) = channel::unbounded::<Box<dyn FnOnce() + Send>>();
    R::spawn(async move {
        while let Ok(job) = incoming.recv().await {
            job();
        }
    });
    jobs
}

/// Has `job` done there; `false` where nobody is there any more.
pub(super) fn send(jobs: &Jobs, job: impl FnOnce() + Send + 'static) -> bool {
    jobs.try_send(Box::new(job)).is_ok()
}
