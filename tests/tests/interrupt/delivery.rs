//! Rules 3 to 11: who is told, how often, and what happens if nobody is.

use asynkit::{
    CoroStart, Interrupt, InterruptExt as _, InterruptKind, ThrowError, coro, coro_is_finished, shield,
    start, throw_when,
};
use asynkit_tests::{Gate, OnDrop, Trace, now, point, poll_once, yield_now};
use futures::future::{join, ready};
use std::{
    cell::Cell,
    future::{Future, pending},
    pin::{Pin, pin},
    task::{Context, Poll},
};

#[test]
fn rule_03_nothing_is_delivered_before_the_scope_is_polled() {
    start!(let mut c = async { point().await.is_err() });
    drop(c.athrow("never polled"));
    assert!(poll_once(Pin::new(&mut c)).is_pending());
    assert!(c.throw("polled", 1).unwrap());
}

#[test]
fn rule_04_a_value_that_is_ready_wins_and_the_error_is_for_the_next_point() {
    let gate = Gate::default();
    start!(let mut c = async {
        let won = gate.wait().interruptible().await.is_ok();
        (won, point().await.is_err())
    });
    gate.open();
    assert_eq!(c.throw("late", 1).unwrap(), (true, true));
}

#[test]
fn rule_04_the_future_inside_is_dropped_before_the_error_is_seen() {
    struct Waits(#[expect(dead_code, reason = "dropped")] OnDrop<Box<dyn FnMut()>>);
    impl Future for Waits {
        type Output = ();
        fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
            Poll::Pending
        }
    }
    let trace = Trace::new();
    let (inner, outer) = (trace.clone(), trace.clone());
    start!(let mut c = async {
        let waits = Waits(OnDrop(Box::new(move || inner.log("inside dropped"))));
        let mut held = pin!(waits.interruptible());
        held.as_mut().await.unwrap_err();
        outer.log("told");
    });
    c.throw("x", 1).unwrap();
    assert_eq!(trace.take(), "inside dropped\ntold\n");
}

#[test]
fn rule_05_the_innermost_point_takes_it() {
    start!(let mut c = async {
        async { point().await.is_err() }.interruptible().await
    });
    assert!(c.throw("x", 1).unwrap().unwrap());
}

#[test]
fn rule_05_the_outer_point_takes_it_where_no_inner_one_waits() {
    start!(let mut c = async { async { pending::<()>().await }.interruptible().await.is_err() });
    assert!(c.throw("x", 1).unwrap());
}

#[test]
fn rule_05_a_stop_does_not_kill_the_clean_up_inside() {
    let told = Cell::new(0);
    let mut stopped = pin!(throw_when(ready(()), InterruptKind::Cancel, async {
        let cleaned = async {
            point().await.unwrap_err();
            told.set(told.get() + 1);
            for _ in 0..9 {
                yield_now().await;
            }
            "cleaned"
        };
        cleaned.interruptible().await.map_err(|told| told.kind())
    }));
    for _ in 0..9 {
        assert!(poll_once(stopped.as_mut()).is_pending());
    }
    let Poll::Ready(Ok(cleaned)) = poll_once(stopped.as_mut()) else { panic!("the clean-up was cut") };
    assert_eq!((cleaned, told.get()), (Ok("cleaned"), 1));
}

#[test]
fn rule_05_each_call_is_a_new_throw() {
    start!(let mut c = async {
        async {
            point().await.unwrap_err();
            pending::<()>().await;
        }
        .interruptible()
        .await
        .is_err()
    });
    c.close().unwrap_err();
    assert!(c.throw(Interrupt::close(), 1).unwrap(), "the outer point is told of the second one");
}

#[test]
fn rule_06_thrown_goes_to_exactly_one_branch_of_a_join_the_first_in_poll_order() {
    let trace = Trace::new();
    let branch = |name: &'static str| {
        let trace = trace.clone();
        async move {
            let told = point().await.unwrap_err();
            trace.log(format!("{name} {told}"));
        }
    };
    start!(let mut c = join(branch("a"), branch("b")));
    assert!(matches!(c.throw("one", 1), Err(ThrowError::Ignored)));
    assert_eq!(trace.take(), "a interrupted: one\n");
    c.throw("two", 1).unwrap();
    assert_eq!(trace.take(), "b interrupted: two\n");
}

#[test]
fn rule_06_a_stop_goes_to_every_point_that_would_wait() {
    start!(let mut c = async {
        let branch = || async { point().await.unwrap_err().kind() };
        let joined = join(branch(), branch()).await;
        (joined, point().await.unwrap_err().kind(), ready(1).interruptible().await.unwrap())
    });
    let close = InterruptKind::Close;
    assert_eq!(c.throw(Interrupt::close(), 1).unwrap(), ((close, close), close, 1));
}

#[test]
fn rule_07_a_close_ends_with_its_call_and_the_coroutine_lives_on_unstopped() {
    let gate = Gate::default();
    start!(let mut c = async {
        let told = point().await.is_err();
        gate.wait().await;
        (told, gate.wait().interruptible().await.is_ok(), now(point()).is_none())
    });
    c.close().unwrap_err();
    assert!(c.is_pending());
    gate.open();
    assert_eq!(now(&mut c), Some((true, true, true)));
}

