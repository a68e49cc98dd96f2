//! `GeneratorObject` among tasks and threads: helpers that yield, closes that they hear of, owners that go away.

use super::SendLive;
use asynkit::{
    AsyncGenerator as _, GeneratorObject, Interrupt, InterruptKind, NotActive, generator::RawGenerator as _,
    shield,
};
use asynkit_tests::{block_on, now, poll_once};
use futures::{
    FutureExt as _, SinkExt as _, StreamExt as _, TryStreamExt as _,
    channel::{mpsc, oneshot},
};
use std::{
    future::{Future, pending},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    thread,
};

fn runtime(workers: usize) -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_time().build().unwrap()
}

/// Runs a future on a thread of its own.
fn elsewhere<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> oneshot::Receiver<T> {
    let (done, result) = oneshot::channel();
    thread::spawn(move || {
        let _ = done.send(block_on(future));
    });
    result
}

#[test]
fn helper_tasks_of_a_multi_thread_runtime_yield_in_the_order_of_their_awaits() {
    async fn twice(g: GeneratorObject<u32>, n: u32) -> Result<(), Interrupt> {
        g.ayield(n).await?;
        tokio::task::yield_now().await;
        g.ayield(n + 1).await
    }
    let items = runtime(2).block_on(async {
        let g = GeneratorObject::new();
        let items = g.iterate({
            let g = g.clone();
            async move {
                g.ayield(0).await?;
                for n in [10, 20, 30] {
                    tokio::spawn(twice(g.clone(), n)).await.unwrap()?;
                    g.ayield(n + 2).await?;
                }
                Ok::<_, Interrupt>(())
            }
        });
        tokio::spawn(items.try_stream().try_collect::<Vec<_>>()).await.unwrap().unwrap()
    });
    assert_eq!(items, [0, 10, 11, 12, 20, 21, 22, 30, 31, 32]);
}

#[test]
fn a_helper_and_the_body_yield_at_the_same_time() {
    let items = runtime(2).block_on(async {
        let g = GeneratorObject::new();
        let items = g.iterate({
            let g = g.clone();
            async move {
                let helper = tokio::spawn({
                    let g = g.clone();
                    async move { g.ayield(1_u32).await }
                });
                g.ayield(2).await?;
                helper.await.unwrap()?;
                Ok::<_, Interrupt>(())
            }
        });
        let mut items = items.try_stream().try_collect::<Vec<_>>().await.unwrap();
        items.sort_unstable();
        items
    });
    assert_eq!(items, [1, 2]);
}

#[test]
fn helpers_on_many_threads_get_each_their_own_answers() {
    const THREADS: u64 = 8;
    const ROUNDS: u64 = 300;
    let g = GeneratorObject::<u64, u64>::resumable();
    let helper = |t: u64| {
        let g = g.clone();
        async move {
            let mut last = 0;
            for i in 0..ROUNDS {
                let item = t * ROUNDS + i;
                assert_eq!(g.ayield(item).await.unwrap(), item + 1);
                last = item;
            }
            last
        }
    };
    let mut items = pin!(g.iterate(async {
        let helpers: Vec<_> = (0..THREADS).map(|t| elsewhere(helper(t))).collect();
        // The body has items of its own meanwhile.
        for i in 0..ROUNDS {
            assert_eq!(g.ayield(1_000_000 + i).await.unwrap(), 1_000_001 + i);
        }
        futures::future::try_join_all(helpers).await.unwrap()
    }));
    let mut seen = vec![];
    block_on(async {
        let mut item = items.as_mut().anext().await;
        while let Some(n) = item {
            seen.push(n);
            item = items.as_mut().asend(n + 1).await.unwrap();
        }
    });
    // Each one's items in its own order, and all of them.
    for t in 0..THREADS {
        let own: Vec<_> = seen.iter().copied().filter(|n| n / ROUNDS == t).collect();
        assert_eq!(own, (t * ROUNDS..(t + 1) * ROUNDS).collect::<Vec<_>>());
    }
    assert_eq!(seen.len() as u64, (THREADS + 1) * ROUNDS);
}

