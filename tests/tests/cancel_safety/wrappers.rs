//! What runs a future of the caller's.

use crate::{
    probe::{Probe, turns},
    table::rows,
};
use asynkit::{
    ContextVar, CoroStart, InterruptExt as _, InterruptKind, awaitmethod, copy_context, coro_await, shield,
    spawn, task_timeout, task_timeout_at, throw_when, try_task_timeout,
};
use futures::FutureExt as _;
use std::{
    error::Error,
    fmt::Debug,
    future::{Future, IntoFuture, pending},
    rc::Rc,
    time::{Duration, Instant},
};

rows! {
    Runs point: "interrupt/point.rs: interruptible", "interrupt/point.rs: Interruptible";
    Runs try_point: "interrupt/point.rs: try_interruptible", "interrupt/point.rs: TryInterruptible";
    Runs shielded: "interrupt/shield.rs: shield", "interrupt/shield.rs: Shield";
    Runs thrown_when: "interrupt/throw_when.rs: throw_when", "interrupt/throw_when.rs: ThrowWhen";
    Runs limited: "interrupt/timeout.rs: task_timeout", "interrupt/timeout.rs: TaskTimeout";
    Runs limited_at: "interrupt/timeout.rs: task_timeout_at", "interrupt/timeout.rs: TaskTimeout";
    Runs try_limited: "interrupt/timeout.rs: try_task_timeout", "interrupt/timeout.rs: TryTaskTimeout";
    Runs in_scope: "context/scope.rs: scope", "context/scope.rs: Scope";
    Runs in_context: "context/scope.rs: coro_await";
    Runs as_coroutine: "context/start.rs: as_coroutine";
    Runs method: "awaitable.rs: Await";
}

type Failure = Box<dyn Error>;

const LONG: Duration = Duration::from_secs(3600);

/// One is left with what it runs; another one, that no stop of the first one's task reaches, does what it would have done.
async fn wrapper<F>(p: &Rc<Probe>, mut wrap: impl FnMut() -> F) -> String
where
    F: IntoFuture<Output: Debug + 'static, IntoFuture: 'static>,
{
    let _value = p.leave(wrap()).await;
    format!("{:?}", spawn(wrap().into_future()).await.unwrap())
}

/// The body, where an error is wanted.
fn fallible(p: &Rc<Probe>) -> impl Future<Output = Result<u32, Failure>> + use<> {
    p.body().map(Ok)
}

async fn point(p: Rc<Probe>) -> String {
    wrapper(&p, || p.body().interruptible()).await
}

async fn try_point(p: Rc<Probe>) -> String {
    wrapper(&p, || fallible(&p).try_interruptible()).await
}

async fn shielded(p: Rc<Probe>) -> String {
    wrapper(&p, || shield(p.body())).await
}

async fn thrown_when(p: Rc<Probe>) -> String {
    wrapper(&p, || throw_when(pending::<()>(), InterruptKind::Cancel, p.body())).await
}

async fn limited(p: Rc<Probe>) -> String {
    wrapper(&p, || task_timeout(LONG, p.body())).await
}

async fn limited_at(p: Rc<Probe>) -> String {
    wrapper(&p, || task_timeout_at(Instant::now() + LONG, p.body())).await
}

async fn try_limited(p: Rc<Probe>) -> String {
    wrapper(&p, || try_task_timeout(LONG, fallible(&p))).await
}

static PLACE: ContextVar<u32> = ContextVar::new();

/// What is set in the context, after its first turn.
async fn sets(body: impl Future<Output = u32>) -> u32 {
    turns(1).await;
    PLACE.set(1);
    body.await
}

async fn in_scope(p: Rc<Probe>) -> String {
    let mut context = copy_context();
    p.leave(context.scope(sets(p.body()))).await;
    // Nobody else is in it.
    let outside = PLACE.get();
    let value = context.scope(sets(p.body())).await;
    format!("{outside:?} {value} {:?} {:?}", context.run(|| PLACE.get()), PLACE.get())
}

async fn in_context(p: Rc<Probe>) -> String {
    let mut context = copy_context();
    p.leave(coro_await(sets(p.body()), &mut context)).await;
    let outside = PLACE.get();
    let value = coro_await(sets(p.body()), &mut context).await;
    format!("{outside:?} {value} {:?} {:?}", context.run(|| PLACE.get()), PLACE.get())
}

async fn as_coroutine(p: Rc<Probe>) -> String {
    let mut context = copy_context();
    p.leave(CoroStart::boxed(sets(p.body())).as_coroutine(&mut context)).await;
    let outside = PLACE.get();
    let value = CoroStart::boxed(sets(p.body())).as_coroutine(&mut context).await;
    format!("{outside:?} {value} {:?} {:?}", context.run(|| PLACE.get()), PLACE.get())
}

struct Method(Rc<Probe>);

#[awaitmethod(local)]
impl IntoFuture for Method {
    async fn into_future(self) -> u32 {
        self.0.body().await
    }
}

async fn method(p: Rc<Probe>) -> String {
    wrapper(&p, || Method(Rc::clone(&p))).await
}
