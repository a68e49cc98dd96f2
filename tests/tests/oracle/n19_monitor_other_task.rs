use crate::{
    asyncio::{run, sleep0},
    compare::{Difference, compare},
};
use asynkit::{Interrupt, Monitor, MonitorError, Step};
use asynkit_tests::Trace;
use std::{
    cell::RefCell,
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
};

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "co: RuntimeError: Task got bad yi",
        "OOBData of type str\nco got 'answer'",
        "an `oob` of another task reaches the owner, and its answer that task",
    ),
    (
        "RuntimeError: Task got bad yi",
        "[1, 2]",
        "an `oob` of another task reaches the owner (the README's example works)",
    ),
];

type Tasks<'a> = RefCell<Vec<Pin<Box<dyn Future<Output = ()> + 'a>>>>;

/// Runs `main` beside the tasks that it makes, a poll each in turn.
fn run_with(tasks: &Tasks<'_>, main: impl Future<Output = ()>) {
    let mut main = pin!(main);
    run(poll_fn(|cx| {
        let polled = main.as_mut().poll(cx);
        let mut now = tasks.take();
        now.retain_mut(|task| task.as_mut().poll(cx).is_pending());
        tasks.borrow_mut().append(&mut now);
        polled
    }));
}

/// Awaits what another task leaves in `slot`.
async fn joined<T>(slot: &RefCell<Option<T>>) -> T {
    poll_fn(|_| slot.borrow_mut().take().map_or(Poll::Pending, Poll::Ready)).await
}

#[test]
fn n19_monitor_other_task() {
    let log = &Trace::new();
    let m = &Monitor::<&str, &str>::new();
    let result: &RefCell<Option<Result<&str, Interrupt>>> = &RefCell::default();
    let tasks: &Tasks<'_> = &Tasks::default();
    run_with(tasks, async {
        let mut c = pin!(async {
            tasks.borrow_mut().push(Box::pin(async {
                let answer = m.oob("from-other-task").await;
                *result.borrow_mut() = Some(answer);
            }));
            log.log(format!("co got '{}'", joined(result).await.unwrap()));
            "end"
        });
        let mut step = m.start(c.as_mut()).await.map_or_else(|ended| Step::Done(ended.0), Step::Oob);
        while let Step::Oob(_) = step {
            log.log("OOBData of type str");
            step = m.asend(c.as_mut(), "answer").await;
        }
        log.log(format!("aawait -> '{}'", step.done().unwrap()));
        log.log("== two tasks on one monitor");
        futures::join!(
            async {
                let mut slow = pin!(async {
                    sleep0().await;
                    "slow"
                });
                let Step::Done(value) = m.resume(slow.as_mut()).await else { panic!("it sends nothing") };
                log.log(format!("u1 -> {value}"));
            },
            async {
                let mut slow = pin!(async { "slow" });
                let refused = poll_fn(|cx| m.poll_asend(slow.as_mut(), &mut None, cx)).await;
                assert_eq!(refused, Err(MonitorError::Reentered));
                log.log("u2 -> Monitor cannot be re-entered");
            },
        );
        log.log("== README example: ayield from another task");
        let g = &Monitor::<i32>::new();
        let done: &RefCell<Option<bool>> = &RefCell::default();
        let helpers: &Tasks<'_> = &Tasks::default();
        let mut body = pin!(async {
            g.oob(1).await.unwrap();
            helpers.borrow_mut().push(Box::pin(async {
                let answer = g.oob(2).await;
                *done.borrow_mut() = Some(answer.is_ok());
            }));
            assert!(joined(done).await);
        });
        let items = RefCell::new(Vec::new());
        let mut all = pin!(async {
            while let Step::Oob(item) = g.aawait(body.as_mut()).await {
                items.borrow_mut().push(item);
            }
        });
        poll_fn(|cx| {
            let polled = all.as_mut().poll(cx);
            let mut now = helpers.take();
            now.retain_mut(|task| task.as_mut().poll(cx).is_pending());
            helpers.borrow_mut().append(&mut now);
            polled
        })
        .await;
        log.log(format!("{:?}", items.take()));
    });
    compare("19_monitor_other_task", &log.take(), DIFFERENCES);
}
