//! Wakers, which are users' code.

use super::{explode, explodes, table};
use asynkit::{
    Co, CoroStart, Executor, InterruptExt as _, Monitor, Step, Task, generator, spawn,
    spawner::{Spawn, Spawner},
    task_group_on, yield_now,
};
use asynkit_tests::{Ledger, Value, now, poll_once};
use futures::StreamExt as _;
use std::{
    cell::Cell,
    future::{Future, pending, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    },
    task::{Context as Cx, Poll, Wake, Waker},
};

/// A waker that panics when it wakes, or when the last of it is dropped.
struct BadWaker {
    explodes_awake: bool,
    _value: Value,
}

impl Wake for BadWaker {
    fn wake(self: Arc<Self>) {
        if self.explodes_awake {
            drop(self);
            explode();
        }
    }
}

impl Drop for BadWaker {
    fn drop(&mut self) {
        if !self.explodes_awake {
            explode();
        }
    }
}

fn with_bad_waker<T>(l: &Ledger, explodes_awake: bool, f: impl FnOnce(&mut Cx<'_>) -> T) -> T {
    let waker = Waker::from(Arc::new(BadWaker { explodes_awake, _value: l.value() }));
    let result = f(&mut Cx::from_waker(&waker));
    let _ = catch_unwind(AssertUnwindSafe(|| drop(waker)));
    result
}

#[test]
fn a_panic_of_a_waker_goes_to_who_wakes_or_drops_it() {
    table(&[
        ("the owner's waker, woken by a helper", |l| {
            let m = Monitor::<Value, ()>::new();
            let mut c = Box::pin(l.leaf());
            let mut call = Box::pin(m.aawait(c.as_mut()));
            assert!(with_bad_waker(l, true, |cx| call.as_mut().poll(cx).is_pending()));
            let mut helper = Box::pin(m.oob(l.value()));
            explodes(|| poll_once(helper.as_mut()));
            // The item was sent before: the owner finds it.
            assert!(matches!(poll_once(call.as_mut()), Poll::Ready(Step::Oob(_))));
            drop((call, helper));
            assert!(!m.is_active());
        }),
        ("a helper's waker, woken by its answer", |l| {
            let m = Monitor::<Value, ()>::new();
            let mut helper = Box::pin(m.oob(l.value()));
            let mut c = Box::pin(poll_fn(|_| Poll::<()>::Pending));
            let mut call = Box::pin(m.aawait(c.as_mut()));
            assert!(poll_once(call.as_mut()).is_pending());
            assert!(with_bad_waker(l, true, |cx| helper.as_mut().poll(cx).is_pending()));
            assert!(matches!(poll_once(call.as_mut()), Poll::Ready(Step::Oob(_))));
            drop(call);
            explodes(|| poll_once(pin!(m.asend(c.as_mut(), ()))));
            assert!(matches!(poll_once(helper.as_mut()), Poll::Ready(Ok(()))));
        }),
        ("a helper's waker, dropped", |l| {
            let m = Monitor::<Value, ()>::new();
            let mut helper = Box::pin(m.oob(l.value()));
            let mut c = Box::pin(poll_fn(|_| Poll::<()>::Pending));
            let mut call = Box::pin(m.aawait(c.as_mut()));
            assert!(poll_once(call.as_mut()).is_pending());
            assert!(with_bad_waker(l, false, |cx| helper.as_mut().poll(cx).is_pending()));
            explodes(|| poll_once(helper.as_mut()));
            assert!(matches!(poll_once(call.as_mut()), Poll::Ready(Step::Oob(_))));
            drop((call, helper));
            assert!(!m.is_active());
        }),
        ("a shared branch's waker, woken when its turn comes", |l| {
            let mut g = Box::pin(generator(async |mut co: Co<'_, Value>| {
                let co = co.share();
                let mut second = Box::pin(co.ayield(l.value()));
                let mut first = Box::pin(co.ayield(l.value()));
                let is_polled = Cell::new(false);
                poll_fn(|cx| {
                    let polled = first.as_mut().poll(cx);
                    if !is_polled.replace(true) {
                        assert!(with_bad_waker(l, true, |cx| second.as_mut().poll(cx).is_pending()));
                    }
                    polled
                })
                .await;
            }));
            assert!(now(g.next()).unwrap().is_some());
            // Its turn comes, or the end: nobody is harmed by the panic.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(now(g.next()))));
            drop(g);
        }),
        ("an interrupt point's waker under a sub-executor", |l| {
            let mut point = Box::pin(l.leaf().interruptible());
            let mut c = CoroStart::boxed(poll_fn(move |_| {
                with_bad_waker(&Ledger::default(), true, |cx| point.as_mut().poll(cx).map(drop))
            }));
            explodes(|| c.throw("x", 1));
            let _ = catch_unwind(AssertUnwindSafe(|| c.close()));
            drop(c);
        }),
    ]);
}

