//! Re-entrancy: what would enter what is running is refused, and what runs while something else is moved finds it in
//! order. (To poll a generator or a started coroutine from inside it takes two `&mut`: those do not compile, see
//! `ui-tests/fail/reentrancy`.)

use asynkit::{
    AsyncGenerator as _, Co, Context, ContextVar, CoroStart, Interrupt, Monitor, MonitorError, NotActive,
    Step, aiter_sync, await_sync, copy_context, generator, generator::RawGenerator as _,
};
use asynkit_tests::{OnDrop, Waits, now, panic_text, point, poll_once};
use futures::StreamExt as _;
use std::{
    any::Any,
    cell::{Cell, RefCell},
    future::{pending, poll_fn},
    pin::{Pin, pin},
    rc::Rc,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context as Cx, Poll, Wake, Waker},
};

type M = Monitor<u8, u8>;
type C<'a> = Pin<&'a mut (dyn Future<Output = ()> + 'a)>;
type Call = fn(&M, C<'_>);

#[test]
fn every_call_on_a_monitor_from_inside_its_coroutine_is_refused_and_the_outer_call_goes_on() {
    let calls: &[(&str, Call)] = &[
        ("start", |m, c| _ = now(m.start(c))),
        ("aawait", |m, c| _ = now(m.aawait(c))),
        ("asend", |m, c| _ = now(m.asend(c, 1))),
        ("resume", |m, c| _ = now(m.resume(c))),
        ("try_await", |m, c| _ = now(m.try_await(c, 1))),
        ("athrow", |m, c| _ = now(m.athrow(c, "x"))),
        ("aclose", |m, c| _ = now(m.aclose(c))),
    ];
    for (name, call) in calls {
        let m = M::new();
        let mut c = pin!(async {
            let mut inner = pin!(async {});
            let text = panic_text(|| call(&m, inner.as_mut()));
            assert!(text.contains("cannot be re-entered"), "{name}: {text}");
            let answer = m.oob(1).await.unwrap();
            let text = panic_text(|| call(&m, inner.as_mut()));
            assert!(text.contains("cannot be re-entered"), "{name}: {text}");
            answer
        });
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(1)), "{name}");
        assert_eq!(now(m.asend(c.as_mut(), 7)), Some(Step::Done(7)), "{name}");
        assert!(!m.is_active(), "{name}");
    }
}

#[test]
fn a_drop_in_the_middle_of_a_call_finds_its_monitor_in_order() {
    // What is dropped looks at the monitor, sends, and tries to drive.
    fn looks(m: &Rc<Monitor<u8, Box<dyn Any>>>, seen: &Rc<Cell<u32>>) -> Box<dyn Any> {
        let (m, seen) = (Rc::clone(m), Rc::clone(seen));
        Box::new(OnDrop(move || {
            let is_active = m.is_active();
            let sent = now(m.oob(9));
            assert_eq!(sent.is_none(), is_active, "it waits where somebody drives");
            let mut c = pin!(async {});
            let driven = now(poll_fn(|cx| m.poll_asend(c.as_mut(), &mut None, cx))).unwrap();
            assert_eq!(driven.err(), is_active.then_some(MonitorError::Reentered));
            seen.set(seen.get() + 1);
        }))
    }
    let m = Rc::new(Monitor::<u8, Box<dyn Any>>::new());
    let seen = Rc::new(Cell::new(0));
    let mut c = Box::pin(async {
        drop(m.oob(1).await); // in the call that answers
        let _held = looks(&m, &seen);
        let mut unread = Box::pin(m.oob(2));
        let mut is_second = false;
        poll_fn(|cx| {
            if is_second {
                return Poll::Ready(());
            }
            is_second = true;
            unread.as_mut().poll(cx).map(drop)
        })
        .await;
        drop(unread); // with its answer
        let _told = m.oob(3).await;
        pending::<()>().await;
    });
    assert_eq!(now(m.start(c.as_mut())), Some(Ok(1)));
    for (item, drops) in [(2, 1), (3, 2)] {
        let step = now(m.asend(c.as_mut(), looks(&m, &seen)));
        assert_eq!((step, seen.get()), (Some(Step::Oob(item)), drops));
    }
    assert!(poll_once(pin!(m.asend(c.as_mut(), looks(&m, &seen)))).is_pending());
    drop(c); // outside of any call, with the last answer
    assert_eq!(seen.get(), 4);
}

/// A waker that runs code of a user.
struct Runs<F>(F);

impl<F: Fn() + Send + Sync> Wake for Runs<F> {
    fn wake(self: Arc<Self>) {
        (self.0)();
    }
}

