//! Yields in strange places, which compile: each goes to the generator that it was written in, or is never sent. What
//! does not compile is in `ui-tests/fail/generator`.

use asynkit::{AsyncGenerator as _, Co, aiter_sync, generator};
use asynkit_tests::{now, poll_once};
use futures::{StreamExt as _, future::select, stream::FuturesUnordered};
use std::{
    cell::RefCell,
    future::{pending, poll_fn},
    pin::pin,
    task::{Context, Poll, Waker},
    thread,
};

/// A macro of the user's that hides a block: what yields is not what is awaited here.
macro_rules! hidden {
    ($body:expr) => {
        async { $body }
    };
}

#[test]
fn a_yield_of_the_outer_awaited_in_the_inner_goes_to_the_outer() {
    let outer = generator!({
        let yields_42 = hidden!(ayield!(42_usize));
        let mut inner = pin!(generator!({
            ayield!(Box::new(1));
            yields_42.await; // not a `Box`
            ayield!(Box::new(2));
        }));
        let mut sum = 0;
        while let Some(item) = inner.next().await {
            let item: Box<usize> = item;
            sum += *item;
        }
        assert_eq!(sum, 3);
    });
    assert_eq!(aiter_sync(Box::pin(outer)).collect::<Result<Vec<_>, _>>().unwrap(), [42]);
}

#[test]
fn items_of_both_types_find_their_way_through_three_generators() {
    let outer = generator(async |mut outer: Co<'_, String>| {
        let mut middle = pin!(generator(async |mut middle: Co<'_, Vec<u8>>| {
            let mut inner = pin!(generator(async |mut inner: Co<'_, u8>| {
                inner.ayield(1).await;
                middle.ayield(vec![2]).await;
                outer.ayield("3".to_owned()).await;
                inner.ayield(4).await;
            }));
            while let Some(item) = inner.next().await {
                assert!(matches!(item, 1 | 4));
            }
        }));
        assert_eq!(middle.next().await, Some(vec![2]));
        assert_eq!(middle.next().await, None);
    });
    assert_eq!(aiter_sync(Box::pin(outer)).collect::<Result<Vec<_>, _>>().unwrap(), ["3"]);
}

#[test]
fn a_yield_that_is_polled_in_a_drive_or_a_closure_is_offered_to_its_generator() {
    let mut g = pin!(generator(async |mut co: Co<'_, u8>| {
        let mut first = pin!(co.ayield(1));
        // The drive cannot wait for the owner; the item is on offer all the same, until the yield is dropped.
        assert!(asynkit::await_sync(first.as_mut()).is_err());
        let mut poll = || first.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(poll().is_pending());
        first.await;
    }));
    assert_eq!(now(g.next()), Some(Some(1)));
    assert_eq!(now(g.next()), Some(None));
}

#[test]
fn a_yield_that_loses_a_select_is_sent_if_it_was_taken_and_else_never() {
    let mut g = pin!(generator(async |mut co: Co<'_, u8>| {
        select(co.ayield(1), pin!(async {})).await; // ready at once: not taken
        select(co.ayield(2), pending::<()>()).await;
        {
            let mut left = Box::pin(co.ayield(3));
            assert!(poll_once(left.as_mut()).is_pending());
        }
        co.ayield(4).await;
    }));
    let items: Vec<u8> = std::iter::from_fn(|| now(g.next()).unwrap()).collect();
    assert_eq!(items, [2, 4]);
}

#[test]
fn shared_yields_in_joins_sub_executors_and_scoped_threads_are_sent_once_each() {
    let mut g = pin!(generator(async |mut co: Co<'_, u8>| {
        let co = co.share();
        futures::join!(co.ayield(1), async { co.ayield(2).await });
        let mut branches: FuturesUnordered<_> = (3..5).map(|n| co.ayield(n)).collect();
        while branches.next().await.is_some() {}
        let mut fifth = pin!(co.ayield(5));
        poll_fn(|cx| {
            let waker = cx.waker();
            thread::scope(|s| {
                s.spawn(|| fifth.as_mut().poll(&mut Context::from_waker(waker))).join().unwrap()
            })
        })
        .await;
    }));
    let mut items: Vec<u8> = std::iter::from_fn(|| now(g.next()).unwrap()).collect();
    items.sort_unstable();
    assert_eq!(items, [1, 2, 3, 4, 5]);
}

#[test]
fn a_yield_made_and_left_by_a_helper_is_never_sent_later() {
    fn leaves(co: &mut Co<'_, u8>) {
        let mut item = pin!(co.ayield(1));
        assert!(poll_once(item.as_mut()).is_pending());
    }
    let log = RefCell::new(Vec::new());
    let mut g = pin!(generator(async |mut co: Co<'_, u8>| {
        leaves(&mut co);
        log.borrow_mut().push("left");
        co.ayield(2).await;
    }));
    assert_eq!(now(g.as_mut().anext()), Some(Some(2)));
    assert_eq!(now(g.as_mut().anext()), Some(None));
    assert_eq!(*log.borrow(), ["left"]);
}

#[test]
fn a_generator_that_is_polled_by_another_waker_each_time_answers_the_last() {
    let mut g = pin!(generator(async |mut co: Co<'_, u8>| {
        let mut branch = FuturesUnordered::from_iter([co.ayield(1)]);
        branch.next().await;
    }));
    let wakers: Vec<Waker> = (0..3).map(|_| Waker::from(asynkit_tests::Woken::new())).collect();
    assert_eq!(g.as_mut().poll_next_unpin(&mut Context::from_waker(&wakers[0])), Poll::Ready(Some(1)));
    assert_eq!(g.as_mut().poll_next_unpin(&mut Context::from_waker(&wakers[1])), Poll::Ready(None));
    assert_eq!(g.as_mut().poll_next_unpin(&mut Context::from_waker(&wakers[2])), Poll::Ready(None));
}