#[test]
fn a_generator_moves_between_threads_from_item_to_item() {
    let g = GeneratorObject::new();
    let own = g.clone();
    let mut items = Some(Box::pin(g.iterate(async move {
        for i in 0..50_u32 {
            own.ayield(i).await.unwrap();
        }
    })));
    for i in 0..50 {
        let mut moved = items.take().unwrap();
        items = Some(
            thread::spawn(move || {
                assert_eq!(now(moved.next()), Some(Some(i)));
                moved
            })
            .join()
            .unwrap(),
        );
    }
    assert_eq!(block_on(items.unwrap().next()), None);
}

#[test]
fn one_that_sleeps_in_its_body_is_woken_by_a_helper() {
    let g = GeneratorObject::new();
    let mut items = pin!(g.iterate(pending::<()>()));
    assert!(now(items.as_mut().anext()).is_none());
    for i in 0..100_u32 {
        let g = g.clone();
        let helper = elsewhere(async move { g.ayield(i).await });
        assert_eq!(block_on(items.next()), Some(i));
        assert!(now(items.as_mut().asend(())).is_none());
        block_on(helper).unwrap().unwrap();
    }
}

#[test]
fn helpers_that_wait_when_the_generator_is_dropped_get_an_error() {
    // A queued item; an item that the owner has; and both.
    for (queued, taken) in [(true, false), (false, true), (true, true)] {
        let live = Arc::new(AtomicUsize::new(0));
        let g = GeneratorObject::<SendLive>::new();
        let mut items = Box::pin(g.iterate(pending::<()>()));
        assert!(now(items.as_mut().anext()).is_none());
        let mut helpers = vec![];
        let helper = || {
            let (g, item) = (g.clone(), SendLive::new(&live));
            let (polled, is_polled) = oneshot::channel();
            let helper = elsewhere(async move {
                let mut ayield = pin!(g.ayield(item));
                assert!(futures::poll!(ayield.as_mut()).is_pending());
                polled.send(()).unwrap();
                ayield.await
            });
            block_on(is_polled).unwrap();
            helper
        };
        if taken {
            helpers.push(helper());
            drop(block_on(items.next()).unwrap());
        }
        if queued {
            helpers.push(helper());
        }
        drop(items);
        for helper in helpers {
            let told = block_on(helper).unwrap().unwrap_err();
            assert!(told.is::<NotActive>(), "{told}");
        }
        assert_eq!(live.load(Ordering::SeqCst), 0);
        assert!(now(g.ayield(SendLive::new(&live))).unwrap().is_err());
    }
}

#[test]
fn helpers_that_wait_when_the_body_returns_get_an_error() {
    let g = GeneratorObject::new();
    let (go, gone) = oneshot::channel::<()>();
    let mut items = pin!(g.iterate(async move { gone.await.unwrap() }));
    assert!(now(items.as_mut().anext()).is_none());
    let mut first = pin!(g.ayield(1));
    let mut second = pin!(g.ayield(2));
    assert!(poll_once(first.as_mut()).is_pending());
    assert!(poll_once(second.as_mut()).is_pending());
    assert_eq!(now(items.next()), Some(Some(1)));
    go.send(()).unwrap();
    assert_eq!(now(items.next()), Some(None));
    assert!(now(second).unwrap().unwrap_err().is::<NotActive>());
    now(first).unwrap().unwrap();
}

#[test]
fn a_close_is_told_to_the_helper_whose_item_is_out_and_the_body_cleans_up() {
    let log = &std::cell::RefCell::new(vec![]);
    let g = GeneratorObject::new();
    let own = g.clone();
    let mut items = pin!(g.iterate(async move {
        let helper = own.clone();
        let helper = elsewhere(async move { helper.ayield(1).await });
        let told = helper.await.unwrap().unwrap_err();
        log.borrow_mut().push(told.kind());
        // It goes on being told, as long as the close lasts.
        let told = own.ayield(2).await.unwrap_err();
        log.borrow_mut().push(told.kind());
    }));
    assert_eq!(block_on(items.next()), Some(1));
    assert_eq!(block_on(items.as_mut().aclose()), Ok(()));
    assert_eq!(*log.borrow(), [InterruptKind::Close; 2]);
}

