//! Coroutines that are thrown into, and started ones.

use crate::{
    probe::{Probe, turns},
    table::rows,
};
use asynkit::{Coro, CoroStart, InterruptExt as _};
use std::{
    future::{Future, pending},
    pin::pin,
    rc::Rc,
};

rows! {
    Runs coro: "coro/slot.rs: Coro";
    Safe started: "coro/start.rs: CoroStart", "coro/deferred.rs: start", "context/start.rs: start_in";
    Stays slot_athrow: "coro/slot.rs: athrow", "coro/throw.rs: Athrow";
    Stays slot_aclose: "coro/slot.rs: aclose", "coro/throw.rs: Aclose";
    Stays start_athrow: "coro/start.rs: athrow";
    Stays start_aclose: "coro/start.rs: aclose";
}

async fn coro(p: Rc<Probe>) -> String {
    p.leave(Coro::new(p.body())).await;
    Coro::new(p.body()).await.to_string()
}

/// A wait for it by reference is left; the next one goes on.
async fn started(p: Rc<Probe>) -> String {
    let mut started = CoroStart::boxed(p.body());
    match p.leave(&mut started).await {
        Some(value) => value.to_string(),
        None => started.await.to_string(),
    }
}

/// Notes what it is told, cleans up, and goes on.
fn asks(p: &Rc<Probe>) -> impl Future<Output = ()> + use<> {
    let p = Rc::clone(p);
    async move {
        if let Err(told) = pending::<()>().interruptible().await {
            p.note(told);
            turns(3).await;
            p.note("clean");
        }
    }
}

async fn slot_athrow(p: Rc<Probe>) -> String {
    let mut coro = pin!(Coro::new(asks(&p)));
    assert!(futures::poll!(coro.as_mut()).is_pending());
    drop(p.leave(coro.as_mut().athrow("go")).await);
    // It is where it was left, and goes on from there.
    coro.as_mut().aclose().await.unwrap();
    p.noted()
}

async fn slot_aclose(p: Rc<Probe>) -> String {
    let mut coro = pin!(Coro::new(asks(&p)));
    assert!(futures::poll!(coro.as_mut()).is_pending());
    let _closed = p.leave(coro.as_mut().aclose()).await;
    drop(coro.as_mut().athrow("go").await);
    p.noted()
}

async fn start_athrow(p: Rc<Probe>) -> String {
    let mut started = CoroStart::boxed(asks(&p));
    drop(p.leave(started.athrow("go")).await);
    started.aclose().await.unwrap();
    p.noted()
}

async fn start_aclose(p: Rc<Probe>) -> String {
    let mut started = CoroStart::boxed(asks(&p));
    let _closed = p.leave(started.aclose()).await;
    drop(started.athrow("go").await);
    p.noted()
}
