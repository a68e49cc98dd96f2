//! `anext`, `asend`, `athrow`, `aclose` in every state of a generator.

use super::Live;
use asynkit::{
    AsyncGenerator as _, Co, Interrupt, InterruptKind, NotWaiting, generator,
    generator::{Plain, RawGenerator as _, Resume},
};
use asynkit_tests::{Gate, block_on, now, point, yield_now};
use futures::StreamExt as _;
use std::{
    cell::{Cell, RefCell},
    pin::pin,
    rc::Rc,
};

type Told<V = u32> = Result<V, Interrupt>;

#[test]
fn answers_become_the_values_of_the_ayields() {
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Told>| {
        let mut sum = 0;
        while sum < 9 {
            sum += co.ayield(sum).await?;
        }
        Ok::<_, Interrupt>(sum)
    }));
    assert_eq!(now(g.as_mut().anext()), Some(Some(0)));
    assert_eq!(now(g.as_mut().asend(4)), Some(Ok(Some(4))));
    assert_eq!(now(g.as_mut().anext()), Some(Some(4)), "anext answers with the default");
    assert_eq!(now(g.as_mut().asend(5)), Some(Ok(None)));
    assert_eq!(now(g.as_mut().asend(5)), Some(Ok(None)));
}

#[test]
fn an_asend_that_nobody_waits_for_gives_the_value_back() {
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Plain<String>>| {
        yield_now().await;
        let Plain(name) = co.ayield(1).await;
        assert_eq!(name, "x");
    }));
    assert_eq!(now(g.as_mut().asend("new".into())), Some(Err(NotWaiting("new".into()))));
    assert_eq!(now(g.as_mut().anext()), None);
    assert!(g.is_running());
    assert_eq!(now(g.as_mut().asend("early".into())), Some(Err(NotWaiting("early".into()))));
    assert_eq!(now(g.as_mut().anext()), Some(Some(1)), "a dropped anext is gone on with");
    assert_eq!(now(g.as_mut().asend("x".into())), Some(Ok(None)));
}

#[test]
fn a_dropped_asend_in_a_real_await_is_gone_on_with() {
    let gate = Gate::default();
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Told>| {
        let n = co.ayield(1).await.unwrap();
        gate.wait().await;
        co.ayield(n).await.unwrap();
    }));
    block_on(g.as_mut().anext());
    assert!(now(g.as_mut().asend(7)).is_none());
    assert!(g.is_running());
    gate.open();
    assert_eq!(now(g.as_mut().anext()), Some(Some(7)));
}

#[test]
fn with_a_unit_answer_it_is_the_same() {
    let mut g = pin!(generator(async |mut co: Co<'_, u32>| {
        co.ayield(1).await;
        yield_now().await;
        co.ayield(2).await;
    }));
    assert_eq!(now(g.as_mut().asend(())), Some(Err(NotWaiting(()))));
    assert_eq!(now(g.as_mut().anext()), Some(Some(1)));
    assert!(now(g.as_mut().asend(())).is_none());
    assert_eq!(now(g.as_mut().asend(())), Some(Err(NotWaiting(()))));
    assert_eq!(now(g.as_mut().anext()), Some(Some(2)));
    assert_eq!(now(g.as_mut().asend(())), Some(Ok(None)));
}

#[test]
fn a_throw_into_a_new_one_drops_it_unpolled() {
    let live = Rc::new(Cell::new(0));
    let held = Live::new(&live);
    let mut g = pin!(generator(async move |mut co: Co<'_, u32, Told>| {
        let _held = held;
        let _ = co.ayield(1).await;
        panic!("it never runs");
    }));
    let error = now(g.as_mut().athrow("no")).unwrap().unwrap_err();
    assert_eq!(error.to_string(), "interrupted: no");
    assert_eq!(live.get(), 0);
    assert!(g.is_finished());
    assert_eq!(now(g.as_mut().anext()), Some(None));
}

#[test]
fn a_throw_into_a_finished_one_is_none() {
    let mut g = pin!(generator(async |_: Co<'_, u32, Told>| {}));
    assert_eq!(block_on(g.as_mut().anext()), None);
    assert_eq!(now(g.as_mut().athrow("late")).unwrap().unwrap(), None);
    assert_eq!(now(g.as_mut().aclose()), Some(Ok(())));
}

#[test]
fn an_ayield_is_told_of_a_thrown_error_once() {
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Told>| {
        let told = co.ayield(1).await.unwrap_err();
        assert_eq!((told.kind(), told.to_string()), (InterruptKind::Thrown, "interrupted: a".into()));
        assert_eq!(co.ayield(2).await.unwrap(), 0);
    }));
    block_on(g.as_mut().anext());
    assert_eq!(now(g.as_mut().athrow("a")).unwrap().unwrap(), Some(2));
    assert_eq!(now(g.as_mut().anext()), Some(None));
}

#[test]
fn a_body_that_returns_after_it_was_told_is_the_end() {
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Told>| {
        let _ = co.ayield(1).await;
    }));
    block_on(g.as_mut().anext());
    assert_eq!(now(g.as_mut().athrow("a")).unwrap().unwrap(), None);
}

