//! `Co::call`: delegation that does not nest.

use super::{Live, SendLive};
use asynkit::{AsyncGenerator as _, Co, Interrupt, generator, generator::RawGenerator as _};
use asynkit_tests::{Gate, block_on, forget, now, point, poll_once, yield_now};
use futures::{
    StreamExt as _,
    future::{Either, select},
    stream::FuturesUnordered,
};
use std::{
    cell::Cell,
    future::{Future, pending},
    pin::{Pin, pin},
    rc::Rc,
    sync::{Arc, atomic::AtomicUsize, atomic::Ordering},
    task::{Context, Poll, Waker},
};

type Boxed<'c, T> = Pin<Box<dyn Future<Output = T> + Send + 'c>>;

/// A tree of calls, `n` deep.
fn walk<'c>(co: &'c mut Co<'_, u64>, n: u64) -> Boxed<'c, u64> {
    Box::pin(co.call(async move |mut co: Co<'_, u64>| {
        co.ayield(n).await;
        let mut sum = n;
        if n > 0 {
            for _ in 0..2 {
                sum += walk(&mut co, n - 1).await;
            }
        }
        sum
    }))
}

#[test]
fn calls_yield_in_the_callers_place_and_return_to_it() {
    let g = generator(async |mut co: Co<'_, u64>| {
        let sum = walk(&mut co, 2).await;
        co.ayield(100 + sum).await;
    });
    assert_eq!(block_on(g.collect::<Vec<_>>()), [2, 1, 0, 0, 1, 0, 0, 104]);
}

#[test]
fn a_generator_with_calls_is_send_by_inference() {
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let items = rt.block_on(async {
        tokio::spawn(async {
            let g = generator(async |mut co: Co<'_, u64>| {
                co.call(async |mut co: Co<'_, u64>| {
                    co.ayield(1).await;
                    tokio::task::yield_now().await;
                    co.call(async |mut co: Co<'_, u64>| co.ayield(2).await).await;
                })
                .await;
            });
            pin!(g).collect::<Vec<_>>().await
        })
        .await
        .unwrap()
    });
    assert_eq!(items, [1, 2]);
}

fn down<'c>(co: &'c mut Co<'_, u64>, n: u64) -> Boxed<'c, ()> {
    Box::pin(co.call(async move |mut co: Co<'_, u64>| {
        if n == 0 {
            co.ayield(7).await;
        } else {
            down(&mut co, n - 1).await;
        }
    }))
}

#[test]
fn ten_thousand_nested_calls_and_their_end_do_not_overflow_the_stack() {
    let mut g = generator(async |mut co: Co<'_, u64>| {
        down(&mut co, 10_000).await;
        co.ayield(8).await;
    })
    .boxed();
    assert_eq!(block_on(g.next()), Some(7));
    assert_eq!(block_on(g.next()), Some(8));
    assert_eq!(block_on(g.next()), None);
}

#[test]
fn ten_thousand_nested_calls_are_dropped_without_overflow() {
    for is_moved in [false, true] {
        let mut g = generator(async |mut co: Co<'_, u64>| down(&mut co, 10_000).await).boxed();
        assert_eq!(block_on(g.next()), Some(7));
        if is_moved {
            std::thread::spawn(move || drop(g)).join().unwrap();
        } else {
            drop(g);
        }
    }
}

#[test]
fn a_dropped_call_drops_what_it_has_called() {
    let live = Rc::new(Cell::new(0));
    let in_g = Rc::clone(&live);
    let g = generator(async move |mut co: Co<'_, u64>| {
        let held = Live::new(&in_g);
        let call = co.call(async move |mut co: Co<'_, u64>| {
            let _held = held;
            co.ayield(1).await;
            pending::<()>().await;
        });
        let timer = pin!(async {
            yield_now().await;
            yield_now().await;
        });
        match select(pin!(call), timer).await {
            Either::Left(_) => panic!("it never returns"),
            Either::Right(_) => {}
        }
        // `select` gives the call back, and it was dropped with the match.
    });
    let mut g = pin!(g);
    let mut items = vec![];
    block_on(async {
        while let Some(item) = g.next().await {
            items.push(item);
        }
    });
    assert_eq!(items, [1]);
    assert_eq!(live.get(), 0);
}

