//! `Co::share`: branches that yield.

use super::{Live, send};
use asynkit::{AsyncGenerator as _, Co, Interrupt, generator};
use asynkit_tests::{block_on, forget, now, poll_once};
use futures::{StreamExt as _, stream::FuturesUnordered};
use std::{cell::Cell, pin::pin, rc::Rc};

#[test]
fn joined_branches_take_turns() {
    let g = generator(async |mut co: Co<'_, u64>| {
        let co = co.share();
        futures::join!(
            async {
                co.ayield(1).await;
                co.ayield(2).await;
            },
            async {
                co.ayield(10).await;
                co.ayield(20).await;
            }
        );
    });
    let mut g = pin!(g);
    let mut items = vec![];
    while let Some(item) = now(g.next()).expect("a resume reaches one of the branches") {
        items.push(item);
    }
    items.sort_unstable();
    assert_eq!(items, [1, 2, 10, 20]);
}

#[test]
fn branches_of_futures_unordered_keep_their_order() {
    let g = send(generator(async |mut co: Co<'_, u64>| {
        let co = co.share();
        let mut branches: FuturesUnordered<_> = (0..50).map(|i| co.ayield(i)).collect();
        while branches.next().await.is_some() {}
    }));
    assert_eq!(block_on(g.collect::<Vec<_>>()), (0..50).collect::<Vec<_>>());
}

#[test]
fn answers_reach_the_branch_that_asked() {
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Result<u32, Interrupt>>| {
        let co = co.share();
        // The second one is polled first, and has to wait until the first has picked up its answer.
        let mut first = pin!(co.ayield(1));
        assert!(futures::poll!(first.as_mut()).is_pending());
        let (b, a) = futures::join!(co.ayield(2), first);
        assert_eq!((a.unwrap(), b.unwrap()), (10, 20));
    }));
    block_on(async {
        assert_eq!(g.as_mut().anext().await, Some(1));
        assert_eq!(g.as_mut().asend(10).await, Ok(Some(2)));
        assert_eq!(g.as_mut().asend(20).await, Ok(None));
    });
}

#[test]
fn answers_reach_branches_of_futures_unordered() {
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Result<u32, Interrupt>>| {
        let co = co.share();
        let mut branches: FuturesUnordered<_> =
            (0..5).map(|i| async move { assert_eq!(co.ayield(i).await.unwrap(), i * 10) }).collect();
        while branches.next().await.is_some() {}
    }));
    block_on(async {
        let mut item = g.as_mut().anext().await;
        while let Some(n) = item {
            item = g.as_mut().asend(n * 10).await.unwrap();
        }
    });
}

#[test]
fn a_dropped_branch_passes_its_turn_on() {
    let live = Rc::new(Cell::new(0));
    let mut g = pin!(generator(async |mut co: Co<'_, (u8, Live)>| {
        let co = co.share();
        let mut first = Box::pin(co.ayield((1, Live::new(&live))));
        let mut second = Box::pin(co.ayield((2, Live::new(&live))));
        let third = co.ayield((3, Live::new(&live)));
        assert!(poll_once(first.as_mut()).is_pending());
        assert!(poll_once(second.as_mut()).is_pending());
        drop(first);
        drop(second);
        third.await;
    }));
    let items: Vec<u8> = block_on(g.by_ref().map(|(n, _)| n).collect());
    assert_eq!(items, [3]);
    assert_eq!(live.get(), 0);
}

#[test]
fn what_a_forgotten_branch_holds_is_free_at_the_next_share() {
    let mut g = pin!(generator(async |mut co: Co<'_, u8>| {
        {
            let co = co.share();
            let mut first = Box::pin(co.ayield(1));
            assert!(poll_once(first.as_mut()).is_pending());
            forget(first);
        }
        co.share().ayield(2).await;
        co.ayield(3).await;
    }));
    assert_eq!(now(g.next()), Some(Some(2)));
    assert_eq!(now(g.next()), Some(Some(3)));
    assert_eq!(now(g.next()), Some(None));
}

#[test]
fn copies_of_a_handle_may_be_used_from_several_threads() {
    let g = generator(async |mut co: Co<'_, u64>| {
        let co = co.share();
        std::thread::scope(|scope| {
            for i in 0..4 {
                scope.spawn(move || {
                    for n in 0..200 {
                        let mut item = pin!(co.ayield(i * 1000 + n));
                        let _ = poll_once(item.as_mut());
                        let _ = poll_once(item.as_mut());
                    }
                });
            }
        });
        co.ayield(7).await;
    });
    assert_eq!(block_on(g.collect::<Vec<_>>()), [7]);
}