#[test]
fn while_a_close_goes_on_no_item_of_a_helper_is_sent() {
    let live = Arc::new(AtomicUsize::new(0));
    let g = GeneratorObject::<SendLive>::new();
    let (own, count) = (g.clone(), Arc::clone(&live));
    let mut items = pin!(g.iterate(async move {
        assert!(own.ayield(SendLive::new(&count)).await.is_err());
        // The clean-up awaits a helper that does not take no for an answer.
        let helper = own.clone();
        let told = elsewhere(async move {
            let mut told = 0;
            for _ in 0..50 {
                let error = helper.ayield(SendLive::new(&count)).await.unwrap_err();
                told += usize::from(error.kind() == InterruptKind::Close);
            }
            told
        });
        assert_eq!(told.await.unwrap(), 50);
    }));
    drop(block_on(items.next()).unwrap());
    assert_eq!(block_on(items.as_mut().aclose()), Ok(()));
    assert!(items.is_finished());
    assert_eq!(live.load(Ordering::SeqCst), 0);
}

#[test]
fn in_a_shield_a_helper_is_heard_even_by_who_closes() {
    let g = GeneratorObject::new();
    let own = g.clone();
    let mut items = pin!(g.iterate(async move {
        assert!(own.ayield(1).await.is_err());
        let helper = own.clone();
        shield(elsewhere(async move { helper.ayield(2).await })).await.unwrap().unwrap();
        assert!(own.ayield(3).await.is_ok());
    }));
    assert_eq!(block_on(items.next()), Some(1));
    assert!(block_on(items.as_mut().aclose()).is_err());
    assert_eq!(block_on(items.next()), Some(3));
    assert_eq!(block_on(items.next()), None);
}

#[test]
fn a_helper_that_swallows_closes_for_ever_is_cut_off() {
    let g = GeneratorObject::new();
    let mut items = pin!(g.iterate(async {
        assert!(g.ayield(0_u64).await.is_err());
        pending::<()>().await;
    }));
    assert_eq!(now(items.next()), Some(Some(0)));
    let mut close = pin!(items.as_mut().aclose());
    assert!(now(close.as_mut()).is_none());
    // Everything that is in the queue is told within one poll, up to a limit.
    let mut queue: Vec<_> = (1..=1100).map(|i| Box::pin(g.ayield(i))).collect();
    assert!(queue.iter_mut().all(|item| poll_once(item.as_mut()).is_pending()));
    assert_eq!(now(close), Some(Ok(())));
    assert!(items.is_finished());
    let told: Vec<Interrupt> = queue.into_iter().map(|item| now(item).unwrap().unwrap_err()).collect();
    assert_eq!(told.iter().filter(|told| told.kind() == InterruptKind::Close).count(), 1000);
    assert_eq!(told.iter().filter(|told| told.is::<NotActive>()).count(), 100);
}

#[test]
fn a_thrown_error_reaches_the_helper_whose_item_is_out() {
    let g = GeneratorObject::new();
    let own = g.clone();
    let mut items = pin!(g.iterate(async move {
        let helper = own.clone();
        let told = elsewhere(async move {
            let told = helper.ayield("first".to_owned()).await.unwrap_err();
            helper.ayield(told.to_string()).await.unwrap();
        });
        told.await.unwrap();
    }));
    assert_eq!(block_on(items.next()).unwrap(), "first");
    assert_eq!(block_on(items.as_mut().athrow("a")).unwrap().unwrap(), "interrupted: a");
    assert_eq!(block_on(items.next()), None);
}