#[test]
fn rule_07_a_dropped_aclose_stops_no_more() {
    let gate = Gate::default();
    start!(let mut c = async {
        point().await.unwrap_err();
        gate.wait().await;
        point().await
    });
    {
        let mut closing = pin!(c.aclose());
        assert!(poll_once(closing.as_mut()).is_pending());
    }
    gate.open();
    assert!(poll_once(Pin::new(&mut c)).is_pending(), "nobody told the second point");
}

#[test]
fn rule_08_where_nobody_asked_the_future_is_dropped_and_the_owner_gets_the_error() {
    let trace = Trace::new();
    let log = trace.clone();
    start!(let mut c = async {
        let _guard = OnDrop(|| log.log("dropped"));
        pending::<()>().await;
    });
    let Err(ThrowError::Interrupted(told)) = c.throw("slap", 1) else { panic!() };
    assert_eq!(told.into_error().unwrap().to_string(), "slap");
    assert_eq!(trace.take(), "dropped\n");
    assert!(coro_is_finished(&c));
}

#[test]
fn rule_08_an_error_is_never_deferred_past_a_suspension() {
    let gate = Gate::default();
    let trace = Trace::new();
    let log = trace.clone();
    start!(let mut c = async {
        gate.wait().interruptible().await.unwrap();
        log.log("value");
        pending::<()>().await;
        point().await.is_err()
    });
    gate.open();
    assert!(matches!(c.throw("x", 1), Err(ThrowError::Interrupted(_))));
    assert_eq!(trace.take(), "value\n");
}

#[test]
fn rule_08_ready_wins_over_everything() {
    let gate = Gate::default();
    start!(let mut c = async {
        gate.wait().interruptible().await.unwrap();
        3
    });
    gate.open();
    assert_eq!(c.throw("unseen", 1).unwrap(), 3);
}

#[test]
fn rule_08_a_bare_throw_when_gives_the_error_to_its_owner() {
    let told = now(throw_when(ready(()), InterruptKind::Timeout, pending::<()>())).unwrap();
    assert_eq!(told.unwrap_err().kind(), InterruptKind::Timeout);
}

#[test]
fn rule_09_a_coroutine_that_was_never_polled_is_dropped_without_being_polled() {
    let trace = Trace::new();
    let log = trace.clone();
    coro!(let mut c = async {
        log.log("ran");
        point().await.is_err()
    });
    assert!(matches!(c.as_mut().throw("x", 1), Err(ThrowError::Interrupted(_))));
    assert!(coro_is_finished(&c));
    assert_eq!(trace.take(), "");
    let mut started = CoroStart::boxed(pending::<()>());
    started.close().unwrap();
    assert!(matches!(started.throw("x", 1), Err(ThrowError::Finished(_))));
}

#[test]
fn rule_10_taken_once_a_stop_no_longer_drops() {
    let gate = Gate::default();
    let mut stopped = pin!(throw_when(ready(()), InterruptKind::Cancel, async {
        point().await.unwrap_err();
        gate.wait().await;
        "cleaned"
    }));
    for _ in 0..100 {
        assert!(poll_once(stopped.as_mut()).is_pending());
    }
    gate.open();
    assert!(matches!(poll_once(stopped), Poll::Ready(Ok("cleaned"))));
}

#[test]
fn rule_10_closing_again_is_a_fresh_close_which_drops_a_clean_up_that_does_not_ask() {
    start!(let mut c = async {
        point().await.unwrap_err();
        pending::<()>().await;
    });
    c.close().unwrap_err();
    c.close().unwrap();
    assert!(coro_is_finished(&c));
}

#[test]
fn rule_11_a_loop_that_swallows_a_stop_ends_at_the_root() {
    let swallowed = Cell::new(0);
    let mut stopped = pin!(throw_when(ready(()), InterruptKind::Timeout, async {
        loop {
            if point().await.is_err() {
                swallowed.set(swallowed.get() + 1);
            }
        }
    }));
    let Poll::Ready(Err(told)) = poll_once(stopped.as_mut()) else { panic!("it must end") };
    let told: (InterruptKind, ()) = (told.kind(), ());
    assert_eq!((told.0, swallowed.get()), (InterruptKind::Timeout, 1001));
}

#[test]
fn rule_13_a_shield_hides_the_error_and_the_next_point_is_told() {
    let gate = Gate::default();
    let mut stopped = pin!(throw_when(ready(()), InterruptKind::Timeout, async {
        let inside = shield(async { gate.wait().interruptible().await.is_ok() }).await;
        (inside, point().await.is_err())
    }));
    for _ in 0..10 {
        assert!(poll_once(stopped.as_mut()).is_pending());
    }
    gate.open();
    assert!(matches!(poll_once(stopped), Poll::Ready(Ok((true, true)))));
}

#[test]
fn rule_13_scopes_inside_a_shield_work() {
    let inner = async {
        shield(throw_when(ready(()), InterruptKind::Cancel, async { point().await.unwrap_err().kind() }))
            .await
    };
    let told = now(throw_when(ready(()), InterruptKind::Timeout, inner)).unwrap();
    assert_eq!(told.unwrap().unwrap(), InterruptKind::Cancel);
}
