//! Sleeps, turns and switches.

use crate::{
    probe::{Probe, turns},
    table::{paced, rows},
};
use asynkit::{
    InterruptExt as _, Task, TaskBuilder, create_task_descend, create_task_start, sleep, sleep_insert,
    sleep_until, spawn, task_interrupt, task_switch, yield_now,
};
use std::{
    cell::Cell,
    future::{Future, pending, poll_fn},
    pin::pin,
    rc::Rc,
    task::{Poll, Waker},
    time::{Duration, Instant},
};

rows! {
    Safe slept: "executor/time.rs: sleep", "executor/time.rs: Sleep";
    Safe slept_until: "executor/time.rs: sleep_until", "executor/time.rs: Sleep";
    Safe yielded: "executor/time.rs: yield_now", "executor/time.rs: YieldNow";
    Stays inserted: "schedule/position.rs: sleep_insert", "schedule/position.rs: SleepInsert";
    Stays switched: "schedule/switch.rs: task_switch", "schedule/switch.rs: TaskSwitch";
    Stays descended: "schedule/switch.rs: create_task_descend";
    Stays started: "schedule/switch.rs: create_task_start";
    Stays built_descended: "schedule/switch.rs: spawn_descend";
    Stays built_started: "schedule/switch.rs: spawn_start";
    Stays interrupted: "interrupt/throw.rs: task_interrupt", "interrupt/throw.rs: TaskInterrupt";
}

fn short() -> Duration {
    paced(Duration::from_millis(2))
}

/// Polled once, and again when somebody else has woken it after `wait`: whether that was over then, and how many turns
/// the other one has had.
async fn woken_after(wait: impl Future<Output = ()> + 'static) -> (bool, usize) {
    let waker = Rc::new(Cell::new(None::<Waker>));
    let passed = Rc::new(Cell::new((false, 0)));
    let (left, counts) = (Rc::clone(&waker), Rc::clone(&passed));
    let other = spawn(async move {
        let mut wait = pin!(wait);
        poll_fn(|cx| {
            let polled = wait.as_mut().poll(cx);
            counts.set((polled.is_ready(), counts.get().1 + 1));
            polled
        })
        .await;
        if let Some(waker) = left.take() {
            waker.wake();
        }
    });
    let mut is_begun = false;
    let at = poll_fn(|cx| {
        if is_begun {
            return Poll::Ready(passed.get());
        }
        is_begun = true;
        waker.set(Some(cx.waker().clone()));
        Poll::Pending
    })
    .await;
    other.await.unwrap();
    at
}

/// Nothing else wakes it, although the deadline that was left passes meanwhile.
async fn past(deadline: Instant) -> bool {
    woken_after(async move {
        while Instant::now() < deadline + short() {
            yield_now().await;
        }
        turns(100).await;
    })
    .await
    .0
}

async fn slept(p: Rc<Probe>) -> String {
    let deadline = Instant::now() + short();
    p.leave(sleep(short())).await;
    // One wake may be on its way.
    yield_now().await;
    let is_quiet = past(deadline).await;
    let start = Instant::now();
    sleep(short()).await;
    format!("{is_quiet} {}", start.elapsed() >= short())
}

async fn slept_until(p: Rc<Probe>) -> String {
    let deadline = Instant::now() + short();
    p.leave(sleep_until(deadline)).await;
    yield_now().await;
    let is_quiet = past(deadline).await;
    sleep_until(deadline).await;
    format!("{is_quiet} {}", Instant::now() >= deadline)
}

async fn yielded(p: Rc<Probe>) -> String {
    let passed = Rc::new(Cell::new(0));
    let counts = Rc::clone(&passed);
    let other = spawn(async move {
        for _ in 0..20 {
            counts.set(counts.get() + 1);
            yield_now().await;
        }
    });
    p.leave(yield_now()).await;
    // Each turn lets the others have theirs, and each of them one.
    let mut steps = Vec::new();
    for _ in 0..3 {
        let before = passed.get();
        yield_now().await;
        steps.push(passed.get() - before);
    }
    other.await.unwrap();
    format!("{steps:?}")
}

/// It keeps its place in the queue: it is polled there.
async fn inserted(p: Rc<Probe>) -> String {
    p.leave(sleep_insert(1)).await;
    woken_after(turns(20)).await.1.to_string()
}

/// A task that notes that it ran.
fn notes(p: &Rc<Probe>, name: &'static str) -> Task<()> {
    spawn(noting(p, name))
}

fn noting(p: &Rc<Probe>, name: &'static str) -> impl Future<Output = ()> + 'static + use<> {
    let p = Rc::clone(p);
    async move {
        p.note(name);
        yield_now().await;
        p.note(name);
    }
}

async fn switched(p: Rc<Probe>) -> String {
    let (first, second) = (notes(&p, "first"), notes(&p, "second"));
    let _switched = p.leave(task_switch(&second, None)).await;
    p.note("me");
    first.await.unwrap();
    second.await.unwrap();
    p.noted()
}

/// A child that was made has to come to its end, whether its handle has come or not.
async fn child<F: Future<Output = Task<()>>>(p: Rc<Probe>, make: F) -> String {
    drop(p.leave(make).await);
    turns(5).await;
    p.noted()
}

async fn descended(p: Rc<Probe>) -> String {
    let make = create_task_descend(noting(&p, "child"));
    child(p, make).await
}

async fn started(p: Rc<Probe>) -> String {
    let make = create_task_start(noting(&p, "child"));
    child(p, make).await
}

async fn built_descended(p: Rc<Probe>) -> String {
    let make = TaskBuilder::new(noting(&p, "child")).spawn_descend();
    child(p, make).await
}

async fn built_started(p: Rc<Probe>) -> String {
    let make = TaskBuilder::new(noting(&p, "child")).spawn_start();
    child(p, make).await
}

async fn interrupted(p: Rc<Probe>) -> String {
    let notes = Rc::clone(&p);
    let target = spawn(async move {
        let told = pending::<()>().interruptible().await;
        notes.note(told.unwrap_err());
    });
    turns(1).await;
    let _refused = p.leave(task_interrupt(&target, "go")).await;
    turns(2).await;
    target.cancel();
    target.await.unwrap();
    p.noted()
}
