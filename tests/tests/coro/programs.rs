//! Programs that users write, whole.

use asynkit::{Coro, CoroStart, Ignored, ThrowError, copy_context, coro, coro_is_new, coro_iter, start};
use asynkit_tests::block_on;
use std::{
    error::Error,
    io,
    pin::{Pin, pin},
};

/// Every form of a started coroutine.
async fn forms() -> Result<u32, Box<dyn Error>> {
    let boxed = CoroStart::boxed(async { 1 });
    let by_value = CoroStart::boxed(std::future::ready(1));
    assert!(by_value.is_done());
    let mut future = pin!(async { Ok::<u8, io::Error>(1) });
    coro!(let slot = future.as_mut());
    let mut pinned = CoroStart::deferred(slot).start();
    assert!(pinned.error().is_none());
    match pinned.throw("x", 2) {
        Ok(value) => panic!("it was done with {value:?}"),
        Err(ThrowError::Ignored) => panic!("it does not suspend"),
        Err(error) => assert!(matches!(error, ThrowError::Finished(_))),
    }
    assert!(pinned.athrow("x").await.is_err());
    pinned.aclose().await?;
    Ok(match boxed.into_result() {
        Ok(value) => value,
        Err(boxed) => boxed.await,
    })
}

#[test]
fn every_form_of_a_started_coroutine() {
    assert_eq!(block_on(forms()).unwrap(), 1);
}

#[test]
fn started_in_place_and_closed() -> Result<(), Ignored> {
    start!(let mut c = async { 1 });
    c.close()
}

#[test]
fn a_slot_awaited_by_its_pin() {
    let value = block_on(async {
        coro!(let mut c = async { 1 });
        if coro_is_new(&c) { c.as_mut().await } else { 0 }
    });
    assert_eq!(value, 1);
}

#[test]
fn started_in_a_context_and_the_rest_in_another_one() {
    let mut context = copy_context();
    let c = CoroStart::deferred(Box::pin(Coro::new(async { 1 }))).start_in(&mut context);
    assert_eq!(block_on(c.as_coroutine(&mut context)), 1);
}

#[test]
fn the_suspensions_of_a_coroutine() {
    assert_eq!(coro_iter(pin!(async { 1 })).count(), 0);
}

/// Stored in a struct, with what it borrows.
struct Stored<'a> {
    c: CoroStart<Box<Coro<BoxFuture<'a, u8>>>>,
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

#[test]
fn stored_in_a_struct() {
    let n = 7;
    let stored = Stored { c: CoroStart::boxed(Box::pin(async { n })) };
    assert_eq!(block_on(stored.c), 7);
}

#[test]
fn a_request_in_flight_while_other_work_is_done() {
    async fn fetch() -> u32 {
        asynkit_tests::yield_now().await;
        1
    }
    block_on(async {
        start!(let c = fetch());
        if c.is_done() {
            assert_eq!(c.result(), Some(&1));
        } else {
            assert_eq!(c.await, 1);
        }
    });
}
