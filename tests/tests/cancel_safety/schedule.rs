//! Sleeps, turns and switches.

use crate::{
    probe::{Probe, turns},
    table::rows,
};
use asynkit::{
    InterruptExt as _, Task, TaskBuilder, create_task_descend, create_task_start, sleep, sleep_insert,
    sleep_until, spawn, task_interrupt, task_switch, yield_now,
};
use std::{
    cell::Cell,
    future::{Future, pending, poll_fn},
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

const SHORT: Duration = Duration::from_millis(2);

/// Polled once, and again when somebody else has woken it after so many turns; how many those were.
async fn woken_late(turns: usize) -> usize {
    let waker = Rc::new(Cell::new(None::<Waker>));
    let passed = Rc::new(Cell::new(0));
    let (left, counts) = (Rc::clone(&waker), Rc::clone(&passed));
    let other = spawn(async move {
        for _ in 0..turns {
            yield_now().await;
            counts.set(counts.get() + 1);
        }
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

async fn slept(p: Rc<Probe>) -> String {
    p.leave(sleep(SHORT)).await;
    let start = Instant::now();
    sleep(SHORT).await;
    // What was forgotten wakes nobody.
    format!("{} {}", start.elapsed() >= SHORT, woken_late(20).await)
}

async fn slept_until(p: Rc<Probe>) -> String {
    let deadline = Instant::now() + SHORT;
    p.leave(sleep_until(deadline)).await;
    sleep_until(deadline).await;
    format!("{} {}", Instant::now() >= deadline, woken_late(20).await)
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
    woken_late(20).await.to_string()
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