#[test]
fn without_room_for_errors_the_body_is_dropped() {
    let live = Rc::new(Cell::new(0));
    let mut g = pin!(generator(async |mut co: Co<'_, u32>| {
        let _held = Live::new(&live);
        co.ayield(1).await;
        unreachable!();
    }));
    block_on(g.as_mut().anext());
    assert_eq!(now(g.as_mut().athrow("a")).unwrap().unwrap_err().to_string(), "interrupted: a");
    assert_eq!(live.get(), 0);
    assert_eq!(now(g.next()), Some(None));

    let mut g = pin!(generator(async |mut co: Co<'_, u32, Plain<u8>>| {
        let _held = Live::new(&live);
        co.ayield(1).await;
        unreachable!();
    }));
    block_on(g.as_mut().anext());
    assert_eq!(now(g.as_mut().aclose()), Some(Ok(())));
    assert_eq!(live.get(), 0);
}

#[test]
fn a_close_lets_the_body_clean_up() {
    let log = RefCell::new(vec![]);
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Told>| {
        let told = co.ayield(1).await.unwrap_err();
        log.borrow_mut().push(told.kind());
        yield_now().await;
        let told = co.ayield(2).await.unwrap_err();
        log.borrow_mut().push(told.kind());
        let told = co.ayield(3).await.unwrap_err();
        log.borrow_mut().push(told.kind());
    }));
    block_on(g.as_mut().anext());
    assert_eq!(block_on(g.as_mut().aclose()), Ok(()));
    assert_eq!(*log.borrow(), [InterruptKind::Close; 3]);
    assert_eq!(block_on(g.as_mut().aclose()), Ok(()));
    assert_eq!(now(g.as_mut().anext()), Some(None));
}

#[test]
fn a_close_that_is_given_up_is_over() {
    let gate = Gate::default();
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Told>| {
        assert!(co.ayield(1).await.is_err());
        gate.wait().await;
        assert!(co.ayield(2).await.is_ok(), "the close has ended with its call");
        co.ayield(3).await.unwrap();
    }));
    block_on(g.as_mut().anext());
    assert!(now(g.as_mut().aclose()).is_none());
    gate.open();
    assert_eq!(now(g.as_mut().anext()), Some(Some(2)));
    assert_eq!(now(g.as_mut().anext()), Some(Some(3)));
}

#[test]
fn a_loop_that_swallows_a_close_is_cut_off() {
    let live = Rc::new(Cell::new(0));
    let told = Cell::new(0);
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Told>| {
        let _held = Live::new(&live);
        loop {
            if co.ayield(1).await.is_err() {
                told.set(told.get() + 1);
            }
        }
    }));
    block_on(g.as_mut().anext());
    assert_eq!(now(g.as_mut().aclose()), Some(Ok(())));
    assert!(told.get() >= 1000);
    assert_eq!(live.get(), 0);
    assert!(g.is_finished());
}

#[test]
fn a_point_in_a_real_await_is_told() {
    let mut g = pin!(generator(async |mut co: Co<'_, String>| {
        let told = point().await.unwrap_err();
        co.ayield(told.to_string()).await;
    }));
    assert!(now(g.as_mut().anext()).is_none());
    assert_eq!(now(g.as_mut().athrow("a")).unwrap().unwrap(), Some("interrupted: a".into()));
    assert_eq!(now(g.as_mut().anext()), Some(None));
}

#[test]
fn in_a_real_await_that_nobody_can_stop_the_body_is_dropped() {
    let live = Rc::new(Cell::new(0));
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Told>| {
        let _held = Live::new(&live);
        std::future::pending::<()>().await;
        let _ = co.ayield(1).await;
    }));
    assert!(now(g.as_mut().anext()).is_none());
    assert_eq!(now(g.as_mut().athrow("a")).unwrap().unwrap_err().to_string(), "interrupted: a");
    assert_eq!(live.get(), 0);
    assert!(g.is_finished());
}

#[test]
fn an_error_meets_a_body_that_has_come_to_an_ayield() {
    let gate = Gate::default();
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Told>| {
        gate.wait().await;
        assert!(co.ayield(1).await.is_err(), "the item of this one is never sent");
        co.ayield(2).await.unwrap();
    }));
    assert!(now(g.as_mut().anext()).is_none());
    gate.open();
    assert_eq!(now(g.as_mut().athrow("a")).unwrap().unwrap(), Some(2));
}

#[test]
fn a_body_that_ends_without_having_been_told_gives_the_error_back() {
    let gate = Gate::default();
    let mut g = pin!(generator(async |_: Co<'_, u32, Told>| gate.wait().await));
    assert!(now(g.as_mut().anext()).is_none());
    gate.open();
    assert!(now(g.as_mut().athrow("a")).unwrap().is_err());
    assert!(g.is_finished());
}

#[test]
fn a_close_goes_on_being_told_to_points_after_an_ayield() {
    let log = RefCell::new(vec![]);
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Told>| {
        let told = co.ayield(1).await.unwrap_err();
        log.borrow_mut().push(told.kind());
        let told = point().await.unwrap_err();
        log.borrow_mut().push(told.kind());
        yield_now().await;
        let told = point().await.unwrap_err();
        log.borrow_mut().push(told.kind());
    }));
    block_on(g.as_mut().anext());
    assert_eq!(block_on(g.as_mut().aclose()), Ok(()));
    assert_eq!(*log.borrow(), [InterruptKind::Close; 3]);
}