/// Counts, and panics then when it is the first of its kind that is to.
struct Counts {
    wakes: AtomicU32,
    panics: AtomicBool,
    next: Option<Waker>,
}

impl Counts {
    fn new(panics: bool) -> Arc<Self> {
        Arc::new(Counts { wakes: AtomicU32::new(0), panics: AtomicBool::new(panics), next: None })
    }
}

impl Wake for Counts {
    fn wake(self: Arc<Self>) {
        self.wakes.fetch_add(1, Relaxed);
        if let Some(next) = &self.next {
            next.wake_by_ref();
        }
        if self.panics.swap(false, Relaxed) {
            explode();
        }
    }
}

#[test]
fn a_waker_that_panics_keeps_none_of_the_points_asleep_that_an_error_is_for() {
    let counts = [Counts::new(true), Counts::new(false)];
    let wakers = counts.clone().map(Waker::from);
    let mut points = [(); 2].map(|()| Box::pin(pending::<()>().interruptible()));
    let mut c = CoroStart::boxed(poll_fn(move |_| {
        for (point, waker) in points.iter_mut().zip(&wakers) {
            if point.as_mut().poll(&mut Cx::from_waker(waker)).is_ready() {
                return Poll::Ready(());
            }
        }
        Poll::Pending
    }));
    explodes(|| c.throw("x", 1));
    assert_eq!(counts.map(|counts| counts.wakes.load(Relaxed)), [1, 1]);
}

#[test]
fn a_waker_that_panics_keeps_none_of_the_refused_helpers_asleep() {
    let counts = [Counts::new(true), Counts::new(false)];
    let m = Monitor::<u8, u8>::new();
    let mut helpers = [1, 2].map(|n| Box::pin(m.oob(n)));
    let is_over = Cell::new(false);
    let mut c = pin!(poll_fn(|_| if is_over.get() { Poll::Ready(()) } else { Poll::Pending }));
    {
        let mut call = pin!(m.aawait(c.as_mut()));
        assert!(poll_once(call.as_mut()).is_pending());
        // The first one is served and gets no answer, the second one is not served.
        for (helper, counts) in helpers.iter_mut().zip(&counts) {
            let waker = Waker::from(Arc::clone(counts));
            assert!(helper.as_mut().poll(&mut Cx::from_waker(&waker)).is_pending());
        }
        assert!(matches!(poll_once(call.as_mut()), Poll::Ready(Step::Oob(1))));
    }
    is_over.set(true);
    explodes(|| now(m.aclose(c.as_mut())));
    assert_eq!(counts.map(|counts| counts.wakes.load(Relaxed)), [1, 1]);
}

/// Runs its tasks here, the first of them with a waker that panics.
#[derive(Clone, Default)]
struct Bad(Arc<AtomicBool>);

impl Spawner for Bad {
    type Handle<T: 'static> = Task<T>;
}

impl<F: Future<Output: 'static> + 'static> Spawn<F> for Bad {
    fn spawn(&self, future: F) -> Task<F::Output> {
        let panics = !self.0.swap(true, Relaxed);
        spawn(async move {
            let mut future = pin!(future);
            poll_fn(|cx| {
                let next = Some(cx.waker().clone());
                let counts = Counts { wakes: AtomicU32::new(0), panics: AtomicBool::new(panics), next };
                future.as_mut().poll(&mut Cx::from_waker(&Waker::from(Arc::new(counts))))
            })
            .await
        })
    }
}

#[test]
fn a_waker_that_panics_keeps_no_child_of_a_group_from_being_asked_to_stop() {
    let ended = Arc::new(AtomicU32::new(0));
    Executor::run(async {
        let counted = Arc::clone(&ended);
        let all = task_group_on(Bad::default(), async move |g| {
            for _ in 0..2 {
                let ended = Arc::clone(&counted);
                g.start_soon(async move {
                    assert!(pending::<()>().interruptible().await.is_err());
                    ended.fetch_add(1, Relaxed);
                });
            }
            yield_now().await;
            let cancels = catch_unwind(AssertUnwindSafe(|| g.cancel()));
            assert!(cancels.is_err(), "it goes to who asks them to stop");
            Ok(())
        });
        all.await.unwrap();
    });
    assert_eq!(ended.load(Relaxed), 2);
}
