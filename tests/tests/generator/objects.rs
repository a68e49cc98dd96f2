//! `GeneratorObject` in one task: every state and every method, drops, panics, leaks.

use super::{Live, send};
use asynkit::{
    AsyncGenerator as _, GeneratorObject, GeneratorObjectIterator, Interrupt, InterruptExt as _,
    InterruptKind, NotActive, NotWaiting, aiter_sync, await_sync, generator::RawGenerator,
    interrupt::throw_when, shield,
};
use asynkit_tests::{Gate, block_on, now, panic_text, point, yield_now};
use futures::{FutureExt as _, Stream, StreamExt as _, stream::FusedStream as _};
use std::{
    cell::{Cell, RefCell},
    future::{pending, poll_fn, ready},
    pin::{Pin, pin},
    rc::Rc,
    task::Poll,
};

type Numbers = GeneratorObject<u32, u32>;

fn numbers() -> Numbers {
    GeneratorObject::resumable()
}

#[test]
fn helpers_in_any_depth_yield_in_order() {
    async fn leaf(g: &GeneratorObject<u32>, n: u32) -> Result<(), Interrupt> {
        g.ayield(n).await?;
        yield_now().await;
        g.ayield(n + 1).await
    }
    async fn middle(g: &GeneratorObject<u32>, n: u32) -> Result<(), Interrupt> {
        leaf(g, n).await?;
        g.ayield(n + 2).await
    }
    let g = GeneratorObject::new();
    let items = g.iterate(async {
        middle(&g, 10).await.unwrap();
        middle(&g, 20).await.unwrap();
    });
    assert_eq!(block_on(items.collect::<Vec<_>>()), [10, 11, 12, 20, 21, 22]);
}

#[test]
fn nothing_runs_before_the_first_item_is_asked_for() {
    let g = GeneratorObject::<u32>::new();
    let mut items = pin!(g.iterate(async { panic!("it never runs") }));
    assert!(!items.is_running() && !items.is_waiting() && !items.is_finished());
    assert_eq!(now(items.as_mut().aclose()), Some(Ok(())));
    assert!(items.is_finished());
    assert_eq!(now(items.as_mut().anext()), Some(None));
}

#[test]
fn it_tells_where_it_stands() {
    let g = GeneratorObject::new();
    let mut items = pin!(g.iterate(async {
        yield_now().await;
        g.ayield(1).await.unwrap();
    }));
    let states = |items: &GeneratorObjectIterator<_, u32>| {
        (items.is_running(), items.is_waiting(), items.is_finished(), items.is_terminated())
    };
    assert_eq!((states(&items), items.size_hint()), ((false, false, false, false), (0, None)));
    assert_eq!(now(items.as_mut().anext()), None);
    assert_eq!(states(&items), (true, false, false, false));
    assert_eq!(now(items.as_mut().anext()), Some(Some(1)));
    assert_eq!(states(&items), (false, true, false, false));
    assert_eq!(now(items.as_mut().anext()), Some(None));
    assert_eq!((states(&items), items.size_hint()), ((false, false, true, true), (0, Some(0))));
    assert!(format!("{g:?} {items:?}").contains("is_finished: true"));
}

#[test]
fn answers_become_the_values_of_the_ayields() {
    let g = numbers();
    let mut sums = pin!(g.iterate(async {
        let mut sum = 0;
        while sum < 9 {
            sum += g.ayield(sum).await?;
        }
        Ok::<_, Interrupt>(sum)
    }));
    assert_eq!(now(sums.as_mut().asend(1)), Some(Err(NotWaiting(1))), "it is new");
    assert_eq!(now(sums.as_mut().anext()), Some(Some(0)));
    assert_eq!(now(sums.as_mut().asend(4)), Some(Ok(Some(4))));
    assert_eq!(now(sums.as_mut().anext()), Some(Some(4)), "anext answers with the default");
    assert_eq!(now(sums.as_mut().asend(5)), Some(Ok(None)));
    assert_eq!(now(sums.as_mut().asend(5)), Some(Ok(None)));
    assert!(now(sums.as_mut().athrow("late")).unwrap().unwrap().is_none());
    assert_eq!(now(sums.as_mut().aclose()), Some(Ok(())));
}

