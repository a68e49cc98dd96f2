//! Messages to and from a suspended coroutine: a number there, a number back.

use std::future::Future;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::Poll;

use asynkit::{LocalMonitor, Monitor, Step};
use asynkit_benches::Row;
use corosensei::{Coroutine, CoroutineResult, Yielder};
use futures::StreamExt;
use futures::channel::{mpsc as futures_mpsc, oneshot as futures_oneshot};
use genawaiter::{GeneratorState, rc, sync};
use tokio::sync::{mpsc, oneshot};

use crate::util::{Boxed, context, finish};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("monitor: round trip, local")
            .ours(local)
            .at_most(36.0)
            .by("genawaiter rc", genawaiter_rc)
            .by("corosensei", stackful),
        Row::new("monitor: round trip, local, inlined")
            .ours(local_inlined)
            .at_most(36.0)
            .by("genawaiter rc", genawaiter_rc_inlined),
        Row::new("monitor: round trip, local, behind dyn").ours(local_dyn),
        Row::new("monitor: round trip, shared, inlined").ours(shared_inlined).at_most(64.0),
        Row::new("monitor: round trip, shared")
            .ours(shared)
            .at_most(64.0)
            .by("genawaiter sync", genawaiter_sync)
            .by("tokio mpsc + oneshot", tokio_oneshot)
            .by("tokio mpsc pair", tokio_pair)
            .by("futures mpsc + oneshot", futures_oneshot)
            .by("futures mpsc pair", futures_pair),
    ]
}

/// The owner's side: it knows the coroutine's type, and the optimiser does not know where the coroutine lies.
fn exchange<C>(n: u32, coroutine: Pin<Box<C>>, mut ask: impl FnMut(Pin<&mut C>, u64) -> u64) {
    let mut coroutine = black_box(coroutine);
    let mut sum = 0_u64;
    for i in 0..n {
        sum = sum.wrapping_add(ask(coroutine.as_mut(), u64::from(i)));
    }
    black_box(sum);
}

fn local(n: u32) {
    let monitor = LocalMonitor::<u64, u64>::new();
    let mut echo = Box::pin(async {
        let mut input = 0;
        while let Ok(answer) = monitor.oob(input + 1).await {
            input = answer;
        }
    });
    _ = finish(pin!(monitor.aawait(echo.as_mut())));
    exchange(n, echo, |echo, input| match now(monitor.asend(echo, input)) {
        Step::Oob(output) => output,
        Step::Done(()) => 0,
    });
}

/// A coroutine whose type nobody knows any more.
fn local_dyn(n: u32) {
    let monitor = LocalMonitor::<u64, u64>::new();
    let mut echo: Boxed<'_, ()> = Box::pin(async {
        let mut input = 0;
        while let Ok(answer) = monitor.oob(input + 1).await {
            input = answer;
        }
    });
    _ = finish(pin!(monitor.aawait(echo.as_mut())));
    let mut echo = black_box(echo);
    let mut sum = 0_u64;
    for i in 0..n {
        if let Step::Oob(output) = now(monitor.asend(echo.as_mut(), u64::from(i))) {
            sum = sum.wrapping_add(output);
        }
    }
    black_box(sum);
}

/// Both sides in one function, as in a task that drives a coroutine of its own: the compiler sees all of it.
fn local_inlined(n: u32) {
    let monitor = LocalMonitor::<u64, u64>::new();
    let mut echo = pin!(async {
        let mut input = 0;
        while let Ok(answer) = monitor.oob(black_box(input + 1)).await {
            input = answer;
        }
    });
    let mut cx = context();
    let mut sum = 0_u64;
    for _ in 0..n {
        let Poll::Ready(Step::Oob(output)) = pin!(monitor.aawait(echo.as_mut())).poll(&mut cx) else {
            return;
        };
        sum = sum.wrapping_add(output);
    }
    black_box(sum);
}

fn shared_inlined(n: u32) {
    let monitor = Monitor::<u64, u64>::new();
    let mut echo = pin!(async {
        let mut input = 0;
        while let Ok(answer) = monitor.oob(black_box(input + 1)).await {
            input = answer;
        }
    });
    let mut cx = context();
    let mut sum = 0_u64;
    for _ in 0..n {
        let Poll::Ready(Step::Oob(output)) = pin!(monitor.aawait(echo.as_mut())).poll(&mut cx) else {
            return;
        };
        sum = sum.wrapping_add(output);
    }
    black_box(sum);
}

