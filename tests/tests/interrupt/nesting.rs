//! Rules 1, 2, 12, 14: what a scope is, who is inside, and how errors pass through scopes.

use asynkit::{
    InterruptExt as _, InterruptKind, Monitor, Step, ThrowError, coro, interrupt::Interruptible, shield,
    start, throw_when,
};
use asynkit_tests::{Gate, OnDrop, Trace, now, point, poll_once};
use futures::future::ready;
use std::{
    cell::RefCell,
    future::{Pending, pending, poll_fn},
    pin::{Pin, pin},
    rc::Rc,
    task::Poll,
};

#[test]
fn rule_01_a_scope_is_one_word_and_a_point_is_one_word_over_its_future() {
    let word = size_of::<usize>();
    assert_eq!(size_of::<asynkit::Interrupt>(), word);
    assert_eq!(size_of::<Interruptible<[usize; 3]>>(), size_of::<Option<[usize; 3]>>() + word);
}

#[test]
fn rule_02_a_coroutine_that_is_held_but_not_awaited_is_not_inside() {
    let body = async {
        start!(let mut held = async { point().await.is_err() });
        let mine = point().await.is_err();
        (mine, held.is_pending(), held.throw("its own", 1).unwrap())
    };
    let told = now(throw_when(ready(()), InterruptKind::Timeout, body));
    assert_eq!(told.unwrap().unwrap(), (true, true, true));
}

#[test]
fn rule_02_a_coroutine_that_is_awaited_is_inside() {
    let body = async {
        start!(let c = async { point().await.unwrap_err().kind() });
        c.await
    };
    let told = now(throw_when(ready(()), InterruptKind::Timeout, body));
    assert_eq!(told.unwrap().unwrap(), InterruptKind::Timeout);
}

#[test]
fn rule_02_a_point_belongs_to_who_polls_it_not_to_who_made_or_polled_it() {
    type Point = Pin<Box<Interruptible<Pending<()>>>>;
    let slot: Rc<RefCell<Option<Point>>> = Rc::default();
    let shared = Rc::clone(&slot);
    start!(let mut maker = async move {
        let mut made = Box::pin(point());
        poll_fn(|cx| {
            let _waits = made.as_mut().poll(cx);
            Poll::Ready(())
        })
        .await;
        *shared.borrow_mut() = Some(made);
        pending::<()>().await;
    });
    let moved = slot.take().unwrap();
    start!(let mut taker = async move { moved.await.is_err() });
    assert!(matches!(maker.throw("maker", 1), Err(ThrowError::Interrupted(_))));
    assert!(taker.throw("taker", 1).unwrap());
}

#[test]
fn rule_02_a_scope_in_an_eager_part_is_its_own_at_once() {
    let gate = Gate::default();
    let trigger = gate.wait();
    start!(let mut child = throw_when(trigger, InterruptKind::Timeout, pending::<()>()));
    let mut parent = pin!(point());
    assert!(poll_once(parent.as_mut()).is_pending());
    gate.open();
    assert!(matches!(poll_once(Pin::new(&mut child)), Poll::Ready(Err(_))), "the child times out");
    assert!(poll_once(parent.as_mut()).is_pending(), "the parent goes on");
}

#[test]
fn rule_12_a_foreign_error_passes_inner_scopes_as_a_value() {
    let body = async {
        let inner = throw_when(pending::<()>(), InterruptKind::Cancel, point()).await;
        inner.expect("the inner scope did not convert it").unwrap_err().kind()
    };
    let told = now(throw_when(ready(()), InterruptKind::Timeout, body));
    assert_eq!(told.unwrap().unwrap(), InterruptKind::Timeout);
}

#[test]
fn rule_12_the_root_is_that_of_the_scope_thrown_to() {
    let trace = Trace::new();
    let (inner, outer) = (trace.clone(), trace.clone());
    let body = async move {
        let told = throw_when(ready(()), InterruptKind::Cancel, async move {
            let _guard = OnDrop(move || inner.log("inner dropped"));
            pending::<()>().await;
        })
        .await;
        outer.log("outer goes on");
        told.unwrap_err().kind()
    };
    let told = now(throw_when(pending::<()>(), InterruptKind::Timeout, body));
    assert_eq!(told.unwrap().unwrap(), InterruptKind::Cancel);
    assert_eq!(trace.take(), "inner dropped\nouter goes on\n");
}

