//! `GeneratorObject`: panics, leaks, and drops at every suspension.

use super::Live;
use asynkit::{AsyncGenerator as _, GeneratorObject, Interrupt, NotActive, generator::RawGenerator};
use asynkit_tests::{OnDrop, block_on, forget, now, panic_text, poll_once, yield_now};
use futures::StreamExt as _;
use std::{
    cell::{Cell, RefCell},
    future::{pending, poll_fn},
    pin::{Pin, pin},
    rc::Rc,
};

#[test]
fn a_panic_in_the_body_finishes_it_and_frees_the_handle() {
    let live = Rc::new(Cell::new(0));
    let g = GeneratorObject::new();
    for at in 0..2 {
        let mut items = pin!(g.iterate(async {
            let _held = Live::new(&live);
            for i in 0..2 {
                assert!(i != at, "chosen");
                g.ayield(i).await.unwrap();
            }
        }));
        for i in 0..at {
            assert_eq!(now(items.next()), Some(Some(i)));
        }
        assert_eq!(panic_text(|| now(items.next())), "chosen");
        assert_eq!(live.get(), 0);
        assert!(items.is_finished() && !items.is_running());
        assert_eq!(now(items.next()), Some(None));
        assert!(now(items.as_mut().athrow("late")).unwrap().unwrap().is_none());
        assert!(now(g.ayield(9)).unwrap().unwrap_err().is::<NotActive>());
    }
    let again = g.iterate(async { g.ayield(5).await.unwrap() });
    assert_eq!(block_on(again.collect::<Vec<_>>()), [5]);
}

#[test]
fn a_panic_while_it_is_thrown_to_or_dropped_finishes_it() {
    let g = GeneratorObject::new();
    let mut items = pin!(g.iterate(async {
        g.ayield(1).await.unwrap();
    }));
    now(items.as_mut().anext());
    assert!(panic_text(|| now(items.as_mut().athrow("a"))).contains("Err"), "unwrap of what it was told");
    assert!(items.is_finished());
    assert_eq!(now(items.next()), Some(None));

    let mut items = pin!(g.iterate(async {
        let _bomb = OnDrop(|| panic!("bomb"));
        pending::<()>().await;
    }));
    assert_eq!(now(items.next()), None);
    assert_eq!(panic_text(|| now(items.as_mut().aclose())), "bomb");
    assert!(items.is_finished());
    assert_eq!(now(items.next()), Some(None));
    assert!(now(g.ayield(9)).unwrap().is_err());
}

#[test]
fn a_body_whose_destructor_yields_is_dropped_all_the_same() {
    let seen = Cell::new(false);
    let g = GeneratorObject::new();
    let mut items = Box::pin(g.iterate(async {
        let _late = OnDrop(|| seen.set(now(g.ayield(9)).unwrap().is_err()));
        g.ayield(1).await.unwrap();
    }));
    assert_eq!(now(items.next()), Some(Some(1)));
    drop(items);
    assert!(seen.get());
}

type Subject<'a> = Pin<Box<dyn RawGenerator<Item = Live, Resume = Result<(), Interrupt>, Return = ()> + 'a>>;

/// Real awaits, items, joined items, items of a sub-executor.
fn subject<'a>(g: &'a GeneratorObject<Live>, live: &'a Rc<Cell<isize>>) -> Subject<'a> {
    Box::pin(g.iterate(async {
        let held = Live::new(live);
        yield_now().await;
        let _ = g.ayield(Live::new(live)).await;
        let _ = futures::join!(g.ayield(Live::new(live)), g.ayield(Live::new(live)), yield_now());
        let mut branches: futures::stream::FuturesUnordered<_> =
            (0..2).map(|_| g.ayield(Live::new(live))).collect();
        while branches.next().await.is_some() {}
        drop(held);
        yield_now().await;
        let _ = g.ayield(Live::new(live)).await;
    }))
}

/// One poll; whether it goes on.
fn step(items: &mut Subject<'_>) -> bool {
    !matches!(now(items.as_mut().anext()), Some(None))
}