fn genawaiter_rc_inlined(n: u32) {
    async fn echo(co: rc::Co<u64, u64>) {
        let mut input = 0;
        loop {
            input = co.yield_(black_box(input + 1)).await;
        }
    }
    let mut generator = rc::Gen::new(echo);
    let mut sum = 0_u64;
    for i in 0..n {
        if let GeneratorState::Yielded(output) = generator.resume_with(u64::from(i)) {
            sum = sum.wrapping_add(output);
        }
    }
    black_box(sum);
}

fn shared(n: u32) {
    let monitor = Monitor::<u64, u64>::new();
    let mut echo = Box::pin(async {
        let mut input = 0;
        while let Ok(answer) = monitor.oob(input + 1).await {
            input = answer;
        }
    });
    _ = finish(pin!(monitor.aawait(echo.as_mut())));
    exchange(n, echo, |echo, input| match now(monitor.asend(echo, input)) {
        Step::Oob(output) => output,
        Step::Done(()) => 0,
    });
}

fn genawaiter_rc(n: u32) {
    async fn echo(co: rc::Co<u64, u64>) {
        let mut input = 0;
        loop {
            input = co.yield_(input + 1).await;
        }
    }
    exchange(n, Box::pin(rc::Gen::new(echo)), |mut generator, input| match generator.resume_with(input) {
        GeneratorState::Yielded(output) => output,
        GeneratorState::Complete(()) => 0,
    });
}

fn genawaiter_sync(n: u32) {
    async fn echo(co: sync::Co<u64, u64>) {
        let mut input = 0;
        loop {
            input = co.yield_(input + 1).await;
        }
    }
    exchange(n, Box::pin(sync::Gen::new(echo)), |mut generator, input| match generator.resume_with(input) {
        GeneratorState::Yielded(output) => output,
        GeneratorState::Complete(()) => 0,
    });
}

fn stackful(n: u32) {
    let echo = |yielder: &Yielder<u64, u64>, mut input| loop {
        input = yielder.suspend(input + 1);
    };
    exchange(n, Box::pin(Coroutine::<u64, u64, ()>::new(echo)), |mut coroutine, input| {
        match coroutine.resume(input) {
            CoroutineResult::Yield(output) => output,
            CoroutineResult::Return(()) => 0,
        }
    });
}

/// One poll, which is ready.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut context()) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("the other side has answered"),
    }
}

// With channels, the owner sends, polls the coroutine, and receives: nobody is woken through an executor, which a
// program with two tasks would pay in addition.

fn tokio_oneshot(n: u32) {
    let (questions, mut asked) = mpsc::channel::<(u64, oneshot::Sender<u64>)>(1);
    let echo = async move {
        while let Some((input, answer)) = asked.recv().await {
            _ = answer.send(input + 1);
        }
    };
    exchange(n, Box::pin(echo), |echo, input| {
        let (answer, answered) = oneshot::channel();
        questions.try_send((input, answer)).expect("room for a question");
        _ = echo.poll(&mut context());
        now(answered).expect("an answer")
    });
}

fn tokio_pair(n: u32) {
    let (questions, mut asked) = mpsc::channel::<u64>(1);
    let (answers, mut answered) = mpsc::channel::<u64>(1);
    let echo = async move {
        while let Some(input) = asked.recv().await {
            _ = answers.send(input + 1).await;
        }
    };
    exchange(n, Box::pin(echo), |echo, input| {
        questions.try_send(input).expect("room for a question");
        _ = echo.poll(&mut context());
        now(answered.recv()).expect("an answer")
    });
}

fn futures_oneshot(n: u32) {
    let (mut questions, mut asked) = futures_mpsc::channel::<(u64, futures_oneshot::Sender<u64>)>(1);
    let echo = async move {
        while let Some((input, answer)) = asked.next().await {
            _ = answer.send(input + 1);
        }
    };
    exchange(n, Box::pin(echo), |echo, input| {
        let (answer, answered) = futures_oneshot::channel();
        questions.try_send((input, answer)).expect("room for a question");
        _ = echo.poll(&mut context());
        now(answered).expect("an answer")
    });
}

fn futures_pair(n: u32) {
    let (mut questions, mut asked) = futures_mpsc::channel::<u64>(1);
    let (mut answers, mut answered) = futures_mpsc::channel::<u64>(1);
    let echo = async move {
        while let Some(input) = asked.next().await {
            _ = answers.try_send(input + 1);
        }
    };
    exchange(n, Box::pin(echo), |echo, input| {
        questions.try_send(input).expect("room for a question");
        _ = echo.poll(&mut context());
        now(answered.next()).expect("an answer")
    });
}
