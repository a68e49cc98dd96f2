//! Told, cleaning up, and dropped after the grace.

use crate::{LONG, SOON};
use asynkit::{Executor, InterruptExt as _, InterruptKind, shield, sleep, task_timeout, yield_now};
use asynkit_tests::{OnDrop, Trace, at_some_pace, point};
use futures::{StreamExt as _, future::join, stream::FuturesUnordered};
use std::{
    cell::Cell,
    future::pending,
    time::{Duration, Instant},
};

#[test]
fn rule_04_what_is_ready_when_the_time_is_over_wins() {
    at_some_pace(|factor| {
        let (start, limit) = (Instant::now(), SOON * 10 * factor);
        let body = async {
            yield_now().await;
            if start.elapsed() >= limit {
                return Err("the limit passed before it was busy");
            }
            // Busy past the limit, and then ready.
            while start.elapsed() < limit * 2 {}
            yield_now().interruptible().await.map_err(|_| unreachable!("it is told, although it is ready"))
        };
        Executor::run(task_timeout(limit, body)).unwrap()
    });
}

#[test]
fn rule_06_every_point_is_told_until_the_body_ends_and_none_after_it() {
    Executor::run(async {
        let told = task_timeout(SOON, async {
            let mut told = 0;
            for _ in 0..3 {
                told += u32::from(point().await.is_err());
                yield_now().await;
            }
            told
        });
        assert_eq!(told.grace(LONG).await, Ok(3));
        assert_eq!(yield_now().interruptible().await.ok(), Some(()), "it has ended with its scope");
    });
}

#[test]
fn rule_08_a_body_that_does_not_ask_is_dropped_where_it_waits() {
    let log = Trace::new();
    Executor::run(async {
        let late = task_timeout(SOON, async {
            let _on_drop = OnDrop(|| log.log("dropped"));
            pending::<()>().await;
        });
        assert!(late.await.is_err());
        log.log("timed out");
    });
    assert_eq!(log.take(), "dropped\ntimed out\n");
}

#[test]
fn rule_10_clean_up_has_its_grace_and_is_dropped_then() {
    let log = Trace::new();
    let cleans = |log: &Trace| {
        let log = log.clone();
        async move {
            let _told = point().await;
            log.log("told");
            for _ in 0..3 {
                yield_now().await;
            }
            log.log("clean");
            pending::<()>().await;
        }
    };
    Executor::run(async {
        assert!(task_timeout(Duration::ZERO, cleans(&log)).await.is_err());
        assert_eq!(log.take(), "told\n", "as long as the limit");
        assert!(task_timeout(SOON, cleans(&log)).grace(Duration::ZERO).await.is_err());
        assert_eq!(log.take(), "told\n", "dropped at the next suspension");
    });
    at_some_pace(|factor| {
        let grace = SOON * 10 * factor;
        assert!(Executor::run(task_timeout(Duration::ZERO, cleans(&log)).grace(grace)).is_err());
        let log = log.take();
        if log == "told\nclean\n" { Ok(()) } else { Err(log) }
    });
}

#[test]
fn rule_10_the_grace_begins_when_somebody_was_told() {
    at_some_pace(|factor| {
        let (start, unit) = (Instant::now(), SOON * 5 * factor);
        let body = async {
            // The limit passes within one poll, and the clean-up takes longer than what is left then.
            while start.elapsed() < unit * 8 {}
            let _told = point().await;
            sleep(unit).await;
        };
        Executor::run(task_timeout(unit * 6, body))
    });
}

#[test]
fn rule_10_an_endless_grace_waits_for_ever() {
    Executor::run(async {
        let body = async {
            let _told = point().await;
            sleep(SOON * 3).await;
            "clean"
        };
        assert_eq!(task_timeout(SOON, body).grace(Duration::MAX).await, Ok("clean"));
    });
}

#[test]
fn rule_11_a_loop_that_swallows_it_is_cut_off() {
    Executor::run(async {
        let told = Cell::new(0);
        let late = task_timeout(SOON, async {
            loop {
                told.set(told.get() + u32::from(point().await.is_err()));
            }
        });
        assert!(late.await.is_err_and(|late| late.after == SOON));
        assert_eq!(told.get(), 1001);
    });
}

#[test]
fn rule_13_a_shield_keeps_the_body_past_limit_and_grace_and_the_error_comes_after_it() {
    let log = Trace::new();
    Executor::run(async {
        let body = async {
            shield(async {
                sleep(SOON * 3).interruptible().await.unwrap();
                log.log("committed");
            })
            .await;
            let told = point().await.unwrap_err();
            log.log(told.to_string());
            pending::<()>().await;
        };
        assert!(task_timeout(SOON, body).grace(Duration::ZERO).await.is_err());
    });
    assert_eq!(log.take(), "committed\ninterrupted: timed out\n");
}

#[test]
fn rule_16_points_under_a_sub_executor_are_told_even_without_a_grace() {
    Executor::run(async {
        let told = task_timeout(SOON, async {
            let points: FuturesUnordered<_> = (0..200).map(|_| point()).collect();
            points.filter(|told| std::future::ready(told.is_err())).count().await
        });
        assert_eq!(told.grace(Duration::ZERO).await, Ok(200));
    });
}

#[test]
fn a_branch_between_two_points_is_told_at_its_next_one() {
    Executor::run(async {
        let busy = async {
            loop {
                for _ in 0..3 {
                    yield_now().await;
                }
                if yield_now().interruptible().await.is_err() || point().await.is_err() {
                    break true;
                }
            }
        };
        let told = task_timeout(SOON, join(async { point().await.is_err() }, busy)).grace(LONG);
        assert_eq!(told.await, Ok((true, true)));
    });
}

#[test]
fn where_one_branch_asks_and_another_does_not_the_grace_ends_both() {
    Executor::run(async {
        let told = Cell::new(false);
        let asks = async { told.set(point().await.is_err()) };
        assert!(task_timeout(SOON, join(asks, pending::<()>())).await.is_err());
        assert!(told.get());
    });
}

#[test]
fn dropping_it_drops_the_body() {
    let log = Trace::new();
    Executor::run(async {
        let body = async {
            let _on_drop = OnDrop(|| log.log("dropped"));
            pending::<()>().await;
        };
        let mut timeout = Box::pin(task_timeout(LONG, body));
        assert!(asynkit_tests::poll_once(timeout.as_mut()).is_pending());
        drop(timeout);
    });
    assert_eq!(log.take(), "dropped\n");
}

#[test]
fn a_panic_of_the_body_goes_through_and_leaves_nothing_on_offer() {
    Executor::run(async {
        let task = asynkit::spawn(task_timeout(SOON, async {
            let _told = point().await;
            panic!("boom")
        }));
        assert!(matches!(task.await, Err::<Result<(), _>, _>(asynkit::TaskError::Panicked(_))));
        let fresh = task_timeout(SOON, async { point().await.unwrap_err().kind() });
        assert_eq!(fresh.await, Ok(InterruptKind::Timeout));
    });
}
