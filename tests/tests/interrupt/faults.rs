//! Rule 18: spurious polls, leaks, panics, re-entrancy.

use asynkit::{
    CoroStart, Executor, InterruptExt as _, InterruptKind, Refused, ThrowError, coro_is_finished, spawn,
    start, task_interrupt, throw_when,
};
use asynkit_tests::{OnDrop, Waits, block_on, forget, now, point, poll_once, yield_now};
use futures::{StreamExt as _, stream::FuturesUnordered};
use std::{
    cell::{Cell, RefCell},
    future::{Future, pending, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    rc::Rc,
    task::Poll,
};

#[test]
fn rule_18_spurious_polls_change_nothing() {
    start!(let mut c = async { point().await.is_err() });
    for _ in 0..1000 {
        assert!(poll_once(Pin::new(&mut c)).is_pending());
    }
    assert!(c.throw("x", 1).unwrap());
}

#[test]
fn rule_18_a_panic_after_the_error_leaves_no_offer_behind() {
    start!(let mut c = async {
        let _told = point().await;
        panic!("boom")
    });
    let caught = catch_unwind(AssertUnwindSafe(|| c.throw("x", 1)));
    assert_eq!(caught.unwrap_err().downcast_ref(), Some(&"boom"));
    assert!(coro_is_finished(&c));
    assert!(matches!(c.throw("again", 1), Err(ThrowError::Finished(_))));
    nothing_is_on_offer();
}

#[test]
fn rule_18_a_panic_in_the_drop_of_what_was_waited_for_leaves_no_offer_behind() {
    struct Bad;
    impl Drop for Bad {
        fn drop(&mut self) {
            assert!(std::thread::panicking(), "bad drop");
        }
    }
    start!(let mut c = async { Waits(Bad).interruptible().await.is_err() });
    assert!(catch_unwind(AssertUnwindSafe(|| c.throw("x", 1))).is_err());
    nothing_is_on_offer();
}

#[test]
fn rule_18_a_panic_under_a_stop_leaves_the_surroundings_as_they_were() {
    let told = now(throw_when(std::future::ready(()), InterruptKind::Timeout, async {
        let mut inner = pin!(throw_when(std::future::ready(()), InterruptKind::Cancel, async {
            point().await.unwrap_err();
            panic!("inside")
        }));
        let caught = poll_fn(|cx| {
            Poll::Ready(catch_unwind(AssertUnwindSafe(|| {
                inner.as_mut().poll(cx).map(|end: Result<(), _>| end.is_ok())
            })))
        })
        .await;
        (caught.is_err(), point().await.unwrap_err().kind())
    }));
    assert_eq!(told.unwrap().unwrap(), (true, InterruptKind::Timeout));
    nothing_is_on_offer();
}

/// A point of its own scope waits, and a fresh throw reaches exactly it.
fn nothing_is_on_offer() {
    let mut alone = pin!(point());
    assert!(poll_once(alone.as_mut()).is_pending());
    start!(let mut c = async { point().await.unwrap_err().to_string() });
    assert!(c.is_pending());
    assert_eq!(c.throw("fresh", 1).unwrap(), "interrupted: fresh");
}

#[test]
fn rule_18_the_drop_of_what_was_waited_for_may_throw_elsewhere() {
    let other = Rc::new(RefCell::new(CoroStart::boxed(async { point().await.unwrap_err().to_string() })));
    let told_other = Rc::new(RefCell::new(None));
    let (throws_to, log) = (Rc::clone(&other), Rc::clone(&told_other));
    start!(let mut c = async move {
        let on_drop = OnDrop(move || *log.borrow_mut() = throws_to.borrow_mut().throw("nested", 1).ok());
        Waits(on_drop).interruptible().await.unwrap_err().to_string()
    });
    assert_eq!(c.throw("first", 1).unwrap(), "interrupted: first");
    assert_eq!(told_other.take().as_deref(), Some("interrupted: nested"));
}

#[test]
fn rule_18_what_a_task_that_has_returned_drops_is_told_of_nothing() {
    Executor::run(async {
        let (is_due, was_told) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(None)));
        let (due, told) = (Rc::clone(&is_due), Rc::clone(&was_told));
        let on_drop = OnDrop(move || told.set(Some(poll_once(pin!(point())).is_ready())));
        let task = spawn(poll_fn(move |_| {
            let _kept_until_it_is_dropped = &on_drop;
            if due.get() { Poll::Ready(()) } else { Poll::Pending }
        }));
        asynkit::yield_now().await;
        is_due.set(true);
        let refused = task_interrupt(&task, "x").await.unwrap_err();
        assert_eq!((refused.why, refused.error.to_string()), (Refused::Completed, "x".into()));
        assert_eq!(was_told.get(), Some(false));
        task.await.unwrap();
    });
    nothing_is_on_offer();
}

#[test]
fn rule_18_a_forgotten_point_strands_nobody() {
    let mut forgotten = Box::pin(point());
    assert!(poll_once(forgotten.as_mut()).is_pending());
    forget(forgotten);
    let polls = Cell::new(0);
    let told = block_on(throw_when(yield_now(), InterruptKind::Timeout, async {
        let mut children: FuturesUnordered<_> = [point()].into_iter().collect();
        poll_fn(|cx| {
            polls.set(polls.get() + 1);
            let _waits = children.poll_next_unpin(cx);
            Poll::Ready(())
        })
        .await;
        forget(children);
        point().await.is_err()
    }));
    assert!(told.unwrap());
    assert_eq!(polls.get(), 1);
}

#[test]
fn rule_18_a_forgotten_aclose_stops_no_more() {
    start!(let mut c = async {
        point().await.unwrap_err();
        point().await.unwrap_err();
        point().await.unwrap_err().to_string()
    });
    let mut closing = Box::pin(c.athrow("one"));
    assert!(poll_once(closing.as_mut()).is_pending());
    forget(closing);
    assert!(poll_once(Pin::new(&mut c)).is_pending());
    assert!(matches!(c.throw("two", 1), Err(ThrowError::Ignored)));
    assert_eq!(c.throw("three", 1).unwrap(), "interrupted: three");
}

#[test]
fn a_long_lived_scope_does_not_keep_the_points_that_are_gone() {
    // Each turn leaves one registration; what is kept must not grow with the turns.
    let drops = Rc::new(Cell::new(0));
    let ended = block_on(throw_when(pending::<()>(), InterruptKind::Cancel, async {
        for _ in 0..10_000 {
            let count = Rc::clone(&drops);
            let on_drop = OnDrop(move || count.set(count.get() + 1));
            let mut children: FuturesUnordered<_> = [Waits(on_drop).interruptible()].into_iter().collect();
            poll_fn(|cx| {
                let _waits = children.poll_next_unpin(cx);
                Poll::Ready(())
            })
            .await;
            drop(children);
            yield_now().await;
        }
    }));
    assert!(ended.is_ok());
    assert_eq!(drops.get(), 10_000);
}
