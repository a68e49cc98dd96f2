//! A group that is left in every way after its n-th poll, for all n, on every spawner.

use asynkit::{
    BoxError, ChildFailed, GroupError, Interrupt, InterruptExt as _, InterruptKind, StartError, TaskGroup,
    group::TaskStatus, throw_when,
};
use asynkit_tests::yield_now;
use std::{
    future::{Future, pending, poll_fn},
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    task::Poll,
};

/// What the children have come to.
#[derive(Clone, Default)]
struct Ledger(Arc<Counts>);

#[derive(Default)]
struct Counts {
    begun: AtomicUsize,
    alive: AtomicUsize,
    /// Of those that ask: begun, told, and ended by themselves.
    asking: AtomicUsize,
    told: AtomicUsize,
    returned: AtomicUsize,
}

impl Ledger {
    fn child(&self) -> Alive {
        self.0.begun.fetch_add(1, Relaxed);
        self.0.alive.fetch_add(1, Relaxed);
        Alive(self.clone())
    }

    fn alive(&self) -> usize {
        self.0.alive.load(Relaxed)
    }

    /// The group has ended: nobody is left, and who asks was not just dropped.
    fn is_over(&self) {
        assert_eq!(self.alive(), 0, "of {} children these are alive", self.0.begun.load(Relaxed));
        let [asking, returned] = [&self.0.asking, &self.0.returned].map(|count| count.load(Relaxed));
        assert_eq!(asking, returned, "a child that asks was dropped");
    }
}

struct Alive(Ledger);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.0.alive.fetch_sub(1, Relaxed);
    }
}

async fn rounds(yields: usize) {
    for _ in 0..yields {
        yield_now().await;
    }
}

/// Waits until it is told, and cleans up.
async fn asks(ledger: Ledger) -> io::Result<usize> {
    let _alive = ledger.child();
    ledger.0.asking.fetch_add(1, Relaxed);
    pending::<()>().interruptible().await.unwrap_err();
    ledger.0.told.fetch_add(1, Relaxed);
    rounds(2).await;
    ledger.0.returned.fetch_add(1, Relaxed);
    Ok(1)
}

async fn plain(ledger: Ledger, yields: usize) -> io::Result<usize> {
    let _alive = ledger.child();
    rounds(yields).await;
    Ok(2)
}

async fn serves(ledger: Ledger, status: TaskStatus<usize>) -> io::Result<()> {
    let _alive = ledger.child();
    rounds(2).await;
    status.started(3);
    rounds(3).await;
    Ok(())
}

/// Polls `future` to its end, or does `leave` after its poll of this number.
async fn until<F: Future>(future: F, n: usize, mut leave: impl FnMut()) -> Option<F::Output> {
    let mut future = Box::pin(future);
    let mut polls = 0;
    poll_fn(|cx| {
        let polled = future.as_mut().poll(cx);
        if polled.is_pending() && polls == n {
            leave();
            return Poll::Ready(None);
        }
        polls += 1;
        polled.map(Some)
    })
    .await
}

/// Ready after its poll of this number.
fn after(n: usize, has_come: &AtomicUsize) -> impl Future<Output = ()> {
    let mut polls = 0;
    poll_fn(move |_| {
        polls += 1;
        if polls <= n {
            return Poll::Pending;
        }
        has_come.store(1, Relaxed);
        Poll::Ready(())
    })
}

/// Where the group has its errors from.
fn told_of(result: Result<usize, GroupError>, kind: InterruptKind) {
    match result {
        // It was ready when it was told, or a body has returned all the same.
        Ok(value) => assert_eq!(value, 7),
        Err(error) => {
            for error in &error {
                let is_told = |told: &Interrupt| [kind, InterruptKind::Cancel].contains(&told.kind());
                let is_told = error.downcast_ref().is_some_and(is_told);
                // What the body was ready to meet first.
                let is_refused = matches!(error.downcast_ref(), Some(StartError::Cancelled));
                let is_cancelled = error.downcast_ref().is_some_and(ChildFailed::is_cancelled);
                assert!(is_told || is_refused || is_cancelled, "{error}");
            }
        }
    }
}

