//! Wakers, which are users' code.

use super::{explode, explodes, table};
use asynkit::{Co, CoroStart, InterruptExt as _, Monitor, Step, generator};
use asynkit_tests::{Ledger, Value, now, poll_once};
use futures::StreamExt as _;
use std::{
    cell::Cell,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
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
