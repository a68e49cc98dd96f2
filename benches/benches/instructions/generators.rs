//! Streams written as a body that yields.

use std::future::{Future, Ready, ready};
use std::hint::black_box;
use std::ops::Range;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use asynkit::generator::{Plain, RawGenerator};
use asynkit::{Co, GeneratorObject, Step, generator};
use asynkit_benches::Row;
use corosensei::{Coroutine, CoroutineResult, Yielder};
use futures::{Stream, StreamExt};
use genawaiter::GeneratorState;
use genawaiter::stack::let_gen_using;
use genawaiter::{rc, stack, sync};

use crate::util::{Boxed, BoxedStream, boxed, boxed_stream, context, exhaust};

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = vec![
        Row::new("generator: item, sync body")
            .ours(|n| exhaust(boxed_stream(branded_sync::<0>(n)).as_mut()))
            .at_most_hoped(53.0, 49.0)
            .by("hand-written Stream", |n| exhaust(boxed_stream(Counter(0..n)).as_mut()))
            .by("async-stream", |n| exhaust(boxed_stream(async_stream_sync::<0>(n)).as_mut()))
            .by("genawaiter stack", |n| {
                let_gen_using!(generator, |co| stack_sync::<0>(co, n));
                exhaust(black_box(Box::pin(generator) as BoxedStream<'_>).as_mut());
            })
            .by("genawaiter rc", |n| exhaust(boxed_stream(rc::Gen::new(|co| rc_sync::<0>(co, n))).as_mut()))
            .by("genawaiter sync", |n| {
                exhaust(boxed_stream(sync::Gen::new(|co| locked_sync::<0>(co, n))).as_mut());
            })
            .by("corosensei", |n| exhaust(boxed_stream(stackful(n)).as_mut())),
        Row::new("generator: item, body with a ready await")
            .ours(|n| exhaust(boxed_stream(branded_ready(n)).as_mut()))
            .at_most_hoped(57.0, 49.0)
            .by("hand-written Stream", |n| {
                exhaust(boxed_stream(Awaiting { left: 0..n, item: None }).as_mut());
            })
            .by("async-stream", |n| exhaust(boxed_stream(async_stream_ready(n)).as_mut()))
            .by("genawaiter stack", |n| {
                let_gen_using!(generator, |co| stack_ready(co, n));
                exhaust(black_box(Box::pin(generator) as BoxedStream<'_>).as_mut());
            })
            .by("genawaiter rc", |n| exhaust(boxed_stream(rc::Gen::new(|co| rc_ready(co, n))).as_mut()))
            .by("genawaiter sync", |n| {
                exhaust(boxed_stream(sync::Gen::new(|co| locked_ready(co, n))).as_mut());
            }),
        Row::new("generator: item, sync body, inlined")
            .ours(|n| exhaust(pin!(branded_sync::<2>(n))))
            .by("hand-written Stream", |n| exhaust(pin!(Counter(0..n))))
            .by("async-stream", |n| exhaust(pin!(async_stream_sync::<2>(n))))
            .by("genawaiter stack", |n| {
                let_gen_using!(generator, |co| stack_sync::<2>(co, n));
                exhaust(pin!(generator));
            })
            .by("genawaiter rc", |n| exhaust(pin!(rc::Gen::new(|co| rc_sync::<2>(co, n)))))
            .by("genawaiter sync", |n| exhaust(pin!(sync::Gen::new(|co| locked_sync::<2>(co, n)))))
            .by("corosensei", |n| exhaust(pin!(stackful(n)))),
        Row::new("generator: create, one item, drop")
            .ours(|n| each(n, branded_sync::<3>))
            .by("hand-written Stream", |n| each(n, |i| Counter(0..i)))
            .by("async-stream", |n| each(n, async_stream_sync::<3>))
            .by("genawaiter stack", |n| {
                for i in 0..n {
                    let i = black_box(i + 1);
                    let_gen_using!(generator, |co| stack_sync::<3>(co, i));
                    one_item(pin!(generator));
                }
            })
            .by("genawaiter rc", |n| each(n, |i| rc::Gen::new(|co| rc_sync::<3>(co, i))))
            .by("genawaiter sync", |n| each(n, |i| sync::Gen::new(|co| locked_sync::<3>(co, i))))
            .by("corosensei", |n| each(n, stackful))
            .lengths(100, 300),
        Row::new("generator: resume argument")
            .ours(resume_branded)
            .by("hand-written poll", resume_by_hand)
            .by("genawaiter rc", |n| {
                let mut generator = black_box(Box::new(rc::Gen::new(rc_resumed)) as Box<dyn Resumed>);
                resume(&mut *generator, n);
            })
            .by("corosensei", |n| {
                let body = |yielder: &Yielder<u64, u64>, mut input| loop {
                    input = yielder.suspend(black_box(input));
                };
                let mut generator =
                    black_box(Box::new(Coroutine::<u64, u64, ()>::new(body)) as Box<dyn Resumed>);
                resume(&mut *generator, n);
            }),
    ];
    rows.extend([
        Row::new("generator: item by handle, sync body")
            .ours(|n| exhaust(boxed_stream(by_handle(n)).as_mut()))
            .by("branded", |n| exhaust(boxed_stream(branded_sync::<5>(n)).as_mut()))
            .by("genawaiter sync", |n| {
                exhaust(boxed_stream(sync::Gen::new(|co| locked_sync::<5>(co, n))).as_mut());
            }),
        Row::new("generator: item through a call of depth 1")
            .ours(|n| exhaust(boxed_stream(called(1, n)).as_mut()))
            .at_most(118.0)
            .by("hand-written forwarding", |n| exhaust(forwarded(1, n).as_mut()))
            .by("async-stream", |n| exhaust(async_stream_forwarded(1, n).as_mut())),
        Row::new("generator: item through calls of depth 4")
            .ours(|n| exhaust(boxed_stream(called(4, n)).as_mut()))
            .at_most(118.0)
            .by("hand-written forwarding", |n| exhaust(forwarded(4, n).as_mut()))
            .by("async-stream", |n| exhaust(async_stream_forwarded(4, n).as_mut())),
        Row::new("generator: item through calls of depth 16")
            .ours(|n| exhaust(boxed_stream(called(16, n)).as_mut()))
            .at_most(118.0)
            .by("hand-written forwarding", |n| exhaust(forwarded(16, n).as_mut()))
            .by("async-stream", |n| exhaust(async_stream_forwarded(16, n).as_mut())),
    ]);
    rows
}

/// Makes a stream, takes one item and drops it, `n` times.
fn each<S: Stream<Item = u64>>(n: u32, make: impl Fn(u32) -> S) {
    for i in 0..n {
        one_item(pin!(make(black_box(i + 1))));
    }
}

fn one_item<S: Stream<Item = u64>>(stream: Pin<&mut S>) {
    let stream: Pin<&mut dyn Stream<Item = u64>> = black_box(stream);
    _ = black_box(stream.poll_next(&mut context()));
}

// A body that several rows use is a copy in each, numbered: it is compiled as in a program that has only this one use.

/// What the compiler would make of the body at best.
struct Counter(Range<u32>);

impl Stream for Counter {
    type Item = u64;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u64>> {
        Poll::Ready(self.0.next().map(|i| black_box(u64::from(i))))
    }
}

/// The same of a body that awaits each item.
struct Awaiting {
    left: Range<u32>,
    item: Option<Ready<u64>>,
}

impl Stream for Awaiting {
    type Item = u64;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u64>> {
        let this = &mut *self;
        if this.item.is_none() {
            let Some(i) = this.left.next() else { return Poll::Ready(None) };
            this.item = Some(ready(black_box(u64::from(i))));
        }
        let Some(item) = &mut this.item else { return Poll::Pending };
        let Poll::Ready(item) = Pin::new(item).poll(cx) else { return Poll::Pending };
        this.item = None;
        Poll::Ready(Some(item))
    }
}

fn branded_sync<const COPY: u8>(n: u32) -> impl Stream<Item = u64> {
    generator(async move |mut co: Co<'_, u64>| {
        for i in 0..n {
            co.ayield(black_box(u64::from(i))).await;
        }
    })
}

fn branded_ready(n: u32) -> impl Stream<Item = u64> {
    generator(async move |mut co: Co<'_, u64>| {
        for i in 0..n {
            // In a statement of its own: in the argument, it would hold the borrow of `co` across the await.
            let item = ready(black_box(u64::from(i))).await;
            co.ayield(item).await;
        }
    })
}

fn by_handle(n: u32) -> impl Stream<Item = u64> {
    let g = GeneratorObject::new();
    g.clone().iterate(async move {
        for i in 0..n {
            if g.ayield(black_box(u64::from(i))).await.is_err() {
                return;
            }
        }
    })
}

struct Stackful(Coroutine<(), u64, ()>);

fn stackful(n: u32) -> Stackful {
    Stackful(Coroutine::new(move |yielder: &Yielder<(), u64>, ()| {
        for i in 0..n {
            yielder.suspend(black_box(u64::from(i)));
        }
    }))
}

impl Stream for Stackful {
    type Item = u64;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u64>> {
        Poll::Ready(self.0.resume(()).as_yield())
    }
}

fn async_stream_sync<const COPY: u8>(n: u32) -> impl Stream<Item = u64> {
    async_stream::stream! {
        for i in 0..n {
            yield black_box(u64::from(i));
        }
    }
}

fn async_stream_ready(n: u32) -> impl Stream<Item = u64> {
    async_stream::stream! {
        for i in 0..n {
            yield ready(black_box(u64::from(i))).await;
        }
    }
}

async fn stack_sync<const COPY: u8>(co: stack::Co<'_, u64>, n: u32) {
    for i in 0..n {
        co.yield_(black_box(u64::from(i))).await;
    }
}

async fn stack_ready(co: stack::Co<'_, u64>, n: u32) {
    for i in 0..n {
        co.yield_(ready(black_box(u64::from(i))).await).await;
    }
}

async fn rc_sync<const COPY: u8>(co: rc::Co<u64>, n: u32) {
    for i in 0..n {
        co.yield_(black_box(u64::from(i))).await;
    }
}

async fn rc_ready(co: rc::Co<u64>, n: u32) {
    for i in 0..n {
        co.yield_(ready(black_box(u64::from(i))).await).await;
    }
}

async fn locked_sync<const COPY: u8>(co: sync::Co<u64>, n: u32) {
    for i in 0..n {
        co.yield_(black_box(u64::from(i))).await;
    }
}

async fn locked_ready(co: sync::Co<u64>, n: u32) {
    for i in 0..n {
        co.yield_(ready(black_box(u64::from(i))).await).await;
    }
}

/// What is resumed with a number and gives one, of unknown type.
trait Resumed {
    fn resume(&mut self, input: u64) -> u64;
}

fn resume(generator: &mut dyn Resumed, n: u32) {
    let mut sum = 0_u64;
    for i in 0..n {
        sum = sum.wrapping_add(generator.resume(black_box(u64::from(i))));
    }
    black_box(sum);
}

async fn rc_resumed(co: rc::Co<u64, u64>) {
    let mut input = 0;
    loop {
        input = co.yield_(black_box(input)).await;
    }
}

impl<F: Future<Output = ()>> Resumed for rc::Gen<u64, u64, F> {
    fn resume(&mut self, input: u64) -> u64 {
        match self.resume_with(input) {
            GeneratorState::Yielded(item) => item,
            GeneratorState::Complete(()) => 0,
        }
    }
}

impl Resumed for Coroutine<u64, u64, ()> {
    fn resume(&mut self, input: u64) -> u64 {
        match self.resume(input) {
            CoroutineResult::Yield(item) => item,
            CoroutineResult::Return(()) => 0,
        }
    }
}

/// A branded generator, started.
struct Branded<G>(Pin<Box<G>>);

impl<G: RawGenerator<Item = u64, Resume = Plain<u64>>> Resumed for Branded<G> {
    fn resume(&mut self, input: u64) -> u64 {
        match self.0.as_mut().poll_resume(&mut context(), &mut Some(Ok(input))) {
            Poll::Ready(Some(Step::Oob(item))) => item,
            _ => 0,
        }
    }
}

fn resume_branded(n: u32) {
    let body = async |mut co: Co<'_, u64, Plain<u64>>| {
        let mut input = 0;
        loop {
            Plain(input) = co.ayield(black_box(input)).await;
        }
    };
    let mut generator = Branded(Box::pin(generator(body)));
    _ = generator.0.as_mut().poll_resume(&mut context(), &mut None);
    resume(&mut *black_box(Box::new(generator) as Box<dyn Resumed>), n);
}

