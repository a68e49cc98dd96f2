//! Panics, leaks and drops at every suspension.

use super::Live;
use asynkit::{
    AsyncGenerator as _, Co, Interrupt, generator,
    generator::{BoxGenerator, LocalBoxGenerator, RawGenerator as _, Resume},
};
use asynkit_tests::{OnDrop, block_on, forget, now, panic_text, yield_now};
use futures::StreamExt as _;
use std::{cell::Cell, pin::Pin, pin::pin, rc::Rc};

#[test]
fn a_panic_in_the_body_finishes_it() {
    let live = Rc::new(Cell::new(0));
    {
        let mut g = pin!(generator(async |mut co: Co<'_, u64>| {
            let _held = Live::new(&live);
            co.ayield(1).await;
            panic!("x");
        }));
        assert_eq!(now(g.next()), Some(Some(1)));
        assert_eq!(panic_text(|| now(g.next())), "x");
        assert_eq!(live.get(), 0);
        assert!(g.is_finished() && !g.is_running());
        assert_eq!(now(g.next()), Some(None));
        assert_eq!(now(g.as_mut().athrow("late")).unwrap().unwrap(), None);
    }
    assert_eq!(live.get(), 0);
}

#[test]
fn a_panic_before_the_first_item_finishes_it() {
    let mut g = pin!(generator(async |_: Co<'_, u64>| -> () {
        panic!("at once");
    }));
    assert_eq!(panic_text(|| now(g.next())), "at once");
    assert_eq!(now(g.next()), Some(None));
}

#[test]
fn a_panic_while_the_body_is_dropped_finishes_it() {
    let mut g = pin!(generator(async |mut co: Co<'_, u64>| {
        let _bomb = OnDrop(|| panic!("bomb"));
        co.ayield(1).await;
    }));
    assert_eq!(now(g.next()), Some(Some(1)));
    assert_eq!(panic_text(|| now(g.as_mut().aclose())), "bomb");
    assert!(g.is_finished());
    assert_eq!(now(g.next()), Some(None));
}

#[test]
fn a_panic_of_an_answer_is_the_callers() {
    struct Odd;
    impl Resume for Odd {
        type Value = bool;
        fn from_value(value: bool) -> Self {
            assert!(value, "refused");
            Odd
        }
    }
    let mut g = pin!(generator(async |mut co: Co<'_, u64, Odd>| {
        co.ayield(1).await;
        co.ayield(2).await;
    }));
    assert_eq!(now(g.as_mut().anext()), Some(Some(1)));
    assert_eq!(panic_text(|| now(g.as_mut().asend(false))), "refused");
    assert_eq!(now(g.as_mut().asend(true)), Some(Ok(Some(2))), "the body was not polled");
}

/// Real awaits, items, a call, shared items, a forgotten one.
fn subject(live: &Rc<Cell<isize>>) -> LocalBoxGenerator<'static, Live, Result<(), Interrupt>> {
    let live = Rc::clone(live);
    generator(async move |mut co: Co<'_, Live, Result<(), Interrupt>>| {
        let held = Live::new(&live);
        yield_now().await;
        let _ = co.ayield(Live::new(&live)).await;
        let called = Rc::clone(&live);
        co.call(async move |mut co: Co<'_, Live, Result<(), Interrupt>>| {
            let _held = Live::new(&called);
            let _ = co.ayield(Live::new(&called)).await;
            yield_now().await;
            let _ = co.ayield(Live::new(&called)).await;
        })
        .await;
        {
            let co = co.share();
            let _ = futures::join!(co.ayield(Live::new(&live)), co.ayield(Live::new(&live)), yield_now());
        }
        let _ = co.ayield(Live::new(&live)).await;
        drop(held);
        yield_now().await;
    })
    .boxed_local()
}

/// One poll of the stream; whether it goes on.
fn step(g: &mut LocalBoxGenerator<'static, Live, Result<(), Interrupt>>) -> bool {
    !matches!(now(g.next()), Some(None))
}

