use crate::{
    asyncio::{next_pass, run, sleep0},
    compare::{Difference, compare},
};
use asynkit::{
    AsyncGenerator as _, GeneratorObject, GeneratorObjectIterator, Interrupt, generator::RawGenerator as _,
};
use asynkit_tests::{Trace, poll_once};
use std::pin::pin;

const DIFFERENCES: &[Difference<'_>] = &[
    ("StopAsyncIteration args=()", "asend -> Ok(None)", "the end is `None`"),
    ("athrow on exhausted -> None", "athrow on exhausted -> Ok(None)", "a `Result`"),
    ("aclose on exhausted -> None", "aclose on exhausted -> Ok(())", "a `Result`"),
];

type Answer = Option<u32>;
type G = GeneratorObject<u32, Answer>;

fn repr(answer: Answer) -> String {
    answer.map_or("None".into(), |n| n.to_string())
}

fn python(is: bool) -> &'static str {
    if is { "True" } else { "False" }
}

async fn leaf(log: &Trace, g: &G, i: u32) -> Result<Answer, Interrupt> {
    let v = g.ayield(i).await?;
    log.log(format!("  leaf got {}", repr(v)));
    Ok(v)
}

async fn top(log: &Trace, g: &G) -> Result<&'static str, Interrupt> {
    log.log("top start");
    let v = leaf(log, g, 1).await?;
    sleep0().await;
    let v = leaf(log, g, 10 + v.unwrap_or(0)).await?;
    sleep0().await;
    leaf(log, g, 20 + v.unwrap_or(0)).await?;
    log.log("top end");
    Ok("dropped value")
}

async fn iterated(log: &Trace, g: &G) {
    let mut it = pin!(g.iterate(top(log, g)));
    log.log("created");
    let mut all = vec![];
    while let Some(v) = it.as_mut().anext().await {
        all.push(v);
    }
    log.log(format!("{all:?}"));
    let mut it = pin!(g.iterate(top(log, g)));
    log.log(format!("asend(None) -> {}", it.as_mut().anext().await.unwrap()));
    log.log(format!("asend(5) -> {}", it.as_mut().asend(Some(5)).await.unwrap().unwrap()));
    log.log(format!("anext -> {}", it.as_mut().anext().await.unwrap()));
    log.log(format!("asend -> {:?}", it.as_mut().asend(Some(1)).await));
    log.log(format!("asend -> {:?}", it.as_mut().asend(None).await));
    log.log(format!("athrow on exhausted -> {:?}", it.as_mut().athrow("EOFError").await));
    log.log(format!("aclose on exhausted -> {:?}", it.as_mut().aclose().await));
}

/// A call borrows the generator, so this looks before and after.
async fn running(log: &Trace, g: &G) {
    let mut it = pin!(g.iterate(top(log, g)));
    let is_running =
        |it: &GeneratorObjectIterator<_, u32, Answer>| format!("running={}", python(it.is_running()));
    log.log(python(it.is_running()));
    let first = it.as_mut().anext().await.unwrap();
    log.log(format!("{first} {}", is_running(&it)));
    assert!(poll_once(pin!(it.as_mut().asend(Some(3)))).is_pending());
    log.log(format!("suspended in a real await {}", is_running(&it)));
    next_pass();
    let next = it.as_mut().anext().await.unwrap();
    log.log(format!("value {next} {}", is_running(&it)));
    it.as_mut().aclose().await.unwrap();
}

#[test]
fn n20_generator_basic() {
    let log = &Trace::new();
    run(async {
        let g = &G::resumable();
        iterated(log, g).await;
        log.log("== ag_running");
        running(log, g).await;
        log.log("== break leaves it suspended, a second loop goes on");
        let mut it = pin!(g.iterate(top(log, g)));
        if let Some(v) = it.as_mut().anext().await {
            log.log(format!("first loop {v}"));
        }
        while let Some(v) = it.as_mut().anext().await {
            log.log(format!("second loop {v}"));
        }
        log.log("== two iterators of one GeneratorObject, interleaved");
        let g = &GeneratorObject::new();
        let cnt = async |n: &str| {
            for i in 0..2 {
                g.ayield(format!("('{n}', {i})")).await.unwrap();
            }
        };
        let (mut a, mut b) = (pin!(g.iterate(cnt("a"))), pin!(g.iterate(cnt("b"))));
        let mut all = vec![];
        for _ in 0..2 {
            all.push(a.as_mut().anext().await.unwrap());
            all.push(b.as_mut().anext().await.unwrap());
        }
        log.log(format!("[{}]", all.join(", ")));
    });
    compare("20_generator_basic", &log.take(), DIFFERENCES);
}
