//! Monitors, and what talks through them.

use crate::{
    probe::{Probe, turns},
    table::rows,
};
use asynkit::{BoundMonitor, InterruptExt as _, Monitor, MonitorError, Step, shield};
use futures::poll;
use std::{
    future::{Future, pending, poll_fn},
    pin::{Pin, pin},
    rc::Rc,
};

rows! {
    Stays asend: "monitor/monitors.rs: asend", "monitor/futures.rs: Asend";
    Stays aawait: "monitor/monitors.rs: aawait";
    Safe resume: "monitor/monitors.rs: resume";
    Stays try_await: "monitor/monitors.rs: try_await", "monitor/futures.rs: TryAwait";
    Safe start: "monitor/monitors.rs: start", "monitor/futures.rs: Start";
    Stays athrow: "monitor/monitors.rs: athrow", "monitor/throw.rs: Athrow";
    Stays aclose: "monitor/monitors.rs: aclose", "monitor/throw.rs: Aclose";
    Stays bound_asend: "monitor/bound.rs: asend";
    Stays bound_aawait: "monitor/bound.rs: aawait", "monitor/bound.rs: BoundMonitor", "monitor/monitors.rs: bind";
    Safe bound_resume: "monitor/bound.rs: resume";
    Stays bound_try_await: "monitor/bound.rs: try_await";
    Safe bound_start: "monitor/bound.rs: start";
    Stays bound_athrow: "monitor/bound.rs: athrow";
    Stays bound_aclose: "monitor/bound.rs: aclose";
    Stays oob: "monitor/monitors.rs: oob", "monitor/oob.rs: Oob";
}

type Talk = Monitor<u32, u32>;
type Talker<'a> = Pin<Box<dyn Future<Output = u32> + 'a>>;

/// Asks its owner, notes the answer, works, and asks again; told of nothing, so that who drives it is.
fn asks<'a>(p: &Rc<Probe>, m: &'a Talk) -> Talker<'a> {
    let p = Rc::clone(p);
    Box::pin(shield(async move {
        turns(2).await;
        let answer = m.oob(1).await.unwrap();
        p.note(answer);
        turns(3).await;
        let last = m.oob(2).await.unwrap();
        p.note(format!("end:{last}"));
        last
    }))
}

/// Is told in a wait, and cleans up before it goes on.
fn cleans<'a>(p: &Rc<Probe>, m: &'a Talk) -> Talker<'a> {
    let p = Rc::clone(p);
    Box::pin(async move {
        if let Err(told) = pending::<()>().interruptible().await {
            p.note(told);
            turns(3).await;
            p.note("clean");
        }
        let last = m.oob(1).await.unwrap_or(0);
        p.note(format!("end:{last}"));
        last
    })
}

/// Goes on to the end from wherever it was left; each answer is 6 now.
async fn go_on(p: &Probe, m: &Talk, mut c: Pin<&mut (impl Future<Output = u32> + ?Sized)>) -> String {
    assert!(!m.is_active(), "the call that was left drives on");
    while !p.noted().contains("end") {
        let mut data = Some(6);
        let step = match poll_fn(|cx| m.poll_asend(c.as_mut(), &mut data, cx)).await {
            Err(MonitorError::NotWaiting) => m.resume(c.as_mut()).await,
            step => step.unwrap(),
        };
        match step {
            Step::Oob(item) => p.note(format!("item:{item}")),
            Step::Done(_) => break,
        }
    }
    p.noted()
}

/// The same of one that waits for an error: it was told, or nobody will tell it.
async fn is_told(p: &Probe, m: &Talk, c: Pin<&mut (impl Future<Output = u32> + ?Sized)>) -> String {
    if p.noted().is_empty() { "untold".to_owned() } else { go_on(p, m, c).await }
}

/// One call on a coroutine that is at its first `oob`.
macro_rules! at_oob {
    ($($name:ident, $bound:ident: $call:ident $args:tt;)+) => {$(
        async fn $name(p: Rc<Probe>) -> String {
            let m = Talk::new();
            let mut c = asks(&p, &m);
            assert_eq!(m.start(c.as_mut()).await, Ok(1));
            let _step = p.leave(at_oob!(m.$call, c.as_mut(), $args)).await;
            go_on(&p, &m, c.as_mut()).await
        }

        async fn $bound(p: Rc<Probe>) -> String {
            let m = Talk::new();
            let mut bound = m.bind(asks(&p, &m));
            assert_eq!(bound.start().await, Ok(1));
            let _step = p.leave(bound.$call $args).await;
            finish(&p, bound).await
        }
    )+};
    ($m:ident.$call:ident, $c:expr, ()) => { $m.$call($c) };
    ($m:ident.$call:ident, $c:expr, ($arg:expr)) => { $m.$call($c, $arg) };
}

