//! On tokio, on smol, on several threads, and on an executor inside of either.

use crate::{LONG, SOON};
use asynkit::{Executor, InterruptExt as _, InterruptKind, sleep, task_timeout, try_task_timeout};
use asynkit_tests::{at_some_pace, point, poll_once};
use futures::{StreamExt as _, future::join, stream::FuturesUnordered};
use std::{
    error::Error,
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::Poll,
    time::{Duration, Instant},
};

async fn all_of_it() {
    assert_eq!(task_timeout(LONG, async { 1 }).await, Ok(1));
    assert!(task_timeout(SOON, pending::<()>()).await.is_err());
    assert_eq!(
        task_timeout(SOON, async { point().await.unwrap_err().kind() }).await,
        Ok(InterruptKind::Timeout)
    );
    let outer: Result<(), Box<dyn Error + Send + Sync>> = try_task_timeout(SOON, async {
        task_timeout(LONG, point()).await??;
        Ok(())
    })
    .await;
    assert!(outer.unwrap_err().is::<asynkit::TimedOut>());
    let cleans = async {
        let _late = point().await;
        sleep(SOON).await;
        "clean"
    };
    assert_eq!(task_timeout(SOON, cleans).grace(LONG).await, Ok("clean"));
    let never_clean = async {
        let _late = point().await;
        pending::<()>().await;
    };
    assert!(task_timeout(SOON, never_clean).await.is_err());
}

#[test]
fn on_ours() {
    Executor::run(all_of_it());
}

#[test]
fn on_smol() {
    smol::block_on(all_of_it());
    smol::block_on(smol::spawn(all_of_it()));
}

#[test]
fn on_tokio() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(all_of_it());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build().unwrap();
    runtime.block_on(async { tokio::spawn(all_of_it()).await.unwrap() });
}

#[test]
fn on_our_executor_inside_of_tokio_and_of_smol() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async { Executor::new().run_until(all_of_it()).await });
    smol::block_on(async { Executor::new().run_until(all_of_it()).await });
}

/// Tokio's clock stands still and jumps to its next timer: an hour passes at once, if it is one of tokio's timers.
#[tokio::test(start_paused = true)]
async fn in_a_tokio_runtime_the_timer_is_tokios() {
    let start = Instant::now();
    assert!(task_timeout(LONG, pending::<()>()).await.is_err());
    sleep(LONG).await;
    assert!(start.elapsed() < LONG);
}

#[test]
fn it_is_polled_by_one_executor_and_then_by_another() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    at_some_pace(|factor| {
        let (limit, start) = (SOON * 20 * factor, Instant::now());
        let mut body = Box::pin(task_timeout(limit, pending::<()>()));
        let here = Executor::run(async { poll_once(body.as_mut()) });
        let there = here.is_pending().then(|| runtime.block_on(async { poll_once(body.as_mut()) }));
        if there == Some(Poll::Pending) {
            assert!(Executor::run(body.as_mut()).is_err());
        }
        assert!(start.elapsed() >= limit, "it is over too soon");
        if there == Some(Poll::Pending) { Ok(()) } else { Err("it is over before it has moved") }
    });
}

#[test]
fn rule_17_scopes_and_points_move_between_threads() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_time().build().unwrap();
    let told = Arc::new(AtomicU32::new(0));
    runtime.block_on(async {
        let mut tasks = Vec::new();
        for i in 0..500_u32 {
            let told = Arc::clone(&told);
            tasks.push(tokio::spawn(
                task_timeout(Duration::from_millis(20), async move {
                    let branch = || async {
                        while tokio::time::sleep(Duration::from_micros(100)).interruptible().await.is_ok() {}
                        tokio::task::yield_now().await;
                        told.fetch_add(1, Ordering::Relaxed);
                    };
                    if i % 2 == 0 {
                        join(branch(), branch()).await;
                    } else {
                        [branch(), branch()]
                            .into_iter()
                            .collect::<FuturesUnordered<_>>()
                            .collect::<()>()
                            .await;
                    }
                    i
                })
                .grace(LONG),
            ));
        }
        for (i, task) in (0_u32..).zip(tasks) {
            assert_eq!(task.await.unwrap(), Ok(i));
        }
    });
    assert_eq!(told.load(Ordering::Relaxed), 1000, "every point was told");
}