#[test]
fn a_branch_beside_a_call_is_looked_after() {
    let gate = Gate::default();
    let in_g = gate.clone();
    let mut g = generator(async move |mut co: Co<'_, u64>| {
        let call = co.call(async move |_: Co<'_, u64>| pending::<()>().await);
        match select(pin!(call), pin!(in_g.wait())).await {
            Either::Left(_) => panic!("it never returns"),
            Either::Right(_) => {}
        }
    })
    .boxed_local();
    assert!(now(g.next()).is_none());
    assert!(g.is_running());
    gate.open();
    assert_eq!(now(g.next()), Some(None));
}

#[test]
fn a_call_in_futures_unordered_is_woken_when_it_returns() {
    let g = generator(async |mut co: Co<'_, u64>| {
        let mut children = FuturesUnordered::new();
        children.push(co.call(async |mut co: Co<'_, u64>| {
            co.ayield(1).await;
            5
        }));
        let n = children.next().await.unwrap();
        drop(children);
        co.ayield(n).await;
    });
    let mut g = pin!(g);
    assert_eq!(now(g.next()), Some(Some(1)));
    assert_eq!(now(g.next()), Some(Some(5)));
    assert_eq!(now(g.next()), Some(None));
}

#[test]
fn a_forgotten_call_harms_nobody() {
    let mut g = generator(async |mut co: Co<'_, u64>| {
        for _ in 0..3 {
            let mut call = Box::pin(co.call(async |mut co: Co<'_, u64>| {
                co.ayield(1).await;
                co.ayield(2).await;
            }));
            assert!(poll_once(call.as_mut()).is_pending());
            forget(call);
            co.ayield(10).await;
        }
        let call = co.call(async |mut co: Co<'_, u64>| {
            co.ayield(3).await;
            4
        });
        let n = call.await;
        co.ayield(n).await;
    })
    .boxed();
    let items: Vec<u64> = block_on(g.by_ref().collect());
    assert_eq!(items, [10, 10, 10, 3, 4]);
}

/// A called body that is not `Send`, polled by hand and forgotten: the type of its caller does not show it.
#[test]
fn a_forgotten_called_body_stays_on_its_thread() {
    thread_local!(static COUNT: Rc<Cell<u32>> = Rc::default());
    let mut g = generator(async |mut co: Co<'_, u64>| {
        {
            let mut call = Box::pin(co.call(async |mut co: Co<'_, u64>| {
                let count = COUNT.with(Rc::clone);
                loop {
                    count.set(count.get() + 1);
                    co.ayield(1).await;
                }
            }));
            assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            forget(call);
        }
        yield_now().await;
        yield_now().await;
    })
    .boxed();
    assert_eq!(block_on(g.next()), Some(1));
    assert_eq!(COUNT.with(|count| count.get()), 1);
    let g = std::thread::spawn(move || {
        assert!(
            now(g.next()).is_none_or(|item| item.is_none()),
            "what is not `Send` is not polled elsewhere"
        );
        COUNT.with(|count| assert_eq!(count.get(), 0));
        g
    })
    .join()
    .unwrap();
    drop(g);
    assert_eq!(COUNT.with(|count| count.get()), 1);
}

#[test]
fn called_bodies_move_between_threads_with_their_generator() {
    let live = Arc::new(AtomicUsize::new(0));
    let in_g = Arc::clone(&live);
    let mut g = generator(async move |mut co: Co<'_, u64>| {
        let live = in_g;
        co.call(async move |mut co: Co<'_, u64>| {
            let _held = SendLive::new(&live);
            co.ayield(1).await;
            co.call(async move |mut co: Co<'_, u64>| {
                let _held = SendLive::new(&live);
                co.ayield(2).await;
                yield_now().await;
                co.ayield(3).await;
            })
            .await;
            co.ayield(4).await;
        })
        .await;
    })
    .boxed();
    for i in 1..=4 {
        g = std::thread::spawn(move || {
            assert_eq!(block_on(g.next()), Some(i));
            g
        })
        .join()
        .unwrap();
    }
    drop(g);
    assert_eq!(live.load(Ordering::SeqCst), 0);
}