#[test]
fn rule_12_of_two_errors_the_nearest_scopes_comes_first_and_the_other_stays() {
    let body = async {
        let first =
            throw_when(ready(()), InterruptKind::Cancel, async { point().await.unwrap_err().kind() }).await;
        (first.unwrap(), point().await.unwrap_err().kind())
    };
    let gate = Gate::default();
    let mut outer = pin!(throw_when(gate.wait(), InterruptKind::Timeout, async {
        gate.wait().await;
        body.await
    }));
    assert!(poll_once(outer.as_mut()).is_pending());
    gate.open();
    // The body is polled before the trigger: its first point is told by the inner scope only.
    assert!(matches!(
        poll_once(outer.as_mut()),
        Poll::Ready(Ok((InterruptKind::Cancel, InterruptKind::Timeout)))
    ));
}

#[test]
fn rule_12_an_inner_scope_dies_with_an_outer_root() {
    let trace = Trace::new();
    let log = trace.clone();
    let inner = throw_when(pending::<()>(), InterruptKind::Cancel, async move {
        let _guard = OnDrop(move || log.log("dropped"));
        pending::<()>().await;
    });
    assert!(now(throw_when(ready(()), InterruptKind::Timeout, inner)).unwrap().is_err());
    assert_eq!(trace.take(), "dropped\n");
}

#[test]
fn rule_14_a_finished_coroutine_gives_the_error_back() {
    start!(let mut c = async {});
    let Err(ThrowError::Finished(error)) = c.throw("too late", 1) else { panic!() };
    assert_eq!(error.to_string(), "interrupted: too late");
    // A running one cannot be thrown into: its owner's `&mut` is taken by the poll.
}

#[test]
fn rule_15_an_owner_never_has_two_on_the_way_and_throws_them_in_order() {
    start!(let mut c = async {
        let one = point().await.unwrap_err().to_string();
        let two = point().await.unwrap_err().to_string();
        (one, two)
    });
    assert!(matches!(c.throw("one", 1), Err(ThrowError::Ignored)));
    let told = c.throw("two", 1).unwrap();
    assert_eq!(told, ("interrupted: one".to_string(), "interrupted: two".to_string()));
}

#[test]
fn rule_20_a_point_in_no_scope_is_the_plain_future() {
    let mut alone = pin!(point());
    for _ in 0..100 {
        assert!(poll_once(alone.as_mut()).is_pending());
    }
    assert_eq!(now(ready(1).interruptible()).unwrap().unwrap(), 1);
}

#[test]
fn rule_20_an_oob_that_resolves_to_an_error_before_it_was_taken_never_sent_it() {
    let monitor = Monitor::<&str>::new();
    coro!(let mut c = async {
        while monitor.oob("stubborn").await.is_ok() {}
        monitor.oob("withdrawn").await.is_err()
    });
    assert_eq!(now(monitor.aawait(c.as_mut())), Some(Step::Oob("stubborn")));
    assert!(now(monitor.aclose(c.as_mut())).unwrap().is_ok(), "a close lasts as long as the call");
    assert!(asynkit::coro_is_finished(&c));
}

#[test]
fn rule_20_a_shielded_oob_is_not_told_and_the_close_is_ignored() {
    let monitor = Monitor::<&str>::new();
    coro!(let mut c = async {
        while monitor.oob("stubborn").await.is_ok() {}
        shield(monitor.oob("ignored")).await.is_ok()
    });
    assert_eq!(now(monitor.aawait(c.as_mut())), Some(Step::Oob("stubborn")));
    assert!(now(monitor.aclose(c.as_mut())).unwrap().is_err());
    assert_eq!(now(monitor.aawait(c.as_mut())), Some(Step::Done(true)));
}
