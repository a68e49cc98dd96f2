use crate::compare::{Difference, compare};
use asynkit::{GeneratorObject, aiter_sync, drive::AiterSync, generator, generator::BoxGenerator};
use asynkit_tests::{OnDrop, Trace};
use futures::Stream;
use std::{future::pending, pin::pin};

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "SynchronousError: coroutine failed to complete synchronously",
        "SynchronousError: the future can never be woken: nobody keeps its waker",
        "the error says what it met",
    ),
    ("ValueError: bad", "Err(ValueError: bad)", "an error is the last item"),
];

type Source = BoxGenerator<'static, u32, (), Result<(), &'static str>>;

fn agen(log: &Trace, n: u32, block_at: Option<u32>, fail_at: Option<u32>) -> Source {
    let log = log.clone();
    generator!(move -> Result<(), &'static str> {
        let _finally = OnDrop(|| log.log("agen finally"));
        for i in 0..n {
            if Some(i) == block_at {
                pending::<()>().await;
            }
            if Some(i) == fail_at {
                return Err("ValueError: bad");
            }
            ayield!(i);
        }
        log.log("agen exhausted");
        Ok(())
    })
    .boxed()
}

fn run<S: Stream<Item = Result<u32, &'static str>> + Unpin>(log: &Trace, mut g: AiterSync<S>) {
    for v in g.by_ref() {
        match v {
            Ok(Ok(v)) => log.log(format!("got {v}")),
            Ok(Err(e)) => log.log(format!("Err({e})")),
            Err(e) => log.log(format!("SynchronousError: {}", e.to_string().lines().next().unwrap())),
        }
    }
    log.log(if g.next().is_some() { "more" } else { "sync generator finished" });
}

#[test]
fn n12_aiter_sync() {
    let log = &Trace::new();
    let items: Vec<_> =
        aiter_sync(agen(log, 3, None, None).try_stream()).map(|item| item.unwrap().unwrap()).collect();
    log.log(format!("{items:?}"));
    log.log("== blocks at 2");
    run(log, aiter_sync(agen(log, 4, Some(2), None).try_stream()));
    log.log("== fails at 1");
    run(log, aiter_sync(agen(log, 4, None, Some(1)).try_stream()));
    log.log("== lazily driven");
    let mut g = aiter_sync(agen(log, 3, None, None).try_stream());
    log.log("created");
    for _ in 0..2 {
        log.log(g.next().unwrap().unwrap().unwrap().to_string());
    }
    drop(g);
    log.log("closed early (source is not closed by aiter_sync)");
    log.log("== GeneratorObject");
    let go = GeneratorObject::new();
    let mut items = pin!(go.iterate(async {
        go.ayield("a").await.unwrap();
        let helper = async || go.ayield("b").await;
        helper().await.unwrap();
        go.ayield("c").await.unwrap();
    }));
    let items: Vec<_> = aiter_sync(items.as_mut()).map(|item| format!("'{}'", item.unwrap())).collect();
    log.log(format!("[{}]", items.join(", ")));
    compare("12_aiter_sync", &log.take(), DIFFERENCES);
}