#[test]
fn a_point_around_an_ayield_that_was_told_leaves_the_clean_up_alone() {
    use asynkit::InterruptExt as _;
    let cleaned = Cell::new(false);
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Told>| {
        let inside = async {
            assert!(co.ayield(1).await.is_err());
            yield_now().await;
            cleaned.set(true);
        };
        inside.interruptible().await.unwrap();
    }));
    block_on(g.as_mut().anext());
    assert_eq!(block_on(g.as_mut().aclose()), Ok(()));
    assert!(cleaned.get());
}

#[test]
fn a_unit_generator_that_yields_in_its_clean_up_is_dropped() {
    let live = Rc::new(Cell::new(0));
    let mut g = pin!(generator(async |mut co: Co<'_, Live>| {
        assert!(point().await.is_err());
        co.ayield(Live::new(&live)).await;
        unreachable!();
    }));
    assert!(now(g.as_mut().anext()).is_none());
    assert_eq!(now(g.as_mut().aclose()), Some(Ok(())));
    assert_eq!(live.get(), 0);
}

#[test]
fn an_ayield_in_futures_unordered_is_told() {
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Told>| {
        let mut children = futures::stream::FuturesUnordered::new();
        children.push(async {
            assert_eq!(co.ayield(1).await.unwrap(), 5);
            assert!(co.ayield(2).await.is_err());
        });
        while children.next().await.is_some() {}
    }));
    assert_eq!(now(g.as_mut().anext()), Some(Some(1)));
    assert_eq!(now(g.as_mut().asend(5)), Some(Ok(Some(2))));
    assert_eq!(now(g.as_mut().aclose()), Some(Ok(())));
}

#[test]
fn an_answer_of_a_type_of_ones_own_can_be_told() {
    #[derive(Debug, PartialEq)]
    enum Line {
        Text(String),
        End,
    }
    impl Resume for Line {
        type Value = String;
        fn from_value(text: String) -> Self {
            Line::Text(text)
        }
        fn from_interrupt(_: Interrupt) -> Result<Self, Interrupt> {
            Ok(Line::End)
        }
    }
    let mut g = pin!(generator(async |mut co: Co<'_, &'static str, Line>| {
        assert_eq!(co.ayield("name?").await, Line::Text("x".into()));
        assert_eq!(co.ayield("age?").await, Line::End);
    }));
    assert_eq!(now(g.as_mut().anext()), Some(Some("name?")));
    assert_eq!(now(g.as_mut().asend("x".into())), Some(Ok(Some("age?"))));
    assert_eq!(now(g.as_mut().aclose()), Some(Ok(())));
}

#[test]
fn a_zero_sized_answer_is_one_that_was_given() {
    struct Proof(());
    impl Resume for Proof {
        type Value = bool;
        fn from_value(value: bool) -> Self {
            assert!(value, "a proof is made of a true value only");
            Proof(())
        }
    }
    let mut g = pin!(generator(async |mut co: Co<'_, u8, Proof>| {
        let Proof(()) = co.ayield(1).await;
        co.ayield(2).await;
    }));
    assert_eq!(now(g.as_mut().anext()), Some(Some(1)));
    assert_eq!(now(g.as_mut().asend(true)), Some(Ok(Some(2))));
}

#[test]
fn yield_from_ends_with_the_error_that_was_thrown() {
    let live = Rc::new(Cell::new(0));
    let mut g = pin!(generator(async |mut co: Co<'_, u32, Told>| {
        let held = Live::new(&live);
        let items = futures::stream::iter(0..9).map(move |i| {
            let _ = &held;
            i
        });
        let told = co.yield_from(items).await.unwrap_err();
        assert_eq!(told.to_string(), "interrupted: enough");
        assert_eq!(live.get(), 0);
        co.ayield(100).await.unwrap();
    }));
    assert_eq!(now(g.as_mut().anext()), Some(Some(0)));
    assert_eq!(now(g.as_mut().anext()), Some(Some(1)));
    assert_eq!(now(g.as_mut().athrow("enough")).unwrap().unwrap(), Some(100));
}

#[test]
fn the_methods_work_behind_dyn() {
    let mut g = generator(async |mut co: Co<'_, u32, Told>| {
        while let Ok(n) = co.ayield(1).await {
            co.ayield(n).await.unwrap();
        }
    })
    .boxed();
    let mut g = std::pin::Pin::new(&mut g);
    assert_eq!(now(g.as_mut().anext()), Some(Some(1)));
    assert_eq!(now(g.as_mut().asend(7)), Some(Ok(Some(7))));
    assert_eq!(now(g.as_mut().anext()), Some(Some(1)));
    assert_eq!(now(g.as_mut().aclose()), Some(Ok(())));
}