struct Echo;

impl Resumed for Echo {
    fn resume(&mut self, input: u64) -> u64 {
        black_box(input)
    }
}

fn resume_by_hand(n: u32) {
    resume(&mut *black_box(Box::new(Echo) as Box<dyn Resumed>), n);
}

/// A generator whose items come from so many calls further in.
fn called(depth: u32, n: u32) -> impl Stream<Item = u64> {
    generator(async move |mut co: Co<'_, u64>| descend(&mut co, depth, n).await)
}

/// A recursive call is boxed, as all recursive futures are.
fn descend<'a>(co: &'a mut Co<'_, u64>, depth: u32, n: u32) -> Boxed<'a, ()> {
    boxed(co.call(async move |mut co: Co<'_, u64>| {
        if depth > 1 {
            return descend(&mut co, depth - 1, n).await;
        }
        for i in 0..n {
            co.ayield(black_box(u64::from(i))).await;
        }
    }))
}

/// A stream that hands on what the one in it gives.
struct Forward(BoxedStream<'static>);

impl Stream for Forward {
    type Item = u64;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u64>> {
        self.0.as_mut().poll_next(cx)
    }
}

fn forwarded(depth: u32, n: u32) -> BoxedStream<'static> {
    if depth == 0 { boxed_stream(Counter(0..n)) } else { boxed_stream(Forward(forwarded(depth - 1, n))) }
}

fn async_stream_forwarded(depth: u32, n: u32) -> BoxedStream<'static> {
    if depth == 0 {
        return boxed_stream(async_stream_sync::<4>(n));
    }
    boxed_stream(async_stream::stream! {
        let mut inner = async_stream_forwarded(depth - 1, n);
        while let Some(item) = inner.next().await {
            yield item;
        }
    })
}
