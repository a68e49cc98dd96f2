//! A monitor between threads.

use asynkit::{Interrupt, Monitor, MonitorError, Step};
use asynkit_tests::{block_on, poll_once, yield_now};
use std::{
    future::Future,
    pin::{Pin, pin},
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    task::{Context, Poll, Waker},
    thread,
};

#[test]
fn the_second_of_two_threads_that_enter_is_refused() {
    let m = Monitor::<u8, u8>::new();
    let (inside, go) = (Barrier::new(2), Barrier::new(2));
    thread::scope(|s| {
        s.spawn(|| {
            let mut c = pin!(async {
                inside.wait();
                go.wait();
                m.oob(1).await.unwrap()
            });
            assert!(matches!(poll_once(pin!(m.start(c.as_mut()))), Poll::Ready(Ok(1))));
            assert_eq!(block_on(m.asend(c.as_mut(), 2)), Step::Done(2));
        });
        inside.wait();
        let mut c = pin!(async { 1 });
        let mut data = Some(1);
        let refused = m.poll_asend(c.as_mut(), &mut data, &mut Context::from_waker(Waker::noop()));
        assert_eq!((refused, data), (Poll::Ready(Err(MonitorError::Reentered)), Some(1)));
        go.wait();
    });
    assert!(!m.is_active());
}

#[test]
fn a_coroutine_moves_between_threads_from_turn_to_turn() {
    type C = Pin<Box<dyn Future<Output = u64> + Send>>;
    let m = Arc::new(Monitor::<u64, u64>::new());
    let mut c: C = {
        let m = Arc::clone(&m);
        Box::pin(async move {
            let mut sum = 0;
            for i in 0..100 {
                sum += m.oob(i).await.unwrap();
            }
            sum
        })
    };
    assert_eq!(block_on(m.start(c.as_mut())), Ok(0));
    let mut c = Some(c);
    for i in 1..100u64 {
        let (m, mut own) = (Arc::clone(&m), c.take().unwrap());
        c = Some(
            thread::spawn(move || {
                assert_eq!(block_on(m.asend(own.as_mut(), i - 1)), Step::Oob(i));
                own
            })
            .join()
            .unwrap(),
        );
    }
    assert_eq!(block_on(m.asend(c.unwrap().as_mut(), 99)), Step::Done((0..100).sum()));
}

#[test]
fn helpers_on_eight_threads_get_each_their_own_answers() {
    const THREADS: usize = 8;
    const ROUNDS: u64 = 500;
    let m = Monitor::<u64, u64>::new();
    let left = AtomicUsize::new(THREADS);
    let (wake, woken) = mpsc::sync_channel::<()>(1);
    thread::scope(|s| {
        let (started, ready) = mpsc::sync_channel::<()>(THREADS);
        let (m, left) = (&m, &left);
        let barrier = Arc::new(Barrier::new(THREADS + 1));
        for t in 0..THREADS as u64 {
            let (barrier, started, wake) = (Arc::clone(&barrier), started.clone(), wake.clone());
            s.spawn(move || {
                started.send(()).unwrap();
                barrier.wait();
                for i in 0..ROUNDS {
                    let item = t * ROUNDS + i;
                    assert_eq!(block_on(m.oob(item)).unwrap(), item + 1);
                }
                left.fetch_sub(1, Ordering::AcqRel);
                let _ = wake.try_send(());
            });
        }
        for _ in 0..THREADS {
            ready.recv().unwrap();
        }
        // The coroutine has something to say of its own, and ends when all helpers have.
        let mut c = pin!(async {
            let mut own = 0;
            while left.load(Ordering::Acquire) > 0 {
                assert_eq!(m.oob(u64::MAX - 1).await.unwrap(), u64::MAX);
                own += 1;
                yield_now().await;
            }
            own
        });
        let mut items = 0;
        let mut answer = block_on(m.start(c.as_mut())).unwrap() + 1;
        barrier.wait();
        let own: u64 = loop {
            match block_on(m.asend(c.as_mut(), answer)) {
                Step::Oob(item) => {
                    items += 1;
                    answer = item.wrapping_add(1);
                }
                Step::Done(own) => break own,
            }
        };
        assert_eq!(items + 1, THREADS as u64 * ROUNDS + own);
        let _ = woken.recv();
    });
    assert!(!m.is_active());
}