macro_rules! leavings {
    ($spawner:ident, $on:path) => {
        use super::*;
        use asynkit::{spawner::$spawner, task_group_on};

        type Handle = Arc<Mutex<Option<TaskGroup<$spawner>>>>;

        /// Children of every kind, started at every stage; `fault` is called in each round of the body and of a child.
        async fn group(
            ledger: Ledger,
            handle: Handle,
            fault: impl Fn(usize) -> io::Result<()> + Clone + Send + 'static,
        ) -> Result<usize, GroupError> {
            task_group_on($spawner, async move |g| {
                *handle.lock().unwrap() = Some(g.clone());
                let asks = g.start_soon(asks(ledger.clone()));
                g.spawn(plain(ledger.clone(), 4));
                fault(0)?;
                rounds(2).await;
                let started = g.start(|status| serves(ledger.clone(), status)).await?;
                let (inner, ledger_, late_fault) = (g.clone(), ledger.clone(), fault.clone());
                let nested = g.start_soon(async move {
                    let _alive = ledger_.child();
                    yield_now().await;
                    late_fault(1)?;
                    inner.spawn(self::asks(ledger_.clone()));
                    yield_now().await;
                    late_fault(2)?;
                    Ok::<_, BoxError>(inner.start_soon(plain(ledger_.clone(), 2)).await?)
                });
                let two = nested.await?;
                rounds(2).await;
                fault(3)?;
                asks.cancel();
                let one = asks.await?;
                g.cancel();
                Ok(one + two + started + 1)
            })
            .await
        }

        fn sound(ledger: &Ledger) -> impl Future<Output = Result<usize, GroupError>> {
            group(ledger.clone(), Handle::default(), |_| Ok(()))
        }

        /// For each n until it has ended before.
        async fn for_all_polls<F: Future<Output = bool>>(leave: impl Fn(usize, Ledger) -> F) {
            let mut n = 0;
            loop {
                let ledger = Ledger::default();
                if !leave(n, ledger.clone()).await {
                    break;
                }
                n += 1;
                assert!(n < 1000, "it does not end");
            }
            assert!(n > 3, "it has ended too early: {n}");
        }

        #[test]
        fn left_to_itself_it_gives_the_value_of_its_body() {
            $on(async {
                let ledger = Ledger::default();
                assert_eq!(sound(&ledger).await.unwrap(), 7);
                ledger.is_over();
                assert_eq!(ledger.0.told.load(Relaxed), ledger.0.asking.load(Relaxed));
                // One was spawned, and may have been cancelled before its first poll on another thread.
                assert!([5, 6].contains(&ledger.0.begun.load(Relaxed)));
            });
        }

        #[test]
        fn dropped_after_any_poll_it_leaves_no_child() {
            $on(for_all_polls(async |n, ledger: Ledger| {
                let ended = until(sound(&ledger), n, || ()).await;
                while ledger.alive() > 0 {
                    yield_now().await;
                }
                let begun = ledger.0.begun.load(Relaxed);
                for _ in 0..10 {
                    yield_now().await;
                }
                assert_eq!(ledger.0.begun.load(Relaxed), begun, "a child was started after it");
                ended.is_none()
            }));
        }

        #[test]
        fn told_of_a_stop_after_any_poll_it_waits_for_the_clean_up_of_all() {
            for kind in [InterruptKind::Cancel, InterruptKind::Timeout, InterruptKind::Thrown] {
                $on(for_all_polls(async |n, ledger: Ledger| {
                    let has_come = AtomicUsize::new(0);
                    let ended = throw_when(after(n, &has_come), kind, sound(&ledger)).await;
                    ledger.is_over();
                    told_of(ended.expect("it takes what it is told of"), kind);
                    has_come.load(Relaxed) > 0
                }));
            }
        }

        #[test]
        fn cancelled_by_a_handle_after_any_poll_it_waits_for_the_clean_up_of_all() {
            $on(for_all_polls(async |n, ledger: Ledger| {
                let handle = Handle::default();
                let cancel = Arc::clone(&handle);
                let mut group = Box::pin(group(ledger.clone(), handle, |_| Ok(())));
                let left =
                    until(group.as_mut(), n, || cancel.lock().unwrap().as_ref().unwrap().cancel()).await;
                let was_left = left.is_none();
                let ended = match left {
                    Some(ended) => ended,
                    None => group.await,
                };
                ledger.is_over();
                told_of(ended, InterruptKind::Cancel);
                was_left
            }));
        }

        #[test]
        fn aborted_after_any_poll_it_waits_until_all_are_dropped() {
            $on(for_all_polls(async |n, ledger: Ledger| {
                let handle = Handle::default();
                let abort = Arc::clone(&handle);
                let mut group = Box::pin(group(ledger.clone(), handle, |_| Ok(())));
                let left = until(group.as_mut(), n, || abort.lock().unwrap().as_ref().unwrap().abort()).await;
                let was_left = left.is_none();
                let ended = match left {
                    Some(ended) => ended,
                    None => group.await,
                };
                assert_eq!(ledger.alive(), 0);
                told_of(ended, InterruptKind::Cancel);
                was_left
            }));
        }

        #[test]
        fn dropped_after_any_poll_of_its_clean_up_it_leaves_no_child() {
            $on(for_all_polls(async |n, ledger: Ledger| {
                let has_come = AtomicUsize::new(0);
                let stopped = throw_when(after(n, &has_come), InterruptKind::Cancel, sound(&ledger));
                until(stopped, n + 1, || ()).await;
                while ledger.alive() > 0 {
                    yield_now().await;
                }
                has_come.load(Relaxed) > 0
            }));
        }

        #[test]
        fn a_fault_at_any_place_stops_all_and_is_the_only_error() {
            for panics in [false, true] {
                for place in 0..4 {
                    $on(async move {
                        let ledger = Ledger::default();
                        let failed = group(ledger.clone(), Handle::default(), move |at| {
                            assert!(!(panics && at == place), "on purpose");
                            if at == place { Err(io::Error::other("on purpose")) } else { Ok(()) }
                        });
                        let error = failed.await.unwrap_err();
                        ledger.is_over();
                        let text = if panics { "panicked: on purpose" } else { "on purpose" };
                        assert_eq!(crate::texts(&error), [text], "at {place}");
                    });
                }
            }
        }
    };
}

crate::on_every_spawner!(leavings);
