//! What the body holds is dropped once, in the order of an `async fn`, whenever the future goes.

use crate::poll;
use asynkit::awaitmethod;
use asynkit_tests::{Trace, forget};
use std::{
    future::pending,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};
use tokio::task::yield_now;

struct Noisy(&'static str, Trace);

impl Drop for Noisy {
    fn drop(&mut self) {
        self.1.log(self.0);
    }
}

struct Job {
    used: Noisy,
    _unused: Noisy,
    ending: Ending,
}

#[derive(Clone, Copy)]
enum Ending {
    Returns,
    Waits,
    Panics,
}

impl Job {
    fn new(trace: &Trace, ending: Ending) -> Self {
        Job { used: Noisy("used", trace.clone()), _unused: Noisy("unused", trace.clone()), ending }
    }

    async fn native(self) {
        let _first = Noisy("first", self.used.1.clone());
        yield_now().await;
        let _second = Noisy("second", self.used.1.clone());
        match self.ending {
            Ending::Returns => {}
            Ending::Waits => pending().await,
            Ending::Panics => panic!("on purpose"),
        }
    }
}

#[awaitmethod]
impl IntoFuture for Job {
    async fn into_future(self) {
        let _first = Noisy("first", self.used.1.clone());
        yield_now().await;
        let _second = Noisy("second", self.used.1.clone());
        match self.ending {
            Ending::Returns => {}
            Ending::Waits => pending().await,
            Ending::Panics => panic!("on purpose"),
        }
    }
}

/// The same body for a generic type: in its slot for a small `T`, boxed for a large one.
struct Carrying<T>(Job, T);

#[awaitmethod]
impl<T: Send + Sync> IntoFuture for Carrying<T> {
    async fn into_future(self) {
        let (job, carried) = (self.0, self.1);
        job.native().await;
        drop(carried);
    }
}

/// Polls so many times, drops, and tells the order of the drops.
fn drops<F: Future>(trace: &Trace, future: F, polls: usize) -> String {
    {
        let mut future = pin!(future);
        for _ in 0..polls {
            match catch_unwind(AssertUnwindSafe(|| poll(future.as_mut()))) {
                Ok(Poll::Pending) => {}
                Ok(Poll::Ready(_)) => trace.log("done"),
                Err(_) => trace.log("panicked"),
            }
        }
        trace.log("drop");
    }
    trace.take()
}

#[test]
fn drops_come_in_the_order_of_the_async_fn_wherever_the_future_is_dropped() {
    let trace = Trace::new();
    for ending in [Ending::Returns, Ending::Waits, Ending::Panics] {
        for polls in 0..3 {
            let native = drops(&trace, Job::new(&trace, ending).native(), polls);
            let ours = drops(&trace, Job::new(&trace, ending).into_future(), polls);
            assert_eq!(ours, native);
            let small = drops(&trace, Carrying(Job::new(&trace, ending), 1u8).into_future(), polls);
            let large = drops(&trace, Carrying(Job::new(&trace, ending), [1u8; 4096]).into_future(), polls);
            assert_eq!(small, large);
            assert_eq!(small.matches("used\n").count(), 2, "`used` and `unused`, once each: {small}");
        }
    }
}

#[test]
fn a_body_that_was_never_polled_does_not_run() {
    let trace = Trace::new();
    drop(Job::new(&trace, Ending::Returns).into_future());
    assert_eq!(trace.take(), "used\nunused\n");
}

#[test]
fn a_finished_or_panicked_future_panics_when_polled_again_and_is_dropped_once() {
    let trace = Trace::new();
    for ending in [Ending::Returns, Ending::Panics] {
        let log = drops(&trace, Job::new(&trace, ending).into_future(), 3);
        assert!(log.ends_with("panicked\ndrop\n"), "{log}");
        assert_eq!(log.matches("second\n").count(), 1);
    }
}

#[test]
fn a_forgotten_future_drops_nothing() {
    let trace = Trace::new();
    let mut boxed = Box::pin(Job::new(&trace, Ending::Waits).into_future());
    assert!(poll(boxed.as_mut()).is_pending());
    assert!(poll(boxed.as_mut()).is_pending());
    let kept = forget(boxed);
    assert_eq!(trace.take(), "");
    assert_eq!(format!("{kept:?}"), "Await { .. }");
}