at_oob! {
    asend, bound_asend: asend(5);
    aawait, bound_aawait: aawait();
    try_await, bound_try_await: try_await(5);
}

/// [`go_on`] of a bound one.
async fn finish<'a>(p: &Probe, mut bound: BoundMonitor<&'a Talk, Talker<'a>>) -> String {
    assert!(!bound.monitor().is_active(), "the call that was left drives on");
    while !p.noted().contains("end") {
        let mut data = Some(6);
        let step = match poll_fn(|cx| bound.poll_asend(&mut data, cx)).await {
            Err(MonitorError::NotWaiting) => bound.resume().await,
            step => step.unwrap(),
        };
        match step {
            Step::Oob(item) => p.note(format!("item:{item}")),
            Step::Done(_) => break,
        }
    }
    p.noted()
}

async fn resume(p: Rc<Probe>) -> String {
    let m = Talk::new();
    let mut c = asks(&p, &m);
    assert!(poll!(m.aawait(c.as_mut())).is_pending());
    let step = p.leave(m.resume(c.as_mut())).await;
    assert!(step.is_none_or(|step| step == Step::Oob(1)));
    go_on(&p, &m, c.as_mut()).await
}

async fn bound_resume(p: Rc<Probe>) -> String {
    let m = Talk::new();
    let mut bound = m.bind(asks(&p, &m));
    assert!(poll!(bound.aawait()).is_pending());
    let step = p.leave(bound.resume()).await;
    assert!(step.is_none_or(|step| step == Step::Oob(1)));
    finish(&p, bound).await
}

async fn start(p: Rc<Probe>) -> String {
    let m = Talk::new();
    let mut c = asks(&p, &m);
    let first = match p.leave(m.start(c.as_mut())).await {
        Some(first) => first,
        None => m.start(c.as_mut()).await,
    };
    format!("{first:?} {}", go_on(&p, &m, c.as_mut()).await)
}

async fn bound_start(p: Rc<Probe>) -> String {
    let m = Talk::new();
    let mut bound = m.bind(asks(&p, &m));
    let first = match p.leave(bound.start()).await {
        Some(first) => first,
        None => bound.start().await,
    };
    format!("{first:?} {}", finish(&p, bound).await)
}

async fn athrow(p: Rc<Probe>) -> String {
    let m = Talk::new();
    let mut c = cleans(&p, &m);
    assert!(poll!(m.aawait(c.as_mut())).is_pending());
    drop(p.leave(m.athrow(c.as_mut(), "go")).await);
    is_told(&p, &m, c.as_mut()).await
}

async fn aclose(p: Rc<Probe>) -> String {
    let m = Talk::new();
    let mut c = cleans(&p, &m);
    assert!(poll!(m.aawait(c.as_mut())).is_pending());
    let _closed = p.leave(m.aclose(c.as_mut())).await;
    is_told(&p, &m, c.as_mut()).await
}

async fn bound_athrow(p: Rc<Probe>) -> String {
    let m = Talk::new();
    let mut bound = m.bind(cleans(&p, &m));
    assert!(poll!(bound.aawait()).is_pending());
    drop(p.leave(bound.athrow("go")).await);
    if p.noted().is_empty() { "untold".to_owned() } else { finish(&p, bound).await }
}

async fn bound_aclose(p: Rc<Probe>) -> String {
    let m = Talk::new();
    let mut bound = m.bind(cleans(&p, &m));
    assert!(poll!(bound.aawait()).is_pending());
    let _closed = p.leave(bound.aclose()).await;
    if p.noted().is_empty() { "untold".to_owned() } else { finish(&p, bound).await }
}

/// Its item is sent when the owner has taken it; the next one gets its own answer.
async fn oob(p: Rc<Probe>) -> String {
    let m = Talk::new();
    let c = pin!(async {
        let _answer = p.leave(m.oob(1)).await;
        turns(1).await;
        shield(m.oob(2)).await.unwrap()
    });
    let mut c: Pin<&mut dyn Future<Output = u32>> = c;
    let mut step = m.aawait(c.as_mut()).await;
    while let Step::Oob(item) = step {
        p.note(format!("item:{item}"));
        // Others have their turns: this may be told meanwhile.
        turns(1).await;
        step = m.asend(c.as_mut(), item * 10).await;
    }
    format!("{} {step:?}", p.noted())
}
