//! `aiter_sync`: lazy, closed when it ends, finished after an error.

use crate::leaves::{Blocks, OnDrop, null_sleep};
use asynkit::{InterruptExt as _, SyncDrive, aiter_sync, drive::BlockReason};
use futures::stream::{self, Stream, StreamExt as _};
use std::{cell::Cell, pin::pin};

/// Numbers; what comes before number `at` is up to `wait`. `closed` counts how often it was dropped.
fn numbers<'a>(at: u32, wait: impl AsyncFn() + 'a, closed: &'a Cell<u32>) -> impl Stream<Item = u32> + 'a {
    let guard = OnDrop(|| closed.set(closed.get() + 1));
    stream::unfold((0, guard, wait), move |(n, guard, wait)| async move {
        if n == at {
            wait().await;
        }
        (n < 4).then_some((n, (n + 1, guard, wait)))
    })
}

#[test]
fn items_are_driven_when_they_are_asked_for() {
    let made = Cell::new(0);
    let source = stream::repeat_with(|| made.replace(made.get() + 1));
    let mut items = aiter_sync(source);
    assert_eq!(made.get(), 0);
    assert_eq!(items.next().unwrap().unwrap(), 0);
    assert_eq!(items.next().unwrap().unwrap(), 1);
    assert_eq!(made.get(), 2);
}

#[test]
fn null_sleeps_between_items_are_polled_on() {
    let closed = Cell::new(0);
    let items = aiter_sync(Box::pin(numbers(2, null_sleep, &closed)));
    assert_eq!(items.collect::<Result<Vec<_>, _>>().unwrap(), [0, 1, 2, 3]);
    assert_eq!(closed.get(), 1);
    let strict = SyncDrive::new().strict(true);
    let mut items = strict.iter(Box::pin(numbers(1, null_sleep, &closed)));
    assert_eq!(items.next().unwrap().unwrap(), 0);
    assert_eq!(items.next().unwrap().unwrap_err().reason(), BlockReason::WokeItself);
    assert!(items.next().is_none());
}

#[test]
fn an_item_that_blocks_is_the_last_and_closes_the_source_before_it_is_seen() {
    let closed = Cell::new(0);
    let mut items = aiter_sync(Box::pin(numbers(1, async || Blocks::default().await, &closed)));
    assert_eq!(items.next().unwrap().unwrap(), 0);
    let error = items.next().unwrap().unwrap_err();
    assert_eq!(closed.get(), 1);
    assert_eq!(error.reason(), BlockReason::Waiting);
    assert_eq!(error.called_at().file(), file!());
    assert!(items.next().is_none());
    assert!(items.next().is_none());
    assert_eq!(items.size_hint(), (0, Some(0)));
}

#[test]
fn a_source_that_takes_the_abort_goes_on() {
    let closed = Cell::new(0);
    let wait = async || assert!(Blocks::default().interruptible().await.is_err());
    let items = aiter_sync(Box::pin(numbers(1, wait, &closed)));
    assert_eq!(items.collect::<Result<Vec<_>, _>>().unwrap(), [0, 1, 2, 3]);
}

#[test]
fn a_source_by_value_is_closed_with_the_iterator_and_one_by_reference_is_not() {
    let closed = Cell::new(0);
    drop(aiter_sync(Box::pin(numbers(9, null_sleep, &closed))));
    assert_eq!(closed.get(), 1);
    let mut source = pin!(numbers(9, null_sleep, &closed));
    assert_eq!(aiter_sync(source.as_mut()).next().unwrap().unwrap(), 0);
    assert_eq!(closed.get(), 1);
    let rest = smol::block_on(source.collect::<Vec<_>>());
    assert_eq!(rest, [1, 2, 3]);
}

#[test]
fn a_source_is_closed_when_it_ends() {
    let closed = Cell::new(0);
    let mut items = aiter_sync(Box::pin(numbers(9, null_sleep, &closed)));
    assert_eq!(items.by_ref().count(), 4);
    assert_eq!(closed.get(), 1);
    assert!(items.next().is_none());
    assert!(items.into_inner().is_none());
}

#[test]
fn the_size_hint_allows_for_an_error_in_place_of_an_item() {
    let items = aiter_sync(stream::iter([1, 2, 3]));
    assert_eq!(items.size_hint(), (1, Some(4)));
    assert_eq!(aiter_sync(stream::empty::<u8>()).size_hint(), (0, Some(1)));
    assert_eq!(aiter_sync(stream::repeat(1)).size_hint(), (1, None));
}

#[test]
fn it_can_be_printed() {
    let mut items = aiter_sync(stream::iter([1]));
    assert!(format!("{items:?}").contains("is_finished: false"));
    assert_eq!(items.by_ref().count(), 1);
    assert!(format!("{items:?}").contains("is_finished: true"));
}
