//! Timeouts over monitors and generators, and inside of them.

use crate::{LONG, SOON};
use asynkit::{
    AsyncGenerator as _, Co, Executor, GeneratorObject, Interrupt, InterruptKind, Monitor, Step, generator,
    shield, task_timeout, yield_now,
};
use asynkit_tests::point;
use futures::channel::oneshot;
use std::{future::pending, pin::pin};

#[test]
fn over_a_monitors_call_a_point_inside_is_told_and_the_monitor_goes_on() {
    Executor::run(async {
        let monitor = Monitor::<u32, u32>::new();
        let mut coroutine = pin!(async {
            let first = monitor.oob(1).await.unwrap();
            let late = point().await.unwrap_err().kind();
            // An `oob` is a point, too, and would be told of the same stop.
            let second = shield(monitor.oob(2)).await.unwrap();
            (first, late, second)
        });
        let start = task_timeout(LONG, monitor.aawait(coroutine.as_mut())).await.unwrap();
        assert_eq!(start, Step::Oob(1));
        let told = task_timeout(SOON, monitor.asend(coroutine.as_mut(), 10)).await.unwrap();
        assert_eq!(told, Step::Oob(2), "it was told, and went on to its next message");
        let done = monitor.asend(coroutine.as_mut(), 20).await;
        assert_eq!(done, Step::Done((10, InterruptKind::Timeout, 20)));
    });
}

#[test]
fn over_a_monitors_call_that_waits_plainly_only_the_call_is_dropped() {
    Executor::run(async {
        let monitor = Monitor::<(), ()>::new();
        let (open, gate) = oneshot::channel::<()>();
        let mut coroutine = Box::pin(async {
            gate.await.unwrap();
            "done"
        });
        assert!(task_timeout(SOON, monitor.aawait(coroutine.as_mut())).await.is_err());
        assert!(!monitor.is_active());
        open.send(()).unwrap();
        assert_eq!(monitor.aawait(coroutine.as_mut()).await, Step::Done("done"), "it is resumed");
    });
}

#[test]
fn an_oob_inside_of_a_timeout_waits_for_its_owner() {
    Executor::run(async {
        let monitor = Monitor::<&str, u32>::new();
        let mut coroutine = pin!(async {
            let answered = task_timeout(LONG, monitor.oob("how many?")).await.unwrap();
            (answered.unwrap(), task_timeout(SOON, pending::<()>()).await.is_err())
        });
        assert_eq!(monitor.aawait(coroutine.as_mut()).await, Step::Oob("how many?"));
        assert_eq!(monitor.asend(coroutine.as_mut(), 3).await, Step::Done((3, true)));
    });
}

#[test]
fn over_anext_a_body_that_asks_goes_on_with_its_next_item() {
    Executor::run(async {
        let mut items = pin!(generator(async |mut co: Co<'_, u32>| {
            co.ayield(1).await;
            let late = point().await.is_err();
            co.ayield(if late { 2 } else { 0 }).await;
        }));
        assert_eq!(task_timeout(LONG, items.as_mut().anext()).await, Ok(Some(1)));
        assert_eq!(task_timeout(SOON, items.as_mut().anext()).await, Ok(Some(2)));
        assert_eq!(items.as_mut().anext().await, None);
    });
}

#[test]
fn over_anext_a_body_that_waits_plainly_is_not_harmed() {
    Executor::run(async {
        let (open, gate) = oneshot::channel::<()>();
        let mut items = pin!(generator(async |mut co: Co<'_, u32>| {
            gate.await.unwrap();
            co.ayield(1).await;
        }));
        assert!(task_timeout(SOON, items.as_mut().anext()).await.is_err());
        open.send(()).unwrap();
        assert_eq!(items.as_mut().anext().await, Some(1), "only the call was dropped");
    });
}

#[test]
fn a_timeout_inside_of_a_generator_lasts_over_its_items() {
    Executor::run(async {
        let g = GeneratorObject::new();
        let mut items = pin!(g.iterate({
            let g = g.clone();
            async move {
                let late = task_timeout(SOON, async {
                    for n in 0.. {
                        g.ayield(n).await?;
                        yield_now().await;
                    }
                    Ok::<_, Interrupt>(())
                })
                .await;
                assert!(matches!(late, Err(_) | Ok(Err(_))));
                g.ayield(u32::MAX).await.unwrap();
            }
        }));
        let mut count = 0;
        while let Some(item) = items.as_mut().anext().await {
            if item == u32::MAX {
                break;
            }
            assert_eq!(item, count);
            count += 1;
        }
        assert!(count > 0);
        assert_eq!(items.as_mut().anext().await, None);
    });
}