#[test]
fn no_wake_is_lost_between_a_sleeping_owner_and_its_helpers() {
    for round in 0..200u32 {
        let m = Arc::new(Monitor::<u32, u32>::new());
        let helper = {
            let m = Arc::clone(&m);
            async move {
                for i in 0..10 {
                    loop {
                        match m.oob(i).await {
                            Ok(n) => break assert_eq!(n, i + round),
                            // The owner is not there yet.
                            Err(_not_active) => thread::yield_now(),
                        }
                    }
                }
            }
        };
        let helper = thread::spawn(move || block_on(helper));
        let mut c = pin!(std::future::pending::<()>());
        let mut next = block_on(m.start(c.as_mut())).unwrap();
        for i in 0..10 {
            assert_eq!(next, i);
            if i == 9 {
                assert!(poll_once(pin!(m.asend(c.as_mut(), next + round))).is_pending());
                break;
            }
            next = block_on(m.asend(c.as_mut(), next + round)).oob().unwrap();
        }
        helper.join().unwrap();
    }
}

#[test]
fn helpers_that_give_up_at_any_time_harm_nobody() {
    let m = Monitor::<u64, u64>::new();
    let stop = AtomicUsize::new(0);
    thread::scope(|s| {
        for t in 0..8u64 {
            let (m, stop) = (&m, &stop);
            s.spawn(move || {
                let mut seed = t + 1;
                for _ in 0..2000 {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    let item = seed >> 33;
                    let mut oob = pin!(m.oob(item));
                    for _ in 0..seed % 4 {
                        if let Poll::Ready(answer) = poll_once(oob.as_mut()) {
                            assert!(answer.is_err() || answer.is_ok_and(|answer| answer == item + 1));
                            break;
                        }
                    }
                }
                stop.fetch_add(1, Ordering::AcqRel);
            });
        }
        let mut c = pin!(async {
            while stop.load(Ordering::Acquire) < 8 {
                assert_eq!(m.oob(1 << 40).await.unwrap(), (1 << 40) + 1);
                yield_now().await;
            }
            Ok::<_, Interrupt>(())
        });
        let mut turn = block_on(m.start(c.as_mut())).map_or(Step::Done(()), Step::Oob);
        while let Step::Oob(item) = turn {
            turn = match block_on(m.asend(c.as_mut(), item + 1)) {
                Step::Oob(item) => Step::Oob(item),
                Step::Done(_) => Step::Done(()),
            };
        }
    });
    assert!(!m.is_active());
    let mut c = pin!(async { m.oob(3).await.unwrap() });
    assert_eq!(block_on(m.start(c.as_mut())), Ok(3));
}

#[test]
fn in_spawned_tasks_of_a_multi_thread_runtime() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..8u64)
            .map(|t| {
                tokio::spawn(async move {
                    let m = Arc::new(Monitor::<u64, u64>::new());
                    let own = Arc::clone(&m);
                    let mut c = Box::pin(async move {
                        let mut sum = 0;
                        for i in 0..50 {
                            let helper = Arc::clone(&own);
                            sum += own.oob(i).await?;
                            sum += tokio::spawn(async move { helper.oob(i + 1000).await }).await.unwrap()?;
                            tokio::task::yield_now().await;
                        }
                        Ok::<_, Interrupt>(sum)
                    });
                    let mut step = m.start(c.as_mut()).await.map_or(Step::Done(0), Step::Oob);
                    loop {
                        match step {
                            Step::Oob(item) => {
                                step = match m.asend(c.as_mut(), item + t).await {
                                    Step::Oob(item) => Step::Oob(item),
                                    Step::Done(sum) => Step::Done(sum.unwrap()),
                                }
                            }
                            Step::Done(sum) => break sum,
                        }
                    }
                })
            })
            .collect();
        for (t, task) in (0..8u64).zip(tasks) {
            assert_eq!(task.await.unwrap(), (0..50).sum::<u64>() * 2 + 50 * 1000 + 100 * t);
        }
    });
}

#[test]
fn a_context_that_both_threads_share_the_waker_of_is_told_apart() {
    // `Waker::noop()` has one address everywhere; an oob of another thread must not pass for the coroutine's own.
    let m = Monitor::<u64, u64>::new();
    let done = AtomicUsize::new(0);
    thread::scope(|s| {
        s.spawn(|| {
            for _ in 0..2000 {
                let mut oob = pin!(m.oob(5));
                for _ in 0..8 {
                    if let Poll::Ready(answer) = poll_once(oob.as_mut()) {
                        assert!(answer.is_err() || answer.is_ok_and(|answer| answer == 6));
                        break;
                    }
                }
            }
            done.store(1, Ordering::Release);
        });
        let mut c = pin!(async {
            while done.load(Ordering::Acquire) == 0 {
                assert_eq!(m.oob(1).await.unwrap(), 2);
            }
        });
        let mut data = None;
        loop {
            let mut cx = Context::from_waker(Waker::noop());
            match m.poll_asend(c.as_mut(), &mut data, &mut cx) {
                Poll::Ready(Ok(Step::Oob(item))) => data = Some(item + 1),
                Poll::Ready(Ok(Step::Done(()))) => break,
                Poll::Ready(Err(misuse)) => panic!("{misuse}"),
                Poll::Pending => {}
            }
        }
    });
}