fn suspensions() -> usize {
    let (g, live) = (GeneratorObject::new(), Rc::new(Cell::new(0)));
    let mut items = subject(&g, &live);
    let mut n = 0;
    while step(&mut items) {
        n += 1;
    }
    assert!(n >= 8, "{n}");
    n
}

/// The handle is as good as new.
fn is_clean(g: &GeneratorObject<Live>, live: &Rc<Cell<isize>>) {
    assert!(now(g.ayield(Live::new(live))).unwrap().is_err());
    let mut items = pin!(g.iterate(async { g.ayield(Live::new(live)).await.unwrap() }));
    assert!(now(items.next()).unwrap().is_some());
    assert!(now(items.next()).unwrap().is_none());
    assert_eq!(live.get(), 0);
}

#[test]
fn dropped_at_every_suspension_it_drops_everything() {
    for n in 0..=suspensions() {
        let (g, live) = (GeneratorObject::new(), Rc::new(Cell::new(0)));
        let mut items = subject(&g, &live);
        for _ in 0..n {
            step(&mut items);
        }
        drop(items);
        assert_eq!(live.get(), 0, "after {n} suspensions");
        is_clean(&g, &live);
    }
}

#[test]
fn closed_at_every_suspension_it_ends() {
    for n in 0..=suspensions() {
        let (g, live) = (GeneratorObject::new(), Rc::new(Cell::new(0)));
        let mut items = subject(&g, &live);
        for _ in 0..n {
            step(&mut items);
        }
        assert_eq!(block_on(items.as_mut().aclose()), Ok(()), "after {n} suspensions");
        assert!(items.is_finished());
        assert_eq!(live.get(), 0, "after {n} suspensions");
        is_clean(&g, &live);
    }
}

#[test]
fn thrown_to_at_every_suspension_it_is_told_or_dropped() {
    for n in 0..=suspensions() {
        let (g, live) = (GeneratorObject::new(), Rc::new(Cell::new(0)));
        let mut items = subject(&g, &live);
        for _ in 0..n {
            step(&mut items);
        }
        match block_on(items.as_mut().athrow("x")) {
            Ok(item) => assert_eq!(item.is_none(), items.is_finished()),
            Err(error) => {
                assert_eq!(error.to_string(), "interrupted: x");
                assert!(items.is_finished());
                assert_eq!(live.get(), 0);
            }
        }
        drop(items);
        assert_eq!(live.get(), 0, "after {n} suspensions");
        is_clean(&g, &live);
    }
}

#[test]
fn forgotten_at_every_suspension_it_leaves_its_handle_usable() {
    for n in 0..=suspensions() {
        let (g, live) = (GeneratorObject::new(), Rc::new(Cell::new(0)));
        let mut items = subject(&g, &live);
        for _ in 0..n {
            step(&mut items);
        }
        let before = live.get();
        forget(items);
        assert_eq!(live.get(), before);
        let mut next = pin!(g.iterate(async { g.ayield(Live::new(&live)).await.unwrap() }));
        assert!(now(next.next()).unwrap().is_some());
        assert!(now(next.next()).unwrap().is_none());
    }
}

#[test]
fn a_forgotten_ayield_keeps_nobody_waiting() {
    for has_helper in [false, true] {
        let g = GeneratorObject::new();
        let mut items = Box::pin(g.iterate(async {
            let first = forget(RefCell::new(g.ayield(1)));
            poll_fn(|cx| Pin::new(&mut *first.borrow_mut()).poll(cx).map(drop)).await;
        }));
        assert_eq!(now(items.next()), Some(Some(1)));
        let mut helper = pin!(g.ayield(3));
        if has_helper {
            assert!(poll_once(helper.as_mut()).is_pending());
        }
        drop(items);
        assert!(now(helper).expect("the body is gone, whatever it has left").is_err());
        assert!(now(g.ayield(4)).unwrap().is_err());
    }
}