#[test]
fn an_answer_need_not_have_a_default() {
    struct Name(&'static str);
    let g = GeneratorObject::<u32, Name>::resumable();
    let mut items = pin!(g.iterate(async { g.ayield(1).await.unwrap().0 }));
    let first = poll_fn(|cx| items.as_mut().poll_resume(cx, &mut None));
    assert!(matches!(now(first), Some(Some(asynkit::Step::Oob(1)))));
    // Polled without an answer it goes on waiting.
    assert!(now(poll_fn(|cx| items.as_mut().poll_resume(cx, &mut None))).is_none());
    assert!(items.is_waiting());
    let mut answer = Some(Ok(Name("x")));
    let last = poll_fn(|cx| items.as_mut().poll_resume(cx, &mut answer));
    assert!(matches!(now(last), Some(Some(asynkit::Step::Done("x")))));
    assert!(answer.is_none());
}

#[test]
fn a_dropped_asend_in_a_real_await_is_gone_on_with() {
    let gate = Gate::default();
    let g = numbers();
    let mut items = pin!(g.iterate(async {
        let n = g.ayield(1).await.unwrap();
        gate.wait().await;
        g.ayield(n).await.unwrap();
    }));
    assert_eq!(now(items.as_mut().anext()), Some(Some(1)));
    assert!(now(items.as_mut().asend(7)).is_none());
    assert!(items.is_running());
    assert_eq!(now(items.as_mut().asend(8)), Some(Err(NotWaiting(8))));
    gate.open();
    assert_eq!(now(items.as_mut().anext()), Some(Some(7)));
    drop(items.as_mut().asend(9)); // never polled: nothing was sent
    assert_eq!(now(items.as_mut().asend(9)), Some(Ok(None)));
}

#[test]
fn a_dropped_next_takes_no_item() {
    let g = GeneratorObject::new();
    let mut items = pin!(g.iterate(async {
        for i in 0..3 {
            yield_now().await;
            g.ayield(i).await.unwrap();
        }
    }));
    let mut seen = vec![];
    while !items.is_finished() {
        let both = block_on(futures::future::select(items.next(), ready(())));
        if let futures::future::Either::Left((Some(item), _)) = both {
            seen.push(item);
        }
    }
    assert_eq!(seen, [0, 1, 2]);
}

#[test]
fn an_ayield_that_is_dropped_before_its_item_was_taken_never_sent_it() {
    let live = Rc::new(Cell::new(0));
    let g = GeneratorObject::<Live>::new();
    let mut items = pin!(g.iterate(async {
        poll_fn(|cx| {
            let mut first = pin!(g.ayield(Live::new(&live)));
            assert!(first.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        assert_eq!(live.get(), 0);
        drop(g.ayield(Live::new(&live)));
        g.ayield(Live::new(&live)).await.unwrap();
    }));
    assert_eq!(block_on(items.by_ref().count()), 1);
    assert_eq!(live.get(), 0);
}

#[test]
fn an_ayield_that_is_dropped_after_its_item_was_taken_drops_the_answer() {
    let live = Rc::new(Cell::new(0));
    let g = GeneratorObject::<u8, Option<Live>>::resumable();
    let mut items = pin!(g.iterate(async {
        let mut first = Box::pin(g.ayield(1));
        let mut is_first = true;
        poll_fn(|cx| {
            if std::mem::take(&mut is_first) { first.as_mut().poll(cx).map(drop) } else { Poll::Ready(()) }
        })
        .await;
        drop(first);
        assert_eq!(live.get(), 0);
        assert!(g.ayield(2).await.unwrap().is_none());
    }));
    assert_eq!(now(items.as_mut().anext()), Some(Some(1)));
    assert!(matches!(now(items.as_mut().asend(Some(Live::new(&live)))), Some(Ok(Some(2)))));
    assert_eq!(now(items.as_mut().anext()), Some(None));
}

#[test]
fn used_while_nobody_iterates_it_is_not_active() {
    let g = GeneratorObject::new();
    let refused = |g: &GeneratorObject<u32>| now(g.ayield(1)).unwrap().unwrap_err().is::<NotActive>();
    assert!(refused(&g));
    let mut items = Box::pin(g.iterate(async { g.ayield(1).await.unwrap() }));
    assert!(refused(&g), "not started yet");
    assert_eq!(now(items.as_mut().anext()), Some(Some(1)));
    assert!(now(g.ayield(2)).is_none(), "it is being iterated, and this one would queue");
    assert_eq!(now(items.as_mut().anext()), Some(None));
    assert!(refused(&g));
    let mut items = Box::pin(g.iterate(async { g.ayield(1).await.unwrap() }));
    assert_eq!(now(items.as_mut().anext()), Some(Some(1)));
    drop(items);
    assert!(refused(&g));
}

#[test]
fn a_body_that_is_polled_by_somebody_else_is_told_so() {
    let g = GeneratorObject::new();
    let mut body = pin!(async { g.ayield(1).await.map_err(|told| told.is::<NotActive>()) });
    assert_eq!(await_sync(body.as_mut()).unwrap(), Err(true));
}

#[test]
fn an_ayield_is_told_of_a_thrown_error_once() {
    let g = numbers();
    let mut items = pin!(g.iterate(async {
        let told = g.ayield(1).await.unwrap_err();
        assert_eq!((told.kind(), told.to_string()), (InterruptKind::Thrown, "interrupted: a".into()));
        assert_eq!(g.ayield(2).await.unwrap(), 0);
    }));
    now(items.as_mut().anext());
    assert_eq!(now(items.as_mut().athrow("a")).unwrap().unwrap(), Some(2));
    assert_eq!(now(items.as_mut().anext()), Some(None));
}

#[test]
fn a_throw_that_nobody_takes_comes_back_and_drops_the_body() {
    let live = Rc::new(Cell::new(0));
    let g = numbers();
    for polls in 0..2 {
        let held = Live::new(&live);
        let mut items = pin!(g.iterate(async {
            let _held = held;
            pending::<()>().await;
        }));
        for _ in 0..polls {
            assert!(now(items.as_mut().anext()).is_none());
        }
        let error = now(items.as_mut().athrow("a")).unwrap().unwrap_err();
        assert_eq!(error.to_string(), "interrupted: a");
        assert_eq!(live.get(), 0);
        assert!(items.is_finished());
        assert_eq!(now(items.as_mut().anext()), Some(None));
        assert_eq!(now(items.as_mut().asend(1)), Some(Ok(None)));
    }
}

#[test]
fn a_body_that_ends_without_having_been_told_gives_the_error_back() {
    let gate = Gate::default();
    let g = numbers();
    let mut items = pin!(g.iterate(gate.wait()));
    assert!(now(items.as_mut().anext()).is_none());
    gate.open();
    assert!(now(items.as_mut().athrow("a")).unwrap().is_err());
    assert!(items.is_finished());
}

#[test]
fn an_error_meets_a_body_that_has_come_to_an_ayield() {
    let live = Rc::new(Cell::new(0));
    let gate = Gate::default();
    let g = GeneratorObject::<Live>::new();
    let mut items = pin!(g.iterate(async {
        gate.wait().await;
        assert!(g.ayield(Live::new(&live)).await.is_err(), "the item of this one is never sent");
        assert_eq!(live.get(), 0);
        g.ayield(Live::new(&live)).await.unwrap();
    }));
    assert!(now(items.as_mut().anext()).is_none());
    gate.open();
    assert!(now(items.as_mut().athrow("a")).unwrap().unwrap().is_some());
}

#[test]
fn a_throw_that_is_given_up_is_over() {
    let gate = Gate::default();
    let g = numbers();
    let mut items = pin!(g.iterate(async {
        assert!(g.ayield(1).await.is_err());
        gate.wait().await;
        assert_eq!(g.ayield(2).await.unwrap(), 0);
    }));
    now(items.as_mut().anext());
    assert!(now(items.as_mut().athrow("a")).is_none());
    assert!(items.is_running());
    gate.open();
    assert_eq!(now(items.as_mut().anext()), Some(Some(2)));
    assert_eq!(now(items.as_mut().anext()), Some(None));
}

#[test]
fn a_close_lets_the_body_clean_up_and_every_ayield_is_told() {
    let log = RefCell::new(vec![]);
    let live = Rc::new(Cell::new(0));
    let g = GeneratorObject::<Live>::new();
    let mut items = pin!(g.iterate(async {
        for _ in 0..3 {
            let told = g.ayield(Live::new(&live)).await.unwrap_err();
            log.borrow_mut().push(told.kind());
            yield_now().await;
            let told = point().await.unwrap_err();
            log.borrow_mut().push(told.kind());
        }
    }));
    drop(now(items.as_mut().anext()));
    assert_eq!(block_on(items.as_mut().aclose()), Ok(()));
    assert_eq!(*log.borrow(), [InterruptKind::Close; 6]);
    assert_eq!(live.get(), 0);
    assert_eq!(block_on(items.as_mut().aclose()), Ok(()));
    assert!(now(items.as_mut().anext()).unwrap().is_none());
}

#[test]
fn a_close_that_is_given_up_is_over() {
    let gate = Gate::default();
    let g = GeneratorObject::new();
    let mut items = pin!(g.iterate(async {
        assert!(g.ayield(1).await.is_err());
        gate.wait().await;
        g.ayield(2).await.unwrap();
    }));
    now(items.as_mut().anext());
    assert!(now(items.as_mut().aclose()).is_none());
    gate.open();
    assert_eq!(now(items.as_mut().anext()), Some(Some(2)));
}

#[test]
fn a_shield_covers_an_ayield() {
    let g = GeneratorObject::new();
    let mut items = pin!(g.iterate(async {
        assert!(g.ayield(1).await.is_err());
        shield(g.ayield(2)).await.unwrap();
        g.ayield(3).await.unwrap();
    }));
    now(items.as_mut().anext());
    assert!(
        now(items.as_mut().aclose()).unwrap().is_err(),
        "it yields all the same, and the item is dropped"
    );
    assert!(!items.is_finished());
    assert_eq!(now(items.as_mut().anext()), Some(Some(3)), "it lives on, unstopped");
    assert_eq!(now(items.as_mut().anext()), Some(None));
}

#[test]
fn a_shield_covers_an_ayield_of_its_branches() {
    let g = GeneratorObject::new();
    let mut items = pin!(g.iterate(async {
        assert!(g.ayield(1).await.is_err());
        let (a, b) = shield(futures::future::join(g.ayield(2), g.ayield(3))).await;
        assert!(a.is_ok() && b.is_ok());
    }));
    now(items.as_mut().anext());
    assert!(now(items.as_mut().aclose()).unwrap().is_err());
    assert_eq!(block_on(items.count()), 1);
}

#[test]
fn a_loop_that_swallows_a_close_is_cut_off() {
    let live = Rc::new(Cell::new(0));
    let told = Cell::new(0);
    let g = GeneratorObject::new();
    let mut items = pin!(g.iterate(async {
        let _held = Live::new(&live);
        loop {
            if g.ayield(1).await.is_err() {
                told.set(told.get() + 1);
            }
        }
    }));
    now(items.as_mut().anext());
    assert_eq!(now(items.as_mut().aclose()), Some(Ok(())));
    assert!(told.get() >= 1000);
    assert_eq!(live.get(), 0);
    assert!(items.is_finished());
}

#[test]
fn a_point_in_a_real_await_is_told() {
    let g = GeneratorObject::new();
    let mut items = pin!(g.iterate(async {
        let told = point().await.unwrap_err();
        g.ayield(told.to_string()).await.unwrap();
    }));
    assert!(now(items.as_mut().anext()).is_none());
    assert_eq!(now(items.as_mut().athrow("a")).unwrap().unwrap(), Some("interrupted: a".into()));
    assert_eq!(now(items.as_mut().anext()), Some(None));
}

#[test]
fn a_point_around_an_ayield_that_was_told_leaves_the_clean_up_alone() {
    let cleaned = Cell::new(false);
    let g = GeneratorObject::new();
    let mut items = pin!(g.iterate(async {
        let inside = async {
            assert!(g.ayield(1).await.is_err());
            yield_now().await;
            cleaned.set(true);
        };
        inside.interruptible().await.unwrap();
    }));
    now(items.as_mut().anext());
    assert_eq!(block_on(items.as_mut().aclose()), Ok(()));
    assert!(cleaned.get());
}

#[test]
fn an_error_of_an_outer_scope_reaches_the_points_of_a_body() {
    let stop = Gate::default();
    let g = GeneratorObject::new();
    let mut items = pin!(g.iterate(async {
        let told = point().await.unwrap_err();
        g.ayield(told.kind()).await
    }));
    let consume = async { items.as_mut().anext().await };
    let mut outer = pin!(throw_when(stop.wait(), InterruptKind::Cancel, consume));
    assert!(now(outer.as_mut()).is_none());
    stop.open();
    assert!(block_on(outer).unwrap().is_none(), "the `ayield` was told as well: its item is never sent");
}

#[test]
fn branches_that_are_joined_take_turns_and_get_their_own_answers() {
    let g = numbers();
    let mut items = pin!(g.iterate(async {
        let branch = async |n: u32| {
            for i in 0..3 {
                assert_eq!(g.ayield(n + i).await.unwrap(), (n + i) * 2);
            }
        };
        futures::join!(branch(10), branch(20), branch(30));
    }));
    let mut seen = vec![];
    let mut item = now(items.as_mut().anext()).unwrap();
    while let Some(n) = item {
        seen.push(n);
        item = now(items.as_mut().asend(n * 2)).unwrap().unwrap();
    }
    assert_eq!(seen[..3], [10, 20, 30]);
    seen.sort_unstable();
    assert_eq!(seen, [10, 11, 12, 20, 21, 22, 30, 31, 32]);
}

#[test]
fn branches_of_futures_unordered_keep_their_order_and_get_their_own_answers() {
    let g = numbers();
    let mut items = pin!(g.iterate(async {
        let mut branches: futures::stream::FuturesUnordered<_> =
            (0..50).map(|i| g.ayield(i).map(move |answer| assert_eq!(answer.unwrap(), i * 10))).collect();
        while branches.next().await.is_some() {}
    }));
    block_on(async {
        let mut seen = vec![];
        let mut item = items.as_mut().anext().await;
        while let Some(n) = item {
            seen.push(n);
            item = items.as_mut().asend(n * 10).await.unwrap();
        }
        assert_eq!(seen, (0..50).collect::<Vec<_>>());
    });
}

#[test]
fn a_close_reaches_every_ayield_of_futures_unordered() {
    let told = Cell::new(0);
    let g = numbers();
    let mut items = pin!(g.iterate(async {
        let branch = async |n: u32| {
            assert!(g.ayield(n).await.is_err());
            assert!(g.ayield(n).await.is_err());
            told.set(told.get() + 1);
        };
        let mut branches: futures::stream::FuturesUnordered<_> = (0..3).map(branch).collect();
        while branches.next().await.is_some() {}
    }));
    assert_eq!(block_on(items.as_mut().anext()), Some(0));
    assert_eq!(block_on(items.as_mut().aclose()), Ok(()));
    assert_eq!(told.get(), 3);
}

#[test]
fn where_another_branch_took_the_error_the_ayield_still_waits() {
    let gate = Gate::default();
    let g = numbers();
    let mut items = pin!(g.iterate(async {
        let other = async {
            assert!(point().await.is_err());
            gate.wait().await;
        };
        let ((), answer) = futures::join!(other, g.ayield(1));
        g.ayield(answer.unwrap()).await.unwrap();
    }));
    assert_eq!(now(items.as_mut().anext()), Some(Some(1)));
    assert!(now(items.as_mut().athrow("a")).is_none(), "the point was polled first");
    assert!(items.is_waiting() && !items.is_running());
    gate.open();
    assert_eq!(now(items.as_mut().asend(5)), Some(Ok(Some(5))));
}

#[test]
fn two_bodies_of_one_handle_by_turns() {
    let g = GeneratorObject::<(char, u32), u32>::resumable();
    let count = async |name: char| {
        let mut n = 0;
        for _ in 0..3 {
            n = g.ayield((name, n)).await?;
            yield_now().await;
        }
        Ok::<_, Interrupt>(())
    };
    let (mut a, mut b) = (pin!(g.iterate(count('a'))), pin!(g.iterate(count('b'))));
    block_on(async {
        assert_eq!(a.as_mut().anext().await, Some(('a', 0)));
        assert_eq!(b.as_mut().anext().await, Some(('b', 0)));
        assert_eq!(a.as_mut().asend(1).await, Ok(Some(('a', 1))));
        assert!(now(b.as_mut().asend(10)).is_none(), "dropped in a real await");
        assert_eq!(a.as_mut().asend(2).await, Ok(Some(('a', 2))));
        assert_eq!(b.as_mut().anext().await, Some(('b', 10)));
        assert_eq!(a.as_mut().aclose().await, Ok(()));
        assert_eq!(b.as_mut().asend(20).await, Ok(Some(('b', 20))));
    });
}

#[test]
fn streams_of_one_handle_can_be_merged() {
    let g = GeneratorObject::new();
    let count = async |n: u32| {
        for i in 0..3 {
            yield_now().await;
            g.ayield(n + i).await.unwrap();
        }
    };
    let both = futures::stream::select(Box::pin(g.iterate(count(10))), Box::pin(g.iterate(count(20))));
    let mut items = block_on(both.collect::<Vec<_>>());
    items.sort_unstable();
    assert_eq!(items, [10, 11, 12, 20, 21, 22]);
}

#[test]
fn one_that_is_dropped_leaves_the_others_of_its_handle_alone() {
    let g = GeneratorObject::new();
    let count = async |n: u32| {
        for i in 0..3 {
            g.ayield(n + i).await.unwrap();
        }
    };
    for dropped_after in 0..3 {
        let (mut a, mut b) = (Box::pin(g.iterate(count(10))), Box::pin(g.iterate(count(20))));
        assert_eq!(now(a.next()), Some(Some(10)));
        for i in 0..dropped_after {
            assert_eq!(now(b.next()), Some(Some(20 + i)));
        }
        drop(b);
        assert_eq!(now(a.collect::<Vec<_>>()), Some(vec![11, 12]));
    }
}

#[test]
fn iterated_inside_its_own_body_it_panics_and_nothing_is_harmed() {
    let g = numbers();
    let mut inner = pin!(g.iterate(async { g.ayield(7).await }));
    let inner = RefCell::new(inner.as_mut());
    let mut outer = pin!(g.iterate(async {
        let mut answer = Some(Ok(3));
        let again = poll_fn(|cx| inner.borrow_mut().as_mut().poll_resume(cx, &mut answer));
        let text = panic_text(|| now(again));
        assert!(text.contains("in use"), "{text}");
        assert!(matches!(answer, Some(Ok(3))));
        assert_eq!(g.ayield(1).await.unwrap(), 2);
    }));
    assert_eq!(now(outer.as_mut().anext()), Some(Some(1)));
    assert_eq!(now(outer.as_mut().asend(2)), Some(Ok(None)));
    assert_eq!(now(inner.borrow_mut().as_mut().anext()), Some(Some(7)));
    let mut outer = pin!(g.iterate(async { panic_text(|| now(inner.borrow_mut().as_mut().asend(3))) }));
    assert_eq!(now(outer.as_mut().anext()), Some(None));
    assert_eq!(now(inner.borrow_mut().as_mut().asend(3)), Some(Ok(None)), "it was not polled");
}

#[test]
fn generators_of_two_handles_nest() {
    let (outer, inner) = (GeneratorObject::new(), GeneratorObject::new());
    let items = outer.iterate(async {
        let mut words = pin!(inner.iterate(async {
            inner.ayield("a").await.unwrap();
            outer.ayield("from inside".to_owned()).await.unwrap();
            inner.ayield("b").await.unwrap();
        }));
        while let Some(word) = words.next().await {
            outer.ayield(word.repeat(2)).await.unwrap();
        }
    });
    assert_eq!(block_on(items.collect::<Vec<_>>()), ["aa", "from inside", "bb"]);
}

#[test]
fn the_error_of_a_body_is_the_last_item_of_its_try_stream() {
    let g = GeneratorObject::new();
    let mut items = pin!(
        g.iterate(async {
            g.ayield(1).await.map_err(|told| told.to_string())?;
            Err::<(), _>("broken".to_owned())
        })
        .try_stream()
    );
    assert_eq!(block_on(items.next()), Some(Ok(1)));
    assert_eq!(items.size_hint(), (0, None));
    assert_eq!(block_on(items.next()), Some(Err("broken".to_owned())));
    assert!(items.is_terminated());
    assert_eq!(block_on(items.next()), None);
}

#[test]
fn items_may_borrow_and_need_not_be_send() {
    let g = GeneratorObject::new();
    let words = [Rc::new("to".to_owned()), Rc::new("be".to_owned())];
    let items = g.iterate(async {
        for word in &words {
            g.ayield((word, word.as_str())).await.unwrap();
        }
    });
    assert_eq!(block_on(items.map(|(_, text)| text).collect::<Vec<_>>()), ["to", "be"]);
}

#[test]
fn behind_dyn_and_from_sync_code() {
    type Raw = dyn RawGenerator<Item = u32, Resume = Result<u32, Interrupt>, Return = ()>;
    let g = GeneratorObject::new();
    let boxed: Pin<Box<dyn Stream<Item = u32> + Send>> = Box::pin(send(g.clone().iterate(async move {
        g.ayield(1).await.unwrap();
        g.ayield(2).await.unwrap();
    })));
    assert_eq!(aiter_sync(boxed).collect::<Result<Vec<_>, _>>().unwrap(), [1, 2]);

    let g = numbers();
    let mut raw: Pin<Box<Raw>> = Box::pin(g.clone().iterate(async move {
        while let Ok(n) = g.ayield(1).await {
            g.ayield(n).await.unwrap();
        }
    }));
    assert_eq!(now(raw.as_mut().anext()), Some(Some(1)));
    assert_eq!(now(raw.as_mut().asend(7)), Some(Ok(Some(7))));
    assert_eq!(now(raw.as_mut().anext()), Some(Some(1)));
    assert_eq!(now(raw.as_mut().aclose()), Some(Ok(())));
}

#[test]
fn a_handle_and_its_generator_are_send_and_sync_as_their_items_are() {
    fn check<T: Send + Sync + Clone + Default + std::fmt::Debug>() {}
    check::<GeneratorObject<String>>();
    check::<GeneratorObject<Cell<u8>, String>>();
    let g = GeneratorObject::<u8>::new();
    let ayield = send(g.ayield(1));
    assert_eq!(format!("{ayield:?}"), "ObjectYield { .. }");
    drop(send(g.iterate(async {})));
}
