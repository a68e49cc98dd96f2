//! Generators as streams.

use super::{Live, send};
use asynkit::{AsyncGenerator as _, Co, generator, generator::RawGenerator as _};
use asynkit_tests::{block_on, now, poll_once, yield_now};
use futures::{
    FutureExt as _, Stream as _, StreamExt as _,
    future::{Either, select},
    stream::{FusedStream as _, FuturesUnordered},
};
use std::{
    cell::Cell,
    future::pending,
    num::ParseIntError,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, Waker},
};

async fn helper(co: &mut Co<'_, u64>, n: u64) {
    for i in 0..n {
        co.ayield(i).await;
    }
}

#[test]
fn items_of_the_body_and_of_its_helpers_come_in_order() {
    let base = [10, 20];
    let g = send(generator(async |mut co: Co<'_, u64>| {
        for x in &base {
            co.ayield(*x).await;
            helper(&mut co, 2).await;
            tokio::task::yield_now().await;
        }
    }));
    assert_eq!(block_on(g.collect::<Vec<_>>()), [10, 0, 1, 20, 0, 1]);
}

#[test]
fn items_may_borrow_what_outlives_the_generator() {
    let v = vec![String::from("a"), String::from("b")];
    let mut out = vec![];
    {
        let mut g = pin!(generator(async |mut co: Co<'_, &str>| {
            for s in &v {
                co.ayield(s.as_str()).await;
            }
        }));
        while let Some(s) = block_on(g.next()) {
            out.push(s);
        }
    }
    assert_eq!(out, ["a", "b"]);
}

#[test]
fn nothing_runs_before_the_first_item_is_asked_for() {
    let runs = Cell::new(false);
    let mut g = pin!(generator(async |mut co: Co<'_, u8>| {
        runs.set(true);
        co.ayield(1).await;
    }));
    assert!(!runs.get());
    assert!(!g.is_finished() && !g.is_running() && !g.is_waiting());
    assert_eq!(block_on(g.next()), Some(1));
    assert!(runs.get() && g.is_waiting());
}

#[test]
fn it_is_fused_and_its_size_hint_knows_the_end() {
    let mut g = pin!(generator(async |mut co: Co<'_, u8>| co.ayield(1).await));
    assert_eq!(g.size_hint(), (0, None));
    assert!(!g.is_terminated());
    assert_eq!(block_on(g.next()), Some(1));
    assert_eq!(block_on(g.next()), None);
    assert_eq!(block_on(g.next()), None);
    assert!(g.is_terminated() && g.is_finished());
    assert_eq!(g.size_hint(), (0, Some(0)));
}

#[test]
fn a_real_await_between_items_reaches_the_executor() {
    let g = generator(async |mut co: Co<'_, u64>| {
        for i in 0..3 {
            smol::Timer::after(std::time::Duration::from_millis(1)).await;
            co.ayield(i).await;
        }
    });
    assert_eq!(block_on(g.collect::<Vec<_>>()), [0, 1, 2]);
}

#[test]
fn in_a_real_await_it_is_running() {
    let mut g = pin!(generator(async |mut co: Co<'_, u64>| {
        yield_now().await;
        co.ayield(1).await;
    }));
    assert_eq!(now(g.next()), None);
    assert!(g.is_running() && !g.is_waiting());
    assert_eq!(now(g.next()), Some(Some(1)));
    assert!(!g.is_running() && g.is_waiting());
}

#[test]
fn an_ayield_inside_futures_unordered_is_woken_at_the_resume() {
    let g = generator(async |mut co: Co<'_, u64>| {
        let mut children = FuturesUnordered::new();
        children.push(async {
            for i in 0..3 {
                co.ayield(i).await;
            }
        });
        while children.next().await.is_some() {}
    });
    let mut g = pin!(g);
    for i in 0..3 {
        assert_eq!(now(g.next()), Some(Some(i)), "a resume that reaches nobody stalls");
    }
    assert_eq!(now(g.next()), Some(None));
}

#[test]
fn a_dropped_ayield_that_was_not_taken_is_never_sent() {
    let live = Rc::new(Cell::new(0));
    let mut g = pin!(generator(async |mut co: Co<'_, (u8, Live)>| {
        drop(co.ayield((1, Live::new(&live))));
        let _ = poll_once(pin!(co.ayield((2, Live::new(&live)))));
        // Offered, and given up in the same poll: the other branch is ready.
        match select(co.ayield((3, Live::new(&live))), async {}.boxed_local()).await {
            Either::Left(_) => panic!("nobody has taken the item"),
            Either::Right(_) => {}
        }
        co.ayield((4, Live::new(&live))).await;
    }));
    let items: Vec<u8> = block_on(g.by_ref().map(|(n, _)| n).collect());
    assert_eq!(items, [4]);
    assert_eq!(live.get(), 0);
}

