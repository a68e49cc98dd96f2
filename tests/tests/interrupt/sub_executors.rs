//! Rules 16 and 17: leaves that are polled by wakers of their own, and scopes that move between threads.

use asynkit::{CoroStart, InterruptExt as _, InterruptKind, shield, throw_when};
use asynkit_tests::{Gate, block_on, now, point, poll_once, yield_now};
use futures::{
    StreamExt as _,
    future::{join, ready},
    stream::FuturesUnordered,
};
use std::{
    cell::Cell,
    future::{pending, poll_fn},
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    task::Poll,
};

/// Ready at the second poll: what the scope holds has registered by then.
async fn soon() {
    yield_now().await;
}

#[test]
fn rule_16_children_of_a_sub_executor_are_woken_by_their_own_wakers() {
    let told = block_on(throw_when(soon(), InterruptKind::Timeout, async {
        let mut children: FuturesUnordered<_> = (0..5).map(|_| async { point().await.is_err() }).collect();
        let mut told = 0;
        while children.next().await == Some(true) {
            told += 1;
        }
        told
    }));
    assert_eq!(told.unwrap(), 5);
}

#[test]
fn rule_16_a_point_that_encloses_them_waits_its_turn() {
    let told = block_on(throw_when(soon(), InterruptKind::Timeout, async {
        let mut children: FuturesUnordered<_> = (0..100)
            .map(|i| async move {
                if i % 2 == 0 {
                    loop {
                        yield_now().await;
                    }
                }
                point().await.is_err()
            })
            .collect();
        matches!(children.next().interruptible().await, Ok(Some(true)))
    }));
    assert!(told.unwrap());
}

#[test]
fn rule_16_scopes_under_a_sub_executor_pass_it_on() {
    let mut c = CoroStart::boxed(async {
        let child = || {
            throw_when(pending::<()>(), InterruptKind::Timeout, async {
                let mut inner: FuturesUnordered<_> =
                    [async { point().await.unwrap_err().kind() }].into_iter().collect();
                inner.next().await.unwrap()
            })
        };
        let children: FuturesUnordered<_> = (0..3).map(|_| child()).collect();
        children.map(|told| told.unwrap()).collect::<Vec<_>>().await
    });
    let told = block_on(c.athrow(asynkit::Interrupt::close())).unwrap();
    assert_eq!(told, [InterruptKind::Close; 3]);
}

#[test]
fn rule_16_what_is_held_and_not_polled_does_not_hang_the_root() {
    let ended = block_on(throw_when(soon(), InterruptKind::Timeout, async {
        let mut held: FuturesUnordered<_> = [point()].into_iter().collect();
        poll_fn(|cx| {
            let _waits = held.poll_next_unpin(cx);
            Poll::Ready(())
        })
        .await;
        pending::<()>().await;
    }));
    assert_eq!(ended.unwrap_err().kind(), InterruptKind::Timeout);
}

#[test]
fn rule_16_a_shield_under_a_sub_executor_keeps_the_scope() {
    let gate = Gate::default();
    let polls = Cell::new(0);
    let mut stopped = pin!(throw_when(soon(), InterruptKind::Timeout, async {
        let mut children: FuturesUnordered<_> = [shield(poll_fn(|_| {
            polls.set(polls.get() + 1);
            if gate.is_open() { Poll::Ready("committed") } else { Poll::Pending }
        }))]
        .into_iter()
        .collect();
        children.next().await
    }));
    for _ in 0..200 {
        assert!(poll_once(stopped.as_mut()).is_pending());
    }
    assert!(polls.get() < 5, "it is woken for the throw, not for every poll: {}", polls.get());
    gate.open();
    // Nobody wakes the child any more: what it was committing is dropped with its owner, not by the stop.
    assert!(poll_once(stopped.as_mut()).is_pending());
}

#[test]
fn rule_16_a_held_but_not_awaited_point_does_not_wait() {
    let ended = now(throw_when(ready(()), InterruptKind::Cancel, async {
        let mut held = pin!(point());
        poll_fn(|cx| {
            let _waits = held.as_mut().poll(cx);
            Poll::Ready(())
        })
        .await;
        pending::<()>().await;
    }));
    assert!(ended.unwrap().is_err());
}

#[test]
fn rule_16_a_branch_between_points_is_told_at_its_next_one() {
    let gate = Gate::default();
    let mut stopped = pin!(throw_when(ready(()), InterruptKind::Timeout, async {
        let between = async {
            loop {
                gate.wait().await;
                if point().await.is_err() {
                    break true;
                }
            }
        };
        join(async { point().await.is_err() }, between).await
    }));
    assert!(poll_once(stopped.as_mut()).is_pending());
    gate.open();
    assert!(matches!(poll_once(stopped), Poll::Ready(Ok((true, true)))));
}

#[test]
fn rule_17_scopes_and_points_move_between_threads_between_polls() {
    const TASKS: u32 = 500;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_time().build().unwrap();
    let (told, go) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
    runtime.block_on(async {
        let tasks: Vec<_> = (0..TASKS)
            .map(|i| {
                let (told, go) = (Arc::clone(&told), Arc::clone(&go));
                let trigger = async move {
                    while !go.load(Ordering::Acquire) {
                        tokio::task::yield_now().await;
                    }
                };
                tokio::spawn(throw_when(trigger, InterruptKind::Timeout, async move {
                    let waits = || async {
                        while tokio::task::yield_now().interruptible().await.is_ok() {}
                        tokio::task::yield_now().await;
                        told.fetch_add(1, Ordering::Relaxed);
                    };
                    if i % 2 == 0 {
                        join(waits(), waits()).await;
                    } else {
                        let mut children: FuturesUnordered<_> = [waits(), waits()].into_iter().collect();
                        while children.next().await.is_some() {}
                    }
                    i
                }))
            })
            .collect();
        go.store(true, Ordering::Release);
        for (i, task) in (0..).zip(tasks) {
            assert_eq!(task.await.unwrap().unwrap(), i);
        }
    });
    assert_eq!(told.load(Ordering::Relaxed), 2 * TASKS);
}

#[test]
fn rule_17_what_holds_a_scope_or_a_point_is_send_as_its_future_is() {
    fn is_send<T: Send>(_: &T) {}
    is_send(&point());
    is_send(&shield(pending::<()>()));
    is_send(&throw_when(pending::<()>(), InterruptKind::Cancel, pending::<()>()));
    is_send(&CoroStart::boxed(pending::<()>()));
    let pinned = Box::pin(asynkit::Coro::new(pending::<()>()));
    is_send(&pinned);
    let _erased: Pin<Box<dyn Future<Output = ()> + Send>> = pinned;
}
