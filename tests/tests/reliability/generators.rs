//! Generators, left in every way at every suspension.

use crate::{bodies::asks, everywhere};
use asynkit::{
    AsyncGenerator as _, Co, Interrupt, generator,
    generator::{LocalBoxGenerator, RawGenerator as _},
};
use asynkit_tests::{Call, Ledger, Subject, Thrown, Turn, Value};
use futures::{
    StreamExt as _,
    future::{Either, select},
    stream,
    stream::FuturesUnordered,
};
use std::pin::{Pin, pin};

/// Answers that can be told of errors.
type Told = Result<Option<Value>, Interrupt>;

struct Gen {
    generator: LocalBoxGenerator<'static, Value, Told>,
    ledger: Ledger,
}

impl Subject for Gen {
    fn go(&mut self) -> Call<'_, Turn> {
        Box::pin(async {
            let g = Pin::new(&mut self.generator);
            let item = if g.is_waiting() {
                g.asend(Some(self.ledger.value())).await.expect("it waits")
            } else {
                g.anext().await
            };
            if item.is_some() { Turn::Item } else { Turn::End }
        })
    }

    fn throw(&mut self, error: Thrown) -> Call<'_, Turn> {
        Box::pin(async {
            match Pin::new(&mut self.generator).athrow(error).await {
                Ok(Some(_)) => Turn::Item,
                Ok(None) => Turn::End,
                Err(_) => Turn::Dropped,
            }
        })
    }

    fn close(&mut self) -> Call<'_, Turn> {
        Box::pin(async {
            Pin::new(&mut self.generator).aclose().await.expect("ours never ignore it");
            Turn::End
        })
    }
}

/// Yields a value, and takes what it is answered.
async fn say(co: &mut Co<'_, Value, Told>, l: &Ledger) {
    let _held = l.value();
    note(co.ayield(l.value()).await, l);
}

fn note(answer: Told, l: &Ledger) {
    match answer {
        Ok(answer) => drop(answer),
        Err(told) => l.tell(&told),
    }
}

fn plain(l: &Ledger) -> Box<dyn Subject> {
    let l = l.clone();
    let ledger = l.clone();
    let generator = generator(async move |mut co: Co<'_, Value, Told>| {
        let _held = l.value();
        say(&mut co, &l).await;
        asks(&l).await;
        {
            let yields = co.ayield(l.value());
            if let Either::Left((answer, _)) = select(yields, pin!(l.trigger())).await {
                note(answer, &l);
            }
        }
        let items = stream::unfold(0, |n| async move { (n < 2).then_some((n, n + 1)) }).map(|_| l.value());
        let _ = co.yield_from(items).await.map_err(|told| l.tell(&told));
        let inner = {
            let l = l.clone();
            generator(async move |mut co: Co<'_, Value>| {
                asks(&l).await;
                co.ayield(l.value()).await;
            })
        };
        let _ = co.yield_from(inner).await.map_err(|told| l.tell(&told));
        l.leaf().await;
    });
    Box::new(Gen { generator: generator.boxed_local(), ledger })
}

/// Calls, three deep, and the drop of a call that has not returned.
fn calls(l: &Ledger) -> Box<dyn Subject> {
    let l = l.clone();
    let ledger = l.clone();
    let generator = generator(async move |mut co: Co<'_, Value, Told>| {
        let (own, called) = (l.clone(), l.clone());
        let _held = own.value();
        co.call(async move |mut co: Co<'_, Value, Told>| {
            let _held = l.value();
            say(&mut co, &l).await;
            let inner = l.clone();
            co.call(async move |mut co: Co<'_, Value, Told>| {
                asks(&inner).await;
                say(&mut co, &inner).await;
            })
            .await;
            asks(&l).await;
        })
        .await;
        {
            let call = co.call(async move |mut co: Co<'_, Value, Told>| {
                let _held = called.value();
                say(&mut co, &called).await;
                called.leaf().await;
                called.trigger().await;
            });
            select(pin!(call), pin!(own.trigger())).await;
        }
        say(&mut co, &own).await;
    });
    Box::new(Gen { generator: generator.boxed_local(), ledger })
}

fn shares(l: &Ledger) -> Box<dyn Subject> {
    let l = l.clone();
    let ledger = l.clone();
    let generator = generator(async move |mut co: Co<'_, Value, Told>| {
        let co = co.share();
        let one = async || note(co.ayield(l.value()).await, &l);
        futures::join!(one(), asks(&l), one());
        select(pin!(one()), pin!(one())).await;
        one().await;
        l.leaf().await;
    });
    Box::new(Gen { generator: generator.boxed_local(), ledger })
}

fn children(l: &Ledger) -> Box<dyn Subject> {
    let l = l.clone();
    let ledger = l.clone();
    let generator = generator(async move |mut co: Co<'_, Value, Told>| {
        let co = co.share();
        let one = async || {
            note(co.ayield(l.value()).await, &l);
            asks(&l).await;
        };
        let mut all: FuturesUnordered<_> = (0..2).map(|_| one()).collect();
        while all.next().await.is_some() {}
        one().await;
    });
    Box::new(Gen { generator: generator.boxed_local(), ledger })
}

#[test]
fn generators_are_left_everywhere() {
    everywhere(&[("plain", plain), ("calls", calls), ("shares", shares), ("children", children)]);
}