#[test]
fn a_waker_that_uses_the_monitor_that_wakes_it_finds_it_in_order() {
    let m = Arc::new(M::new());
    let woken = Arc::new(AtomicUsize::new(0));
    let waker = |m: &Arc<M>| {
        let (m, woken) = (Arc::clone(m), Arc::clone(&woken));
        Waker::from(Arc::new(Runs(move || {
            woken.fetch_add(1, Ordering::SeqCst);
            // It sends once more, and gives that up; it tries to drive.
            assert!(poll_once(pin!(m.oob(77))).is_pending());
            let mut c = pin!(async {});
            let driven = now(poll_fn(|cx| m.poll_asend(c.as_mut(), &mut None, cx)));
            assert_eq!(driven, Some(Err(MonitorError::Reentered)));
        })))
    };
    let (owner, helper) = (waker(&m), waker(&m));
    let mut c = pin!(pending::<()>());
    let mut call = Box::pin(m.aawait(c.as_mut()));
    assert!(call.as_mut().poll(&mut Cx::from_waker(&owner)).is_pending());
    let mut oob = pin!(m.oob(5));
    assert!(oob.as_mut().poll(&mut Cx::from_waker(&helper)).is_pending());
    assert_eq!(woken.load(Ordering::SeqCst), 1, "the owner was woken");
    assert_eq!(call.as_mut().poll(&mut Cx::from_waker(&owner)), Poll::Ready(Step::Oob(5)));
    drop(call);
    let mut call = Box::pin(m.asend(c.as_mut(), 6));
    assert!(call.as_mut().poll(&mut Cx::from_waker(Waker::noop())).is_pending());
    assert_eq!(woken.load(Ordering::SeqCst), 2, "the helper was woken");
    assert!(matches!(poll_once(oob.as_mut()), Poll::Ready(Ok(6))));
    drop(call);
    assert!(!m.is_active());
}

#[test]
fn a_waker_may_drop_what_it_was_to_wake() {
    // The owner drops the waiting call of a helper while that is answered.
    let m = Arc::new(M::new());
    let slot = Arc::new(Mutex::new(None::<Pin<Box<dyn Future<Output = ()> + Send>>>));
    let waker = {
        let slot = Arc::clone(&slot);
        Waker::from(Arc::new(Runs(move || {
            let helper = slot.lock().unwrap().take();
            drop(helper);
        })))
    };
    let mut helper: Pin<Box<dyn Future<Output = ()> + Send>> = {
        let m = Arc::clone(&m);
        Box::pin(async move { drop(m.oob(5).await) })
    };
    let mut c = pin!(pending::<()>());
    let mut call = Box::pin(m.aawait(c.as_mut()));
    assert!(poll_once(call.as_mut()).is_pending());
    assert!(helper.as_mut().poll(&mut Cx::from_waker(&waker)).is_pending());
    *slot.lock().unwrap() = Some(helper);
    assert_eq!(poll_once(call.as_mut()), Poll::Ready(Step::Oob(5)));
    drop(call);
    assert!(poll_once(pin!(m.asend(c.as_mut(), 6))).is_pending());
    assert!(slot.lock().unwrap().is_none(), "it was woken, and is gone");
    assert!(!m.is_active());
    assert!(now(m.oob(1)).unwrap().unwrap_err().is::<NotActive>());
}

#[test]
fn a_throw_from_inside_a_poll_reaches_the_other_coroutine_only() {
    let other = RefCell::new(CoroStart::boxed(async { point().await.unwrap_err().to_string() }));
    let mut outer = CoroStart::boxed(async {
        let told = point().await.unwrap_err().to_string();
        let others = other.borrow_mut().throw("to the other", 1).unwrap();
        (told, others)
    });
    let (told, others) = outer.throw("to the outer", 1).unwrap();
    assert_eq!((told.as_str(), others.as_str()), ("interrupted: to the outer", "interrupted: to the other"));
}

#[test]
fn generators_and_drives_run_in_drops_and_inside_each_other() {
    let sums = RefCell::new(Vec::new());
    let drive = || {
        let g = generator(async |mut co: Co<'_, u8>| {
            co.ayield(1).await;
            co.ayield(await_sync(async { 2 }).unwrap()).await;
        });
        let items: u8 = aiter_sync(Box::pin(g)).map(Result::unwrap).sum();
        sums.borrow_mut().push(items);
    };
    let mut g = Box::pin(generator(async |mut co: Co<'_, u8, Result<(), Interrupt>>| {
        let _in_drop = OnDrop(drive);
        drive();
        let _ = co.ayield(1).await;
        drive();
        co.ayield(2).await.unwrap_err();
        drive();
    }));
    assert_eq!(now(g.next()), Some(Some(1)));
    assert_eq!(now(g.next()), Some(Some(2)));
    assert_eq!(now(g.as_mut().aclose()), Some(Ok(())));
    assert!(g.is_finished());
    assert_eq!(*sums.borrow(), [3, 3, 3, 3]);
}

#[test]
fn a_context_is_entered_in_the_drop_of_what_runs_in_another_one() {
    static VAR: ContextVar<u8> = ContextVar::new();
    let seen = Rc::new(Cell::new((None, None)));
    let mut outer = copy_context();
    outer.run(|| VAR.set(1));
    let in_drop = {
        let seen = Rc::clone(&seen);
        OnDrop(move || {
            let mut inner = Context::current();
            let set = inner.run(|| {
                VAR.set(2);
                VAR.get()
            });
            seen.set((set, VAR.get()));
        })
    };
    let mut scope = Box::pin(outer.scope(Waits(in_drop)));
    assert!(poll_once(scope.as_mut()).is_pending());
    drop(scope);
    assert_eq!(seen.get(), (Some(2), Some(1)));
    assert_eq!(VAR.get(), None);
}
