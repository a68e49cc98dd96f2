//! Values at the edge of their types, and more of everything than anybody has.

use asynkit::{
    AsyncGenerator as _, Co, ContextVar, CoroStart, Interrupt, Monitor, Step, SyncDrive, ThrowError,
    aiter_sync, copy_context, drive::BlockReason, generator,
};
use asynkit_tests::{Woken, now, point, poll_once, yield_now};
use futures::Stream as _;
use std::{
    cell::Cell,
    future::pending,
    pin::pin,
    task::{Context, Waker},
};

const MANY: usize = 10_000;

#[test]
fn tries_of_a_throw_go_from_none_to_all() {
    let swallows = |times: usize| async move {
        for _ in 0..times {
            drop(point().await);
        }
    };
    for (tries, times, ends) in
        [(0, 1, true), (0, 2, false), (3, 3, true), (usize::MAX, 50, true), (50, 51, false)]
    {
        let mut c = CoroStart::boxed(swallows(times));
        match c.throw("x", tries) {
            Ok(()) => assert!(ends, "{tries} tries ended {times}"),
            Err(ThrowError::Ignored) => assert!(!ends, "{tries} tries did not end {times}"),
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn spins_of_a_drive_go_from_none_to_all() {
    let spins = |n: usize| async move {
        for _ in 0..n {
            yield_now().await;
        }
    };
    for (limit, n, reason) in [
        (Some(0), 0, None),
        (Some(0), 1, Some(BlockReason::TooManySpins(0))),
        (Some(MANY), MANY, None),
        (Some(MANY), MANY + 1, Some(BlockReason::TooManySpins(MANY))),
        (Some(usize::MAX), MANY, None),
        (None, MANY, None),
    ] {
        let driven = SyncDrive::new().max_spins(limit).run(spins(n));
        assert_eq!(driven.err().map(|error| error.reason()), reason, "{n} spins with a limit of {limit:?}");
    }
}

#[test]
fn ten_thousand_letters_wait_in_a_monitor_and_are_answered_in_order() {
    let m = Monitor::<usize, usize>::new();
    let waker = Waker::from(Woken::new());
    let mut letters: Vec<_> = (0..MANY).map(|i| Box::pin(m.oob(i))).collect();
    let mut c = pin!(pending::<()>());
    let mut call = Box::pin(m.aawait(c.as_mut()));
    assert!(poll_once(call.as_mut()).is_pending());
    for letter in &mut letters {
        assert!(letter.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    // Every other one is given up.
    let mut i = 0;
    letters.retain(|_| {
        i += 1;
        i % 2 == 1
    });
    let Some(Step::Oob(mut item)) = now(call) else { panic!("there are letters") };
    for expected in (0..MANY).step_by(2) {
        assert_eq!(item, expected);
        match now(m.asend(c.as_mut(), item + 1)) {
            Some(Step::Oob(next)) => item = next,
            Some(Step::Done(())) => panic!("it never ends"),
            None => assert_eq!(expected, MANY - 2),
        }
    }
    for (i, letter) in letters.into_iter().enumerate() {
        assert_eq!(now(letter).unwrap().unwrap(), 2 * i + 1);
    }
}

#[test]
fn a_body_that_swallows_for_ever_is_cut_off_everywhere() {
    let polls = Cell::new(0_u64);
    let count = || polls.set(polls.get() + 1);
    let mut c = CoroStart::boxed(async {
        loop {
            drop(point().await);
            count();
        }
    });
    c.close().unwrap();
    assert!(c.is_continued() && polls.get() < 10_000, "{} times", polls.take());
    let m = Monitor::<(), ()>::new();
    let mut bound = m.bind(Box::pin(async {
        loop {
            drop(m.oob(()).await);
            count();
        }
    }));
    assert_eq!(now(bound.start()), Some(Ok(())));
    assert!(now(bound.aclose()).is_some());
    assert!(polls.take() < 10_000);
    let mut g = pin!(generator(async |mut co: Co<'_, u8, Result<(), Interrupt>>| {
        loop {
            drop(co.ayield(1).await);
            count();
        }
    }));
    assert_eq!(now(g.as_mut().anext()), Some(Some(1)));
    assert_eq!(now(g.as_mut().aclose()), Some(Ok(())));
    assert!(polls.take() < 10_000);
}

#[test]
fn items_of_any_size_pass() {
    fn pass<T: Clone + PartialEq + std::fmt::Debug>(item: &T) {
        let mut g = pin!(generator(async |mut co: Co<'_, T>| co.ayield(item.clone()).await));
        assert_eq!(
            aiter_sync(g.as_mut()).map(Result::unwrap).collect::<Vec<_>>(),
            std::slice::from_ref(item)
        );
        let m = Monitor::<T, T>::new();
        let mut c = Box::pin(async { m.oob(item.clone()).await.unwrap() });
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(item.clone())));
        assert_eq!(now(m.asend(c.as_mut(), item.clone())), Some(Step::Done(item.clone())));
        assert_eq!(CoroStart::boxed(async { item.clone() }).into_result().ok(), Some(item.clone()));
    }
    pass(&());
    pass(&u8::MAX);
    pass(&u128::MAX);
    pass(&[7_u64; 1024]);
    pass(&vec![String::from("x"); 3]);
    pass(&None::<Box<u8>>);
}

#[test]
fn a_size_hint_is_never_wrong_about_the_end() {
    let mut g = pin!(generator(async |mut co: Co<'_, u8>| co.ayield(1).await));
    assert_eq!(g.size_hint(), (0, None));
    assert_eq!(now(g.as_mut().anext()), Some(Some(1)));
    assert_eq!(now(g.as_mut().anext()), Some(None));
    assert_eq!(g.size_hint(), (0, Some(0)));
}

#[test]
fn a_thousand_contexts_are_entered_one_inside_the_other() {
    static DEPTH: ContextVar<u32> = ContextVar::new();
    fn enter(depth: u32) -> u32 {
        let mut context = copy_context();
        context.run(|| {
            DEPTH.set(depth);
            if depth < 1000 { enter(depth + 1) } else { DEPTH.get().unwrap() }
        })
    }
    assert_eq!(enter(0), 1000);
    assert_eq!(DEPTH.get(), None);
}