#[test]
fn a_helper_that_gives_up_loses_the_answer_only() {
    let g = GeneratorObject::<u32, u32>::resumable();
    let mut items = pin!(g.iterate(async {
        let mut helper = Box::pin(g.ayield(1));
        let mut polls = 0;
        std::future::poll_fn(|cx| {
            polls += 1;
            if polls > 1 {
                return Poll::Ready(());
            }
            // Beside the first one, which takes the slot.
            assert!(Box::pin(g.ayield(0)).as_mut().poll(cx).is_pending());
            helper.as_mut().poll(cx).map(drop)
        })
        .await;
        drop(helper);
        g.ayield(2).await.unwrap()
    }));
    assert_eq!(now(items.as_mut().anext()), Some(Some(1)));
    assert_eq!(now(items.as_mut().asend(10)), Some(Ok(Some(2))));
    assert_eq!(now(items.as_mut().asend(20)), Some(Ok(None)));

    // A task of its own that is gone before the owner answers.
    let mut items = pin!(g.iterate(pending::<()>()));
    assert!(now(items.as_mut().anext()).is_none());
    let mut helper = Box::pin(g.ayield(1));
    assert!(poll_once(helper.as_mut()).is_pending());
    assert_eq!(now(items.as_mut().anext()), Some(Some(1)));
    drop(helper);
    assert!(items.is_waiting());
    assert!(now(items.as_mut().asend(5)).is_none(), "taken by nobody");
    let mut helper = Box::pin(g.ayield(3));
    assert!(poll_once(helper.as_mut()).is_pending());
    assert_eq!(now(items.as_mut().anext()), Some(Some(3)));
}

#[test]
fn owners_and_helpers_that_go_away_at_any_time_leave_nothing_and_nobody_waiting() {
    let live = Arc::new(AtomicUsize::new(0));
    for round in 0..300_u32 {
        let g = GeneratorObject::<SendLive, u32>::resumable();
        let helpers: Vec<_> = (0..2)
            .map(|t| {
                let (g, live) = (g.clone(), Arc::clone(&live));
                thread::spawn(move || {
                    let mut refused = 0;
                    for i in 0.. {
                        let mut ayield = pin!(g.ayield(SendLive::new(&live)));
                        // Some are given up after a poll or two.
                        if (i + t) % 3 == 0 {
                            let _ = poll_once(ayield.as_mut());
                            continue;
                        }
                        if block_on(ayield).is_err() {
                            refused += 1;
                        }
                        if refused > 3 {
                            break;
                        }
                    }
                })
            })
            .collect();
        let own = g.clone();
        let count = Arc::clone(&live);
        let mut items = Box::pin(g.iterate(async move {
            for _ in 0..5 {
                let _ = own.ayield(SendLive::new(&count)).await;
                asynkit_tests::yield_now().await;
            }
        }));
        for _ in 0..round % 8 {
            let _ = poll_once(pin!(items.as_mut().anext()));
        }
        if round % 5 == 0 {
            let _ = block_on(items.as_mut().aclose());
        }
        drop(items);
        for helper in helpers {
            helper.join().unwrap();
        }
        assert_eq!(live.load(Ordering::SeqCst), 0, "round {round}");
        assert!(now(g.ayield(SendLive::new(&live))).unwrap().is_err());
    }
}

#[test]
fn a_consumer_and_a_helper_in_one_task() {
    let g = GeneratorObject::new();
    let items = g.iterate({
        let g = g.clone();
        async move {
            let (mut more, mut asked) = mpsc::channel::<u32>(1);
            let helper = async {
                while let Some(n) = asked.next().await {
                    g.ayield(n).await.unwrap();
                }
            };
            let body = async {
                for n in 0..5 {
                    more.send(n).await.unwrap();
                    g.ayield(100 + n).await.unwrap();
                }
                drop(more);
            };
            futures::join!(helper, body);
        }
    });
    let mut items = block_on(items.collect::<Vec<_>>());
    items.sort_unstable();
    assert_eq!(items, [0, 1, 2, 3, 4, 100, 101, 102, 103, 104]);

    let mut items = pin!(g.iterate(pending::<()>()));
    assert!(now(items.next()).is_none());
    let helper = async {
        for i in 0..5 {
            g.ayield(i).await.unwrap();
        }
    };
    let consumer = async {
        let mut seen = vec![];
        while seen.len() < 5 {
            seen.extend(items.next().await);
        }
        // The last answer.
        assert!(items.next().now_or_never().is_none());
        seen
    };
    assert_eq!(block_on(futures::future::join(helper, consumer)).1, [0, 1, 2, 3, 4]);
}