#[test]
fn called_bodies_are_dropped_on_a_thread_that_has_not_polled_them() {
    let live = Arc::new(AtomicUsize::new(0));
    let in_g = Arc::clone(&live);
    let mut g = generator(async move |mut co: Co<'_, u64>| {
        let live = in_g;
        co.call(async move |mut co: Co<'_, u64>| {
            let _held = SendLive::new(&live);
            co.call(async move |mut co: Co<'_, u64>| {
                let _held = SendLive::new(&live);
                co.ayield(1).await;
            })
            .await;
        })
        .await;
    })
    .boxed();
    assert_eq!(block_on(g.next()), Some(1));
    assert_eq!(live.load(Ordering::SeqCst), 2);
    std::thread::spawn(move || drop(g)).join().unwrap();
    assert_eq!(live.load(Ordering::SeqCst), 0);
}

#[test]
fn answers_and_errors_reach_a_called_body() {
    type Talk<'a> = Co<'a, u32, Result<u32, Interrupt>>;
    let mut g = generator(async |mut co: Talk<'_>| {
        let n = co.call(async |mut co: Talk<'_>| co.ayield(1).await).await.unwrap();
        let told = co.call(async move |mut co: Talk<'_>| co.ayield(n).await).await.unwrap_err();
        assert_eq!(told.to_string(), "interrupted: a");
        co.call(async |_: Talk<'_>| assert!(point().await.is_err())).await;
        assert!(co.ayield(3).await.is_err());
    })
    .boxed_local();
    let mut g = Pin::new(&mut g);
    assert_eq!(now(g.as_mut().anext()), Some(Some(1)));
    assert_eq!(now(g.as_mut().asend(7)), Some(Ok(Some(7))));
    assert!(now(g.as_mut().athrow("a")).is_none());
    assert_eq!(now(g.as_mut().aclose()), Some(Ok(())));
    assert!(g.is_finished());
}

#[test]
fn a_panic_in_a_called_body_finishes_the_generator() {
    let live = Rc::new(Cell::new(0));
    let in_g = Rc::clone(&live);
    let mut g = generator(async move |mut co: Co<'_, u64>| {
        let _held = Live::new(&in_g);
        let inner = Live::new(&in_g);
        co.call(async move |mut co: Co<'_, u64>| {
            let _held = inner;
            co.ayield(1).await;
            panic!("x");
        })
        .await;
    })
    .boxed_local();
    assert_eq!(now(g.next()), Some(Some(1)));
    assert_eq!(asynkit_tests::panic_text(|| now(g.next())), "x");
    assert!(g.is_finished());
    assert_eq!(now(g.next()), Some(None));
    drop(g);
    assert_eq!(live.get(), 0);
}

#[test]
fn a_call_is_ready_at_once_where_its_body_is() {
    let mut g = pin!(generator(async |mut co: Co<'_, u64>| {
        let mut sum = 0;
        for i in 0..5 {
            sum += co.call(async move |_: Co<'_, u64>| i).await;
        }
        co.ayield(sum).await;
    }));
    assert_eq!(now(g.next()), Some(Some(10)));
    assert_eq!(poll_once(pin!(g.next())), Poll::Ready(None));
}

#[test]
fn called_bodies_of_one_thread_are_allowed_too() {
    let shared = Rc::new(Cell::new(0));
    let seen = Rc::clone(&shared);
    let g = generator(async move |mut co: Co<'_, u64>| {
        let shared = Rc::clone(&shared);
        co.call(async move |mut co: Co<'_, u64>| {
            co.ayield(1).await;
            shared.set(5);
        })
        .await;
    });
    assert_eq!(block_on(g.collect::<Vec<_>>()), [1]);
    assert_eq!(seen.get(), 5);
}