#[test]
fn an_ayield_is_offered_when_it_is_polled_not_when_it_is_made() {
    let mut g = pin!(generator(async |mut co: Co<'_, u8>| {
        let item = co.ayield(1);
        yield_now().await;
        item.await;
    }));
    assert_eq!(now(g.next()), None);
    assert!(g.is_running());
    assert_eq!(now(g.next()), Some(Some(1)));
}

#[test]
fn a_forgotten_ayield_harms_nobody() {
    let live = Rc::new(Cell::new(0));
    {
        let mut g = pin!(generator(async |mut co: Co<'_, Live>| {
            std::mem::forget(co.ayield(Live::new(&live)));
            co.ayield(Live::new(&live)).await;
            std::mem::forget(co.ayield(Live::new(&live)));
        }));
        assert_eq!(block_on(g.by_ref().count()), 1);
    }
    assert_eq!(live.get(), 0, "what was left in the airlock is dropped with it");
}

#[test]
fn yield_from_forwards_a_stream() {
    let g = generator(async |mut co: Co<'_, u64>| {
        co.yield_from(futures::stream::iter([1, 2])).await;
        co.yield_from(generator(async |mut co: Co<'_, u64>| {
            yield_now().await;
            co.ayield(3).await;
        }))
        .await;
        co.ayield(4).await;
    });
    assert_eq!(block_on(g.collect::<Vec<_>>()), [1, 2, 3, 4]);
}

#[test]
fn a_generator_in_a_generator_yields_to_either() {
    let g = generator(async |mut co: Co<'_, u64>| {
        let outer = &mut co;
        let mut inner = pin!(generator(async |mut co: Co<'_, &str>| {
            outer.ayield(1).await;
            co.ayield("a").await;
            outer.ayield(2).await;
            co.ayield("b").await;
        }));
        let mut all = String::new();
        while let Some(s) = inner.next().await {
            all += s;
        }
        assert_eq!(all, "ab");
    });
    assert_eq!(block_on(g.collect::<Vec<_>>()), [1, 2]);
}

#[test]
fn the_error_of_a_try_stream_is_its_last_item() {
    let mut items = pin!(
        generator(async |mut co: Co<'_, u32>| {
            co.ayield("5".parse()?).await;
            co.ayield("x".parse()?).await;
            Ok::<(), ParseIntError>(())
        })
        .try_stream()
    );
    assert_eq!(block_on(items.next()), Some(Ok(5)));
    assert!(block_on(items.next()).is_some_and(|item| item.is_err()));
    assert_eq!(block_on(items.next()), None);
    assert!(items.is_terminated());
    assert_eq!(items.size_hint(), (0, Some(0)));
}

#[test]
fn a_boxed_one_can_be_moved_and_sent() {
    let mut g = generator(async |mut co: Co<'_, u64>| {
        co.ayield(1).await;
        co.ayield(2).await;
    })
    .boxed();
    assert_eq!(block_on(g.next()), Some(1));
    let g = std::thread::spawn(move || {
        assert_eq!(block_on(g.next()), Some(2));
        g
    })
    .join()
    .unwrap();
    assert_eq!(block_on(g.collect::<Vec<_>>()), []);
}

#[test]
fn it_runs_on_a_multi_thread_runtime() {
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let sum = rt.block_on(async {
        tokio::spawn(async {
            let mut g = pin!(generator(async |mut co: Co<'_, u64>| {
                for i in 0..100 {
                    co.ayield(i).await;
                    tokio::task::yield_now().await;
                }
            }));
            let mut sum = 0;
            while let Some(x) = g.as_mut().anext().await {
                sum += x;
            }
            sum
        })
        .await
        .unwrap()
    });
    assert_eq!(sum, 4950);
}

#[test]
fn spurious_polls_change_nothing() {
    let mut g = pin!(generator(async |mut co: Co<'_, u64>| {
        let mut item = pin!(co.ayield(1));
        let mut cx = Context::from_waker(Waker::noop());
        for _ in 0..5 {
            assert!(item.as_mut().poll(&mut cx).is_pending());
        }
        item.await;
        pending::<()>().await;
    }));
    assert_eq!(now(g.next()), Some(Some(1)));
    for _ in 0..1000 {
        assert_eq!(poll_once(Pin::new(&mut g.next())), Poll::Pending);
    }
    assert!(g.is_running());
}