fn suspensions() -> usize {
    let live = Rc::new(Cell::new(0));
    let mut g = subject(&live);
    let mut n = 0;
    while step(&mut g) {
        n += 1;
    }
    drop(g);
    assert_eq!(live.get(), 0);
    n
}

#[test]
fn dropped_at_every_suspension_it_leaves_nothing() {
    for n in 0..=suspensions() {
        let live = Rc::new(Cell::new(0));
        let mut g = subject(&live);
        for _ in 0..n {
            step(&mut g);
        }
        drop(g);
        assert_eq!(live.get(), 0, "after {n} suspensions");
    }
}

#[test]
fn forgotten_at_every_suspension_it_is_never_touched_again() {
    for n in 0..=suspensions() {
        let live = Rc::new(Cell::new(0));
        let mut g = subject(&live);
        for _ in 0..n {
            step(&mut g);
        }
        let before = live.get();
        forget(g);
        assert_eq!(live.get(), before);
    }
}

#[test]
fn closed_at_every_suspension_it_ends() {
    for n in 0..=suspensions() {
        let live = Rc::new(Cell::new(0));
        let mut g = subject(&live);
        for _ in 0..n {
            step(&mut g);
        }
        assert_eq!(block_on(Pin::new(&mut g).aclose()), Ok(()));
        assert!(g.is_finished());
        assert_eq!(live.get(), 0, "after {n} suspensions");
        assert_eq!(now(g.next()).map(|item| item.is_none()), Some(true));
    }
}

#[test]
fn thrown_to_at_every_suspension_it_is_told_or_dropped() {
    for n in 0..=suspensions() {
        let live = Rc::new(Cell::new(0));
        let mut g = subject(&live);
        let mut is_over = false;
        for _ in 0..n {
            is_over = !step(&mut g);
        }
        match block_on(Pin::new(&mut g).athrow("x")) {
            Ok(item) => assert_eq!(item.is_none(), g.is_finished()),
            Err(error) => {
                assert_eq!(error.to_string(), "interrupted: x");
                assert!(g.is_finished() && !is_over);
                assert_eq!(live.get(), 0);
            }
        }
        drop(g);
        assert_eq!(live.get(), 0, "after {n} suspensions");
    }
}

#[test]
fn panicking_at_every_suspension_it_leaves_nothing() {
    let all = 5;
    for n in 0..=all {
        let live = Rc::new(Cell::new(0));
        let counted = Rc::clone(&live);
        let mut g = generator(async move |mut co: Co<'_, Live>| {
            let _held = Live::new(&counted);
            for i in 0..all {
                assert_ne!(i, n, "chosen");
                co.ayield(Live::new(&counted)).await;
            }
            panic!("chosen");
        })
        .boxed_local();
        for _ in 0..n {
            assert!(now(g.next()).is_some_and(|item| item.is_some()));
        }
        assert!(panic_text(|| now(g.next())).contains("chosen"));
        assert_eq!(now(g.next()).map(|item| item.is_none()), Some(true));
        drop(g);
        assert_eq!(live.get(), 0, "after {n} suspensions");
    }
}

#[test]
fn ten_thousand_nested_generators_are_made_used_and_dropped() {
    // Each polls the one inside it: this recurses, and needs the stack for it.
    fn nested(n: u32) -> BoxGenerator<'static, u32> {
        let mut inner = if n == 0 { None } else { Some(nested(n - 1)) };
        generator(async move |mut co: Co<'_, u32>| {
            co.ayield(n).await;
            while let Some(g) = &mut inner {
                match g.next().await {
                    Some(item) => co.ayield(item).await,
                    None => inner = None,
                }
            }
        })
        .boxed()
    }
    std::thread::Builder::new()
        .stack_size(1 << 28)
        .spawn(|| {
            let mut g = nested(10_000);
            assert_eq!(now(g.next()), Some(Some(10_000)));
            assert_eq!(now(g.next()), Some(Some(9_999)));
        })
        .unwrap()
        .join()
        .unwrap();
}
