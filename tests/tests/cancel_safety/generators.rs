//! Generators: the calls of their owners, and the yields inside of them.

use crate::{
    probe::{Probe, turns},
    table::rows,
};
use asynkit::{
    AsyncGenerator as _, Co, GeneratorObject, Interrupt, generator,
    generator::{LocalBoxGenerator, RawGenerator as _},
    shield,
};
use futures::{Stream, StreamExt as _, stream};
use std::{
    pin::{Pin, pin},
    rc::Rc,
};

rows! {
    Safe anext: "generator/methods.rs: anext", "generator/methods.rs: Anext";
    Stays asend: "generator/methods.rs: asend", "generator/methods.rs: Asend";
    Stays athrow: "generator/methods.rs: athrow", "generator/methods.rs: Athrow";
    Stays aclose: "generator/methods.rs: aclose", "generator/methods.rs: Aclose";
    Stays yielded: "generator/co.rs: ayield", "generator/co.rs: Yield";
    Stays shared: "generator/share.rs: ayield", "generator/share.rs: SharedYield";
    Stays object: "generator/object.rs: ayield", "generator/object.rs: ObjectYield";
    Loses yield_from: "generator/co.rs: yield_from", "generator/co.rs: YieldFrom";
    Runs called: "generator/co.rs: call";
}

/// Answers, or what is thrown.
type Told = Result<u32, Interrupt>;

/// Yields 1 and 2 after some turns each; notes what it is answered.
async fn counts(p: Rc<Probe>, mut co: Co<'_, u32, Told>) {
    for item in 1..=2 {
        turns(2).await;
        match co.ayield(item).await {
            Ok(answer) => p.note(answer),
            Err(told) => {
                p.note(told);
                turns(2).await;
                p.note("clean");
            }
        }
    }
}

type Counts = LocalBoxGenerator<'static, u32, Told>;

fn counting(p: &Rc<Probe>) -> Counts {
    let p = Rc::clone(p);
    generator(async move |co: Co<'_, u32, Told>| counts(p, co).await).boxed_local()
}

/// Takes the items that are left; each answer is 6 now.
async fn rest(p: &Probe, mut g: Counts) -> String {
    loop {
        let g = Pin::new(&mut g);
        let item = if g.is_waiting() { g.asend(6).await.unwrap() } else { g.anext().await };
        match item {
            Some(item) => p.note(format!("item:{item}")),
            None => return p.noted(),
        }
    }
}

async fn anext(p: Rc<Probe>) -> String {
    let mut g = counting(&p);
    if let Some(item) = p.leave(Pin::new(&mut g).anext()).await {
        p.note(format!("item:{}", item.unwrap()));
    }
    rest(&p, g).await
}

async fn asend(p: Rc<Probe>) -> String {
    let mut g = counting(&p);
    assert_eq!(Pin::new(&mut g).anext().await, Some(1));
    let _item = p.leave(Pin::new(&mut g).asend(5)).await;
    rest(&p, g).await
}

async fn athrow(p: Rc<Probe>) -> String {
    let mut g = counting(&p);
    assert_eq!(Pin::new(&mut g).anext().await, Some(1));
    drop(p.leave(Pin::new(&mut g).athrow("go")).await);
    rest(&p, g).await
}

async fn aclose(p: Rc<Probe>) -> String {
    let mut g = counting(&p);
    assert_eq!(Pin::new(&mut g).anext().await, Some(1));
    let _closed = p.leave(Pin::new(&mut g).aclose()).await;
    rest(&p, g).await
}

/// All items, with a turn for the others after each.
async fn items(stream: impl Stream<Item = u32>) -> String {
    let mut stream = pin!(stream);
    let mut items = Vec::new();
    while let Some(item) = stream.next().await {
        items.push(item.to_string());
        turns(1).await;
    }
    items.join(" ")
}

async fn yielded(p: Rc<Probe>) -> String {
    let g = generator(async move |mut co: Co<'_, u32>| {
        p.leave(co.ayield(1)).await;
        turns(1).await;
        co.ayield(2).await;
    });
    items(g).await
}

async fn shared(p: Rc<Probe>) -> String {
    let g = generator(async move |mut co: Co<'_, u32>| {
        let co = co.share();
        let other = async {
            turns(2).await;
            co.ayield(3).await;
        };
        let subject = async {
            p.leave(co.ayield(1)).await;
            co.ayield(2).await;
        };
        // The turn passes on to the other branch.
        futures::join!(subject, other);
    });
    items(g).await
}

async fn object(p: Rc<Probe>) -> String {
    let g = GeneratorObject::<u32>::new();
    let inner = g.clone();
    let iterator = g.iterate(async move {
        drop(p.leave(inner.ayield(1)).await);
        turns(1).await;
        shield(inner.ayield(2)).await.unwrap();
    });
    items(iterator).await
}

async fn yield_from(p: Rc<Probe>) -> String {
    let g = generator(async move |mut co: Co<'_, u32>| {
        let mut stream = stream::iter(1..=4);
        p.leave(co.yield_from(&mut stream)).await;
        co.yield_from(&mut stream).await;
    });
    items(g).await
}

async fn called(p: Rc<Probe>) -> String {
    let g = generator(async move |mut co: Co<'_, u32>| {
        let body = p.body();
        p.leave(co.call(async move |_co: Co<'_, u32>| body.await)).await;
        let body = p.body();
        let value = co
            .call(async move |mut co: Co<'_, u32>| {
                co.ayield(1).await;
                body.await
            })
            .await;
        co.ayield(value).await;
    });
    items(g).await
}
